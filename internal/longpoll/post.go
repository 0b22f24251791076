package longpoll

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/transport"
)

// postTries is how often a request is sent that nobody accepted.
const postTries = 3

// Write implements [transport.Conn]. It returns when the request was answered,
// and Read returns the answer. At most MaxPosts requests are under way at once.
//
// An error that matches [transport.ErrUncertain] means that Janus may have
// executed the request: the answer was lost on the way, or ctx ended before it.
// An answer that is not Janus' is a [*transport.StatusError].
func (c *Conn) Write(ctx context.Context, m transport.Message) error {
	answer, err := c.exchange(ctx, m, c.waitRoom)
	if answer != nil {
		c.mu.Lock()
		c.push(answer)
		c.mu.Unlock()
	}
	return err
}

// Exchange implements [transport.Exchanger]. Its errors are those of Write.
func (c *Conn) Exchange(ctx context.Context, m transport.Message) ([]byte, error) {
	return c.exchange(ctx, m, nil)
}

// exchange sends m when there is a slot for it and ready, unless it is nil, has
// nothing against it.
func (c *Conn) exchange(ctx context.Context, m transport.Message, ready func(context.Context) error) ([]byte, error) {
	if err := c.state(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case c.slots <- struct{}{}:
	case <-c.life.Done():
		return nil, c.state()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-c.slots }()
	if ready != nil {
		if err := ready(ctx); err != nil {
			return nil, err
		}
	}
	return c.post(ctx, m)
}

func (c *Conn) post(ctx context.Context, m transport.Message) ([]byte, error) {
	run, cancel := c.bound(ctx)
	defer cancel()
	stop := context.AfterFunc(c.life, cancel) //nolint:contextcheck // the caller's is in run
	defer stop()

	url := c.base.endpoint(m.Session, m.Handle)
	for try := 0; ; try++ {
		if err := backoff(run, try); err != nil {
			return nil, c.why(ctx, run, err)
		}
		status, answer, err := c.do(run, "POST", url, m.Data)
		switch {
		case err == nil:
			return c.posted(status, answer, url)
		case tooLarge(err):
			c.end(err)
			return nil, uncertain(err)
		case !errors.Is(err, ErrNotSent):
			return nil, uncertain(c.why(ctx, run, err))
		case run.Err() != nil || try == postTries-1:
			return nil, c.why(ctx, run, err)
		}
	}
}

// bound returns a context for the exchanges of one request. The deadline of the
// caller goes before the default.
func (c *Conn) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, c.opts.PostTimeout, errNoAnswer)
}

// posted returns the answer to a request, nil where there is none.
func (c *Conn) posted(status int, answer []byte, url string) ([]byte, error) {
	switch {
	case status == 200 && len(answer) == 0:
		// Janus took longer than it lets an HTTP request wait, 10 s. It may
		// still execute the request; the answer is lost.
		return nil, nil
	case status == 200 && isObject(answer):
		return answer, nil
	}
	err := statusError(status, url, answer)
	if maybeDelivered(status) {
		return nil, uncertain(err)
	}
	return nil, err
}

// why returns the reason for which an exchange under run, made for ctx, ended
// with err.
func (c *Conn) why(ctx, run context.Context, err error) error {
	if over := c.state(); over != nil && run.Err() != nil && ctx.Err() == nil {
		return over
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if run.Err() != nil {
		return context.Cause(run)
	}
	return err
}
