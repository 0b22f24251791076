package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Reconnect says what a [Client] that [Dial] made does when its connection is
// lost. The zero value reconnects. Each session is claimed; one that the gateway
// did not keep is rebuilt, as by [Session.Rebuild]. Requests that come meanwhile
// wait, at most for [Options.RequestTimeout].
type Reconnect struct {
	// Off ends the client with its first connection.
	Off bool
	// Min and Max bound the wait between two tries. The first try comes within Min
	// of the loss; the bound doubles with each try, and the wait is anything below
	// it, so that not all clients of a gateway come back at once. Zero: 250 ms and
	// 8 s.
	Min, Max time.Duration
	// Budget is how long it tries before the client ends. Zero: 60 s. Negative:
	// for ever.
	Budget time.Duration
	// Delay replaces Min, Max and Budget: it says how long to wait before a try, the
	// first being 1, or that there is to be none. cause is the loss, then what the
	// try before ended with.
	Delay func(attempt int, cause error) (wait time.Duration, again bool)
}

const (
	defaultReconnectMin    = 250 * time.Millisecond
	defaultReconnectMax    = 8 * time.Second
	defaultReconnectBudget = time.Minute
)

// delay returns how long to wait before a try.
func (r *Reconnect) delay(attempt int, cause error, since time.Duration) (time.Duration, bool) {
	if r.Delay != nil {
		return r.Delay(attempt, cause)
	}
	least, most, budget := r.Min, r.Max, r.Budget
	if least <= 0 {
		least = defaultReconnectMin
	}
	if most <= 0 {
		most = defaultReconnectMax
	}
	if budget == 0 {
		budget = defaultReconnectBudget
	}
	bound := least
	for range attempt - 1 {
		bound = min(2*bound, most)
	}
	wait := rand.N(bound)
	return wait, budget < 0 || since+wait <= budget
}

// serve is the read loop, on one connection after another.
func (c *Client) serve(l *link) {
	for {
		err := c.read(l)
		if cause := l.cause.Load(); cause != nil {
			err = *cause
		}
		if errors.Is(err, ErrClosed) || c.dial == nil || c.opts.Reconnect.Off {
			c.end(err, false)
			return
		}
		next, err := c.reconnect(l, err)
		if err != nil {
			c.end(err, true)
			return
		}
		l = next
	}
}

// reconnect makes everything wait, dials, and lets it go on. It runs on the read
// loop's goroutine.
func (c *Client) reconnect(l *link, cause error) (*link, error) {
	away := make(chan struct{})
	c.away.Store(&away)
	// A session that is being rebuilt is listed under two ids.
	sessions := make(map[*Session]bool)
	for _, s := range c.list() {
		sessions[s] = true
	}
	for s := range sessions {
		s.hold()
	}
	l.cancel()
	lost := &lossError{cause: cause}
	c.calls.fail(fmt.Errorf("%w: %w", ErrOutcomeUnknown, lost), fmt.Errorf("%w: %w", ErrInterrupted, lost))
	_ = l.conn.Close()
	for s := range sessions {
		s.interrupt(lost)
	}
	<-l.resumed
	conn, err := c.redial(cause)
	if err != nil {
		return nil, err
	}
	next := newLink(conn)
	c.mu.Lock()
	if c.closing {
		c.mu.Unlock()
		next.close(ErrClosed)
		return nil, ErrClosed
	}
	c.link.Store(next)
	c.mu.Unlock()
	c.caps.Store(newCapabilities())
	c.calls.restart()
	c.away.Store(nil)
	close(away)
	// Owns the claims and rebuilds after one reconnection; ends with them or with
	// the connection, and Close waits for it.
	c.wg.Go(func() {
		defer close(next.resumed)
		var each sync.WaitGroup
		for s := range sessions {
			each.Go(func() { s.resume(next.ctx) })
		}
		each.Wait()
	})
	return next, nil
}

// redial tries until there is a connection.
func (c *Client) redial(cause error) (transport.Conn, error) {
	select {
	case <-c.hurry: // it was about another loss
	default:
	}
	begin, last := time.Now(), cause
	for attempt := 1; ; attempt++ {
		wait, again := c.opts.Reconnect.delay(attempt, last, time.Since(begin))
		if !again {
			if attempt == 1 {
				return nil, cause
			}
			return nil, fmt.Errorf("%w; tried %d times to reconnect: %w", cause, attempt-1, last)
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-c.hurry:
			timer.Stop()
		case <-c.ctx.Done():
			timer.Stop()
			return nil, ErrClosed
		}
		conn, err := c.dial(c.ctx)
		if err == nil {
			return conn, nil
		}
		if c.ctx.Err() != nil {
			return nil, ErrClosed
		}
		last = err
	}
}

// hurryUp ends the wait before the next try: the network may be back.
func (c *Client) hurryUp() {
	select {
	case c.hurry <- struct{}{}:
	default: // it has not looked yet
	}
}

// resume claims the session on a new connection, or rebuilds it. When that one is
// lost as well, the next does it.
func (s *Session) resume(ctx context.Context) {
	id := s.ID()
	_, err := s.client.do(ctx, &request{op: "claim", session: id, bind: func([]byte) { s.client.adopt(s, id) }})
	switch {
	case err == nil:
		s.release()
		for _, h := range s.all() {
			h.publish(&Resumed{EventBase: EventBase{Kind: "resumed", Session: id, Handle: h.ID()}})
		}
		s.stream.push(&Resumed{EventBase: EventBase{Kind: "resumed", Session: id}})
		return
	case errors.Is(err, SessionNotFound):
		if err = s.rebuild(ctx, true); s.ID() != id {
			return
		}
	}
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, ErrTimeout):
		s.client.link.Load().close(ErrUnresponsive) // the next connection may do better
	default:
		s.client.forget(id)
		s.end(fmt.Errorf("%w: %w", ErrDestroyed, err))
	}
}

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

// passGate waits while the connection is away or a rebuild changes the ids.
func (s *Session) passGate(ctx context.Context) error {
	if err := s.client.pass(ctx, s.down.Load()); err != nil {
		return err
	}
	return s.client.pass(ctx, s.gate.Load())
}

// pass is pass, at most for the request timeout where ctx has no deadline.
func (c *Client) pass(ctx context.Context, gate *chan struct{}) error {
	if gate == nil {
		return nil
	}
	ctx, cancel := c.bound(ctx)
	defer cancel()
	return pass(ctx, gate)
}

// bound gives ctx the request timeout where it has no deadline.
func (c *Client) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has || c.opts.RequestTimeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, c.opts.RequestTimeout, ErrTimeout)
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
