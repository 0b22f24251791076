package echotest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

const (
	// hangupWait is how long Stop waits for the Hangup event when its context
	// sets no limit. The gateway sends it about a millisecond after its answer.
	hangupWait = 10 * time.Second
	// abandonWait is the same after an offer that failed, where there may be no
	// peer connection and so no event to come.
	abandonWait = 250 * time.Millisecond
)

// negotiate exchanges descriptions once. It reports whether the gateway may
// have taken the offer.
func (h *Handle) negotiate(ctx context.Context, cfg *Config, peer client.Negotiator, restart bool) (taken bool, err error) {
	offer, err := peer.Offer(ctx, restart)
	if err != nil {
		return false, fmt.Errorf("make an offer: %w", err)
	}
	resp, err := h.Request(ctx, cfg, offer)
	if err != nil {
		return mayBeTaken(err), err
	}
	if resp.JSEP == nil {
		return true, &client.ProtocolError{Op: "offer", Reason: "the plugin's answer has no description", Data: clip(resp.Data)}
	}
	if err := peer.Accept(ctx, resp.JSEP); err != nil {
		return true, fmt.Errorf("accept the answer: %w", err)
	}
	return true, nil
}

// mayBeTaken reports whether an offer whose request failed with err may have
// made a peer connection at the gateway. Of the core's refusals these three
// come after that point: the plugin's own, the description's, and ICE's.
func mayBeTaken(err error) bool {
	var e *client.Error
	if errors.As(err, &e) {
		return e.Code == client.PluginMessage || e.Code == client.InvalidSDP || e.Code == client.UnknownError
	}
	return !errors.Is(err, client.ErrInterrupted)
}

// abandon hangs up after an exchange that failed with cause, whatever became
// of ctx. Without a confirmation it does so twice: the gateway may have
// overtaken an offer that it was still working on.
func (h *Handle) abandon(ctx context.Context, cause error) error {
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
	gone := h.echo.hungUp() // before the request, which is what closes it
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

// clip keeps the start of data, for errors.
func clip(data []byte) []byte {
	const most = 256
	return append([]byte(nil), data[:min(len(data), most)]...)
}
