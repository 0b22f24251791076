package textroom

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

const (
	// settleTime is how long after a Hangup event the handle is set up again.
	// Janus 1.1.2 frees the old connection a moment after it reported the end,
	// and what comes in that moment may meet error 490.
	settleTime = 50 * time.Millisecond
	// offerWait is how long the gateway is given to make an offer. It needs a few
	// milliseconds.
	offerWait = time.Second
	// hangupWait is how long Stop waits for the Hangup event when its context
	// sets no limit. The gateway sends it about a millisecond after its answer.
	hangupWait = 10 * time.Second
	// abandonWait is the same after a set-up that failed, where there may be no
	// event to come.
	abandonWait = 250 * time.Millisecond
)

// link is what a Handle knows of its peer connection.
type link struct {
	turn chan struct{} // holds a token while an exchange goes on

	mu   sync.Mutex    // guards the rest
	conn *Conn         // the last one opened; nil before
	up   chan struct{} // closed by the hangup; nil while there is nothing to hang up
	down time.Time     // when the last hangup came
}

func (l *link) init() { l.turn = make(chan struct{}, 1) }

// lock waits for the exchange before to end.
func (l *link) lock(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *link) unlock() { <-l.turn }

// observe follows the peer connection. It runs on the client's read loop.
func (l *link) observe(ev client.Event) bool {
	var cause error
	switch ev := ev.(type) {
	case *client.Hangup:
		cause = fmt.Errorf("the gateway hung up: %s", ev.Reason)
	case *client.Detached:
		cause = client.ErrDetached
	case *client.SessionTimeout:
		cause = client.ErrSessionTimeout
	case *client.Resumed:
		cause = errors.New("the session was rebuilt, and knows nothing of this connection")
	default:
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		l.conn.fail(fmt.Errorf("%w: %w", ErrEnded, cause))
	}
	if l.up != nil {
		close(l.up)
		l.up = nil
	}
	l.down = time.Now()
	return false
}

// begin marks that there will be something to hang up, unless there is.
func (l *link) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.up != nil {
		return false
	}
	l.up = make(chan struct{})
	return true
}

// settle waits until the gateway is done with the connection before.
func (l *link) settle(ctx context.Context) error {
	l.mu.Lock()
	wait := settleTime - time.Since(l.down)
	l.mu.Unlock()
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// opened takes the connection that was made; false when it has ended meanwhile.
func (l *link) opened(c *Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.up == nil {
		return false
	}
	l.conn = c
	return true
}

// runs reports whether c is the connection there is.
func (l *link) runs(c *Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn == c && l.up != nil
}

// last reports whether c is the connection that was opened last.
func (l *link) last(c *Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn == c
}

// reset notes that there is nothing to hang up.
func (l *link) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.up = nil
}

// hungUp returns a channel that is closed when the gateway has hung up, nil when
// there is nothing to wait for.
func (l *link) hungUp() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.up
}

// abandon hangs up after an exchange that failed with cause, whatever became of
// ctx. Without a confirmation it does so twice: the gateway may have overtaken a
// request that it was still working on.
func (h *Handle) abandon(ctx context.Context, cause error) error {
	defer h.link.reset()
	ctx = context.WithoutCancel(ctx)
	var err error
	for range 2 {
		if err = h.hangupWithin(ctx, abandonWait); err == nil {
			return cause
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return cause
	}
	return fmt.Errorf("%w; hang up: %w", cause, err)
}

func (h *Handle) hangupWithin(ctx context.Context, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return h.hangup(ctx, 0)
}

// hangup hangs up and waits for the event that confirms it, for no longer than
// ctx and, unless it is zero, wait.
func (h *Handle) hangup(ctx context.Context, wait time.Duration) error {
	gone := h.link.hungUp() // before the request, which is what closes it
	if err := h.Hangup(ctx); err != nil {
		if h.Err() != nil || errors.Is(err, client.HandleNotFound) || errors.Is(err, client.SessionNotFound) {
			return nil
		}
		return err
	}
	if gone == nil {
		return nil
	}
	var expired <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case <-gone:
		return nil
	case <-h.Done():
		return nil
	case <-expired:
		return fmt.Errorf("no hangup event after %v: %w", wait, client.ErrTimeout)
	case <-ctx.Done():
		return fmt.Errorf("no hangup event: %w", ctx.Err())
	}
}
