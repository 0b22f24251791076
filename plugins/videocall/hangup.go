package videocall

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

const (
	// hangupWait is how long End waits for the Hangup event when its context sets
	// no limit. The gateway sends it about a millisecond after its answer.
	hangupWait = 10 * time.Second
	// abandonWait is the same after a call that failed, where there may be no peer
	// connection and so no event to come.
	abandonWait = 250 * time.Millisecond
)

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

// abandon hangs up after an exchange that failed with cause, whatever became of
// ctx. Without a confirmation it does so twice: the gateway may have overtaken an
// offer that it was still working on.
func (h *Handle) abandon(ctx context.Context, cause error) error {
	defer h.call.reset(true)
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
	return h.hangup(ctx, 0, func() error { return h.Hangup(ctx) })
}

// hangup hangs up by ask and waits for the event that confirms it, for no longer
// than ctx and, unless it is zero, wait.
func (h *Handle) hangup(ctx context.Context, wait time.Duration, ask func() error) error {
	gone := h.call.hungUp() // before the request, which is what closes it
	if err := ask(); err != nil {
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
