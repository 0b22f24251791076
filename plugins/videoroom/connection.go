package videoroom

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

const (
	// settleTime is how long after a Hangup event a handle gets its next offer.
	// Janus 1.1.2 frees the old ICE agent some moments after it reported the end,
	// and takes the new one for the old if it comes before: nothing is sent then.
	// On a busy machine 50 ms were too few.
	settleTime = 250 * time.Millisecond
	// hangupWait is how long to wait for the Hangup event that follows a request,
	// normally about a millisecond. Where there was nothing to hang up any more,
	// none comes.
	hangupWait = 2 * time.Second
	// openWait is how long a connection may take to come up before it is ended all
	// the same. Janus 1.1.2 was seen to get stuck when it had to end one that was
	// coming up: no hangup event, and then "still cleaning" (471) for good.
	openWait = 3 * time.Second
	// abandonWait is the same as hangupWait after an offer that failed, where there
	// may be no peer connection.
	abandonWait = 250 * time.Millisecond
)

// connection is what a Handle knows of its peer connection.
type connection struct {
	turn chan struct{} // holds a token while an exchange goes on

	mu   sync.Mutex    // guards the rest
	up   chan struct{} // closed by the hangup; nil while there is nothing to hang up
	open chan struct{} // closed when media can flow, or by the hangup
	down time.Time     // when the last hangup came
}

func (c *connection) init() { c.turn = make(chan struct{}, 1) }

// lock waits for the exchange before to end.
func (c *connection) lock(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *connection) unlock() { <-c.turn }

// observe follows the peer connection. It runs on the client's read loop.
func (c *connection) observe(ev client.Event) bool {
	switch ev.(type) {
	case *client.WebRTCUp:
		c.begin()
		c.opened()
	case *client.Hangup:
		c.end(true)
	case *client.Resumed:
		c.end(false)
	}
	return false
}

// begin marks that there is something to hang up.
func (c *connection) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.up == nil {
		c.up, c.open = make(chan struct{}), make(chan struct{})
	}
}

// opened marks that media can flow.
func (c *connection) opened() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.markOpen()
}

// markOpen is opened while c.mu is held.
func (c *connection) markOpen() {
	select {
	case <-c.open:
	default:
		close(c.open)
	}
}

// opening returns a channel that is closed when media can flow or never will; nil
// when there is nothing to wait for.
func (c *connection) opening() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.up == nil {
		return nil
	}
	return c.open
}

// end marks that there is not, and whether that is because of a hangup.
func (c *connection) end(hungUp bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.up != nil {
		c.markOpen()
		close(c.up)
		c.up = nil
	}
	if hungUp {
		c.down = time.Now()
	}
}

// gone returns a channel that is closed when the gateway has hung up, nil when
// there is nothing to wait for.
func (c *connection) gone() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.up
}

// settle waits until the gateway is done with the connection before.
func (c *connection) settle(ctx context.Context) error {
	c.mu.Lock()
	wait := settleTime - time.Since(c.down)
	c.mu.Unlock()
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

// await waits for an event that closes c, which may be nil, and reports whether it
// came in time.
func (h *Handle) await(ctx context.Context, c <-chan struct{}, wait time.Duration) (bool, error) {
	if c == nil {
		return true, nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-c:
		return true, nil
	case <-h.Done():
		return true, nil
	case <-timer.C:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// hangUp ends the peer connection, if there is one, and waits until the gateway
// has confirmed it. Without a confirmation it does so twice, since the gateway may
// have overtaken an offer that it was still working on; then nothing can be left.
// A handle that is gone is no error.
func (h *Handle) hangUp(ctx context.Context, wait time.Duration) error {
	for range 2 {
		gone := h.conn.gone() // before the request, which is what closes it
		if gone == nil {
			return nil
		}
		err := h.Hangup(ctx)
		if h.isGone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if ok, err := h.await(ctx, gone, wait); ok || err != nil {
			return err
		}
	}
	h.conn.end(true)
	return nil
}

// isGone reports whether the handle is no more, which err, if it is not nil, may
// say.
func (h *Handle) isGone(err error) bool {
	return h.Err() != nil || errors.Is(err, client.HandleNotFound) || errors.Is(err, client.SessionNotFound)
}

// abandon hangs up after an exchange that failed with cause, whatever became of
// ctx.
func (h *Handle) abandon(ctx context.Context, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*abandonWait)
	defer cancel()
	err := h.hangUp(ctx, abandonWait)
	h.conn.end(true)
	if err == nil || errors.Is(err, context.DeadlineExceeded) {
		return cause
	}
	return fmt.Errorf("%w; hang up: %w", cause, err)
}

// mayBeTaken reports whether an offer whose request failed with err may have
// made a peer connection at the gateway. Of the core's refusals these three come
// after that point: the plugin's own, the description's, and ICE's.
func mayBeTaken(err error) bool {
	var e *client.Error
	if errors.As(err, &e) {
		return e.Code == client.PluginMessage || e.Code == client.InvalidSDP || e.Code == client.UnknownError
	}
	return !errors.Is(err, client.ErrInterrupted)
}
