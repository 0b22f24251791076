package client

import (
	"context"
	"errors"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

const (
	// settleTime is how long after a Hangup event a handle makes no offer. Janus
	// reports the end of a connection and then closes its ICE agent in the
	// background; when that is done it drops the agent the handle has by then
	// (janus_ice_cb_agent_closed in its ice.c). An offer that came in between gets
	// error 490, or a connection that never comes up and cannot be hung up any more
	// (471). Nothing tells when the moment is over. It is some milliseconds, and on
	// a busy machine 50 were too few.
	settleTime = 250 * time.Millisecond
	// openWait is how long after the descriptions were exchanged a connection may
	// be coming up before it is hung up all the same. When ICE has found a way,
	// Janus throws away what is queued for the connection, a hangup included
	// (janus_ice_cb_new_selected_pair in its ice.c): no event comes then, and the
	// handle takes no offer any more (471).
	openWait = 3 * time.Second
	// doubtWait is how long to wait for the Hangup event of a connection that may
	// not have been there. The gateway sends it about a millisecond after its answer.
	doubtWait = 250 * time.Millisecond
	// pluginWait is the same where there was one, but asked of a plugin.
	pluginWait = 2 * time.Second
	forever    = 1<<63 - 1
)

// Connected reports whether the handle has a peer connection at the gateway as
// far as is known, coming up or running: a description went either way, and no
// [Hangup] came since.
func (h *Handle) Connected() bool {
	p, _, _ := h.conn.now()
	return p != idle
}

// Settle waits until the gateway is done with the connection before, which it is
// a quarter of a second after the [Hangup] event: an offer that comes sooner may
// be lost. Request and Send do that with an offer; call Settle ahead of a request
// that makes the gateway offer.
func (h *Handle) Settle(ctx context.Context) error {
	_, err := h.await(ctx, nil, h.conn.closing())
	return err
}

// Hangup ends the peer connection and keeps the handle. It returns when the
// gateway has confirmed that with a [Hangup] event, which stays on the stream.
// Where there is no peer connection, there is nothing to wait for, and a handle
// that is gone is no error. A connection that is coming up is given up to 3 s for
// it first: Janus may lose the request in that moment, and then the handle.
//
// Waiting ends with ctx; where ctx has no deadline, after [Options.RequestTimeout]
// with an error that matches [ErrTimeout].
func (h *Handle) Hangup(ctx context.Context) error { return h.HangupBy(ctx, h.hangup) }

func (h *Handle) hangup(ctx context.Context) error {
	_, err := h.do(ctx, &request{op: "hangup", safe: true})
	return err
}

// HangupBy is Hangup by a request of the plugin that does the same and more, which
// ask sends.
func (h *Handle) HangupBy(ctx context.Context, ask func(context.Context) error) error {
	_, _, open := h.conn.now()
	if _, err := h.await(ctx, open, h.conn.opening()); err != nil {
		return err
	}
	p, gone, _ := h.conn.now() // before the request, whose event ends it
	if err := ask(ctx); err != nil {
		return h.unlessGone(err)
	}
	if p == idle {
		return nil
	}
	within, cancel := h.session.client.bound(ctx)
	defer cancel()
	wait := pluginWait
	if p == doubtful {
		wait = doubtWait
	}
	if done, err := h.await(within, gone, wait); done || err != nil {
		return err
	}
	// Once more: a hangup may overtake an offer that the gateway is still working
	// on, and a plugin may have had nothing to end.
	if err := h.hangup(ctx); err != nil {
		return h.unlessGone(err)
	}
	if p != doubtful {
		wait = forever
	}
	if done, err := h.await(within, gone, wait); done || err != nil {
		return err
	}
	h.conn.end(true)
	return nil
}

// unlessGone returns err unless it says that the handle is gone.
func (h *Handle) unlessGone(err error) error {
	if h.life.ended() || errors.Is(err, HandleNotFound) || errors.Is(err, SessionNotFound) {
		return nil
	}
	return err
}

// await waits for c, which may be nil, for the end of the handle, or for the time,
// and reports whether that was not it.
func (h *Handle) await(ctx context.Context, c <-chan struct{}, wait time.Duration) (bool, error) {
	if wait <= 0 {
		return false, nil
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
		return false, fmt.Errorf("waiting for the peer connection: %w", context.Cause(ctx))
	}
}

// Abandon hangs up after an exchange of descriptions that failed with cause, and
// whatever became of ctx: the gateway would refuse the next offer otherwise. It
// takes half a second at most. It returns cause, with what else went wrong.
func (h *Handle) Abandon(ctx context.Context, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*doubtWait)
	defer cancel()
	h.conn.doubt()
	err := h.Hangup(ctx)
	h.conn.end(true)
	if err == nil || errors.Is(err, context.DeadlineExceeded) {
		return cause
	}
	return fmt.Errorf("%w; hang up: %w", cause, err)
}
