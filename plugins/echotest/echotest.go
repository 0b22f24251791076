package echotest

import (
	"context"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
)

// Plugin is the plugin's package name on the gateway.
const Plugin = "janus.plugin.echotest"

// TextPrefix is what stands before a text that comes back on a data channel.
const TextPrefix = "Janus EchoTest here! You wrote: "

// Handle is an attachment to the EchoTest plugin. The embedded handle offers
// the events, and everything the methods here do not.
type Handle struct {
	*client.Handle
	echo echo
}

// Attach creates a handle on s. opts may be nil; a Decode in it gets the events
// that this package does not know, and a Restore runs after the package's own,
// which sends the settings again that were made before a Start. An echo that was
// running when the session had to be rebuilt is over: Start it again, with a new
// peer, when *client.Resumed comes. The errors are those of
// [client.Session.Attach].
func Attach(ctx context.Context, s *client.Session, opts *client.AttachOptions) (*Handle, error) {
	var o client.AttachOptions
	if opts != nil {
		o = *opts
	}
	other := o.Decode
	o.Decode = func(ev *client.PluginEvent) client.Event {
		if typed := decode(ev); typed != nil || other == nil {
			return typed
		}
		return other(ev)
	}
	h := new(Handle)
	h.echo.init()
	more := o.Restore
	o.Restore = func(ctx context.Context, ch *client.Handle) error {
		err := h.echo.restore(ctx, ch)
		if err == nil && more != nil {
			err = more(ctx, ch)
		}
		return err
	}
	ch, err := s.Attach(ctx, Plugin, &o)
	if err != nil {
		return nil, err
	}
	h.Handle = ch
	ch.Observe(h.echo.observe) // for as long as the handle lives
	return h, nil
}

// Start begins an echo: it takes an offer from peer, sends it with cfg, and
// gives the answer to peer. Media flows when the stream has *client.WebRTCUp.
//
// When anything fails, ctx ending among it, Start hangs up before it returns,
// which takes at most half a second more; the gateway would refuse the next
// offer of the handle otherwise (error 490). The handle can start again then,
// with a peer that has no other offer pending: a *media.Peer ends with the
// hangup, so make a new one.
//
// Right after a hangup Start waits up to 50 ms until the gateway has cleared
// up. A handle has one echo at a time. To change a running one there are
// [Handle.Configure], [Handle.Renegotiate] and [Handle.Restart].
func (h *Handle) Start(ctx context.Context, cfg Config, peer client.Negotiator) error {
	const op = "echotest: start"
	if peer == nil {
		return &client.ArgumentError{Op: op, Reason: "no peer; pass a *media.Peer, or your own client.Negotiator"}
	}
	if err := h.echo.lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.echo.unlock()
	if err := h.echo.settle(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if !h.echo.begin() {
		return &client.ArgumentError{Op: op, Reason: "the echo is running; Stop it first, or use Renegotiate"}
	}
	if taken, err := h.negotiate(ctx, &cfg, peer, false); err != nil {
		if taken {
			err = h.abandon(ctx, err)
			h.echo.reset()
		} else {
			h.echo.failed()
		}
		return fmt.Errorf("%s: %w", op, err)
	}
	h.echo.started(&cfg, peer)
	return nil
}

// Renegotiate makes a new offer with the peer of [Handle.Start], after tracks
// were added to it or removed. When it fails, the echo goes on as it was.
func (h *Handle) Renegotiate(ctx context.Context) error { return h.again(ctx, "renegotiate", false) }

// Restart is Renegotiate with new ICE credentials on both sides, which finds a
// new way through the network. Media pauses until it is found: about 0.1 s with
// a *media.Peer on an idle machine. There is no second *client.WebRTCUp.
func (h *Handle) Restart(ctx context.Context) error { return h.again(ctx, "restart", true) }

func (h *Handle) again(ctx context.Context, verb string, restart bool) error {
	op := "echotest: " + verb
	if err := h.echo.lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.echo.unlock()
	cfg, peer := h.echo.running()
	if peer == nil {
		return &client.ArgumentError{Op: op, Reason: "no echo is running; call Start first"}
	}
	cfg = cfg.negotiated()
	if _, err := h.negotiate(ctx, &cfg, peer, restart); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// Configure changes an echo, running or not yet started. Settings of a handle
// that hangs up are lost. An empty Config is a [*client.ArgumentError], and so
// would the plugin refuse one whose only setting is AudioCodec or Filename,
// with [ErrInvalidElement].
func (h *Handle) Configure(ctx context.Context, cfg Config) error {
	const op = "echotest: configure"
	if cfg == (Config{}) {
		return &client.ArgumentError{Op: op, Reason: "nothing to change; set a field, e.g. Bitrate: new(256000)"}
	}
	if _, err := h.Request(ctx, &cfg, nil); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	h.echo.configured(&cfg)
	return nil
}

// Stop ends the echo and waits until the gateway has confirmed it, because it
// refuses an offer that comes before. The confirmation, *client.Hangup, stays
// on the stream, as does *Done ahead of it. Without an echo Stop waits for
// nothing, and a handle that is gone is no error.
//
// Waiting ends with ctx; where ctx has no deadline, after 10 s with an error
// that matches [client.ErrTimeout].
func (h *Handle) Stop(ctx context.Context) error {
	const op = "echotest: stop"
	if err := h.echo.lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.echo.unlock()
	wait := hangupWait
	if _, has := ctx.Deadline(); has {
		wait = 0
	}
	if err := h.hangup(ctx, wait); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	h.echo.reset()
	return nil
}
