package client

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/transport"
)

// hold makes requests of the session wait, and release lets them go.
func (s *Session) hold() {
	down := make(chan struct{})
	s.down.CompareAndSwap(nil, &down)
}

func (s *Session) release() {
	if down := s.down.Swap(nil); down != nil {
		close(*down)
	}
}

// comeHome lets the requests go on that wait for a connection.
func (c *Client) comeHome() {
	if away := c.away.Swap(nil); away != nil {
		close(*away)
	}
}

// passGate waits while the connection is away or a rebuild changes the ids.
func (s *Session) passGate(ctx context.Context) error {
	if err := s.client.pass(ctx, s.client.away.Load()); err != nil {
		return err
	}
	if err := s.client.pass(ctx, s.down.Load()); err != nil {
		return err
	}
	return s.client.pass(ctx, s.gate.Load())
}

// pass is pass, at most for the request timeout where ctx has no deadline, and not
// for more requests than Options.SendBuffer says.
func (c *Client) pass(ctx context.Context, gate *chan struct{}) error {
	if gate == nil {
		return nil
	}
	if err := c.queue(); err != nil {
		return err
	}
	defer c.waiting.Add(-1)
	ctx, cancel := c.bound(ctx)
	defer cancel()
	return pass(ctx, gate)
}

// queue counts one more request that waits; without an error waiting counts it
// until the caller takes it off.
func (c *Client) queue() error {
	limit := c.opts.SendBuffer
	if limit < 0 {
		return ErrInterrupted
	}
	if int(c.waiting.Add(1)) > limit {
		c.waiting.Add(-1)
		return fmt.Errorf("%w: %w", ErrInterrupted, ErrSendBuffer)
	}
	return nil
}

// persist sends r by try once more, or more often, when it ended with err on l and
// may go again.
func (c *Client) persist(
	ctx context.Context, l *link, r *request, err error, try func(context.Context) (answer, error),
) (a answer, _ error) {
	if !r.repeats(err) || !c.canReconnect() {
		return answer{}, err
	}
	within, cancel := c.bound(ctx)
	defer cancel()
	for r.repeats(err) && c.again(within, l, r, err) {
		l = c.link.Load()
		if a, err = try(within); err == nil {
			return a, nil
		}
	}
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%s: %w", r.op, ErrTimeout)
	}
	return answer{}, err
}

// repeats reports whether r may go again after err: what the gateway did not see
// always, what it may have seen if that does no harm.
func (r *request) repeats(err error) bool {
	return errors.Is(err, ErrInterrupted) && !errors.Is(err, ErrSendBuffer) || r.safe && errors.Is(err, ErrOutcomeUnknown)
}

// again waits until the loss of l is known, so that the gates are shut, and reports
// whether to go on.
func (c *Client) again(ctx context.Context, l *link, r *request, err error) bool {
	var status *transport.StatusError
	if ctx.Err() != nil || errors.As(err, &status) || c.queue() != nil {
		return false
	}
	defer c.waiting.Add(-1)
	if l.poller != nil {
		if !errors.Is(err, ErrInterrupted) {
			r.safe = false // once; over HTTP it says nothing of other requests
			return true
		}
		l.close(err) // polls take longer to find out
	}
	select {
	case <-l.held:
		return true
	case <-c.done:
	case <-ctx.Done():
	}
	return false
}

// pass waits for a gate to open; nil is none.
func pass(ctx context.Context, gate *chan struct{}) error {
	if gate == nil {
		return nil
	}
	select {
	case <-*gate:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
