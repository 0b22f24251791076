package longpoll

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// pollTries is how many polls in a row may fail before the connection is lost.
const pollTries = 6

// quiet is how soon a poll must not come back without events: Janus holds it
// for 30 s, unless another client polls the same session.
const quiet = time.Second

// errNoAnswer is the reason an exchange is given up for.
var errNoAnswer = errors.New("no answer in time")

// poller asks for the events of one session.
type poller struct {
	session uint64
	stop    context.CancelFunc
	auth    transport.Auth // protected by Conn.mu
	changed chan struct{}  // one token when auth is another
}

// Poll implements [transport.SessionPoller]. A session that Janus does not know
// any more, or that another transport claimed, ends with the gateway's own
// timeout event. Credentials that Janus does not take end nothing: Read returns
// an error message for the session, with code 403 and without a transaction,
// and polling goes on when Poll brings others. Once it has, Read returns no such
// message about those before.
func (c *Conn) Poll(session uint64, auth transport.Auth) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over() != nil || c.api != transport.Janus || session == 0 {
		return
	}
	if p := c.polls[session]; p != nil {
		if p.auth != auth {
			c.pardon(p)
		}
		p.auth = auth
		select {
		case p.changed <- struct{}{}:
		default:
		}
		return
	}
	ctx, stop := context.WithCancel(c.life)
	p := &poller{session: session, stop: stop, auth: auth, changed: make(chan struct{}, 1)}
	c.polls[session] = p
	// It owns the polls of one session, ends with Unpoll, the session or the
	// connection, and Close waits.
	c.runs.Go(func() { c.run(ctx, p) })
}

// Unpoll implements [transport.SessionPoller]. Nothing that a poll of the
// session still returns reaches Read, so call it before destroying the session.
func (c *Conn) Unpoll(session uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.polls[session]; p != nil {
		delete(c.polls, session)
		c.pardon(p)
		p.stop()
	}
}

// deny has Read tell that a poll with auth was refused. The caller of Poll may have
// found out already, by a request, and p has other credentials since: that is no
// news.
func (c *Conn) deny(p *poller, auth transport.Auth) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.auth != auth {
		return errOutdated
	}
	if c.polls[p.session] == p && c.over() == nil {
		c.pardon(p)
		c.denied = append(c.denied, p)
		c.wake()
	}
	return errDenied
}

// pardon has Read say nothing of a refusal. The caller holds mu.
func (c *Conn) pardon(p *poller) {
	c.denied = slices.DeleteFunc(c.denied, func(d *poller) bool { return d == p })
}

// denial is what Read returns for a refused poll.
func (p *poller) denial() []byte {
	return []byte(`{"janus":"error","session_id":` + strconv.FormatUint(p.session, 10) +
		`,"error":{"code":403,"reason":"Unauthorized request (the token or API secret of the long poll is missing or wrong)"}}`)
}

// deliver queues messages for a session that is still polled by p.
func (c *Conn) deliver(p *poller, messages ...[]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.polls[p.session] == p {
		c.push(messages...)
	}
}

// run polls until ctx ends. The first of several failures in a row is tried
// again at once, the sixth loses the connection, as does a poll without an answer:
// the gateway is frozen, or the network swallows what is sent.
func (c *Conn) run(ctx context.Context, p *poller) {
	defer p.stop()
	failures, hasty := 0, 0
	for rid := uint64(time.Now().UnixMilli()); ; rid++ {
		if c.waitRoom(ctx) != nil {
			return
		}
		begin := time.Now()
		auth := c.credentials(p)
		status, answer, err := c.poll(ctx, p, rid, auth)
		if ctx.Err() != nil {
			return
		}
		messages, err := c.judge(p, auth, status, answer, err)
		switch {
		case errors.Is(err, errGone):
			return
		case errors.Is(err, errOutdated):
			failures = 0
		case errors.Is(err, errDenied):
			failures = 0
			select {
			case <-p.changed:
			case <-ctx.Done():
				return
			}
		case err != nil:
			failures++
			if failures == pollTries || fatal(err) {
				c.end(err)
				return
			}
			if backoff(ctx, failures-1) != nil {
				return
			}
		default:
			failures = 0
			c.deliver(p, messages...)
			if len(messages) > 0 || time.Since(begin) >= quiet {
				hasty = 0
				continue
			}
			hasty++
			if backoff(ctx, hasty-1) != nil {
				return
			}
		}
	}
}

// credentials returns those of this moment.
func (c *Conn) credentials(p *poller) transport.Auth {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-p.changed: // they are in auth
	default:
	}
	return p.auth
}

// poll makes one exchange.
func (c *Conn) poll(ctx context.Context, p *poller, rid uint64, auth transport.Auth) (int, []byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.opts.PollTimeout, errNoAnswer)
	defer cancel()
	status, answer, err := c.do(ctx, "GET", c.base.poll(p.session, c.opts.MaxEvents, rid, auth), nil)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return status, answer, err
}

var (
	errGone     = errors.New("the session is gone")
	errDenied   = errors.New("the credentials of a poll are not accepted")
	errOutdated = errors.New("and there are others by now")
)

// judge says what the answer to a poll with auth means.
func (c *Conn) judge(p *poller, auth transport.Auth, status int, answer []byte, err error) ([][]byte, error) {
	if err != nil {
		if tooLarge(err) {
			return nil, err
		}
		return nil, &transport.CloseError{Code: 1006, Err: err}
	}
	switch {
	case status == 200:
		if messages, ok := split(answer); ok {
			return dropKeepalives(messages), nil
		}
	case status == 404 && len(answer) == 0: // Janus' own, a proxy sends a page
		c.forget(p)
		return nil, errGone
	case status == 401, status == 403:
		return nil, c.deny(p, auth)
	}
	return nil, statusError(status, c.base.endpoint(p.session, 0), answer)
}

// forget ends the polling of a session that is gone and says so to Read, unless
// Unpoll came first.
func (c *Conn) forget(p *poller) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.polls[p.session] != p {
		return
	}
	delete(c.polls, p.session)
	c.push([]byte(`{"janus":"timeout","session_id":` + strconv.FormatUint(p.session, 10) + `}`))
}

// fatal says whether a poll need not be tried again.
func fatal(err error) bool {
	var status *transport.StatusError
	return tooLarge(err) || errors.Is(err, errNoAnswer) || errors.As(err, &status) && !passing(status.Code)
}

func dropKeepalives(messages [][]byte) [][]byte {
	kept := messages[:0]
	for _, m := range messages {
		if !isKeepalive(m) {
			kept = append(kept, m)
		}
	}
	return kept
}
