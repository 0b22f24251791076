package echotest

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/attach"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/turn"
)

// Plugin is the plugin's package name on the gateway.
const Plugin = "janus.plugin.echotest"

// TextPrefix is what stands before a text that comes back on a data channel.
const TextPrefix = "Janus EchoTest here! You wrote: "

// Handle is an attachment to the EchoTest plugin. The embedded handle offers
// the events, and everything the methods here do not.
type Handle struct {
	*client.Handle
	echo  echo
	layer layer
}

// Attach creates a handle on s. opts may be nil; a Decode in it gets the events
// that this package does not know, and a Restore runs after the package's own,
// which sends the settings again that were made before a Start. An echo that was
// running when the session had to be rebuilt runs again soon, as after every loss
// of its connection; see [Handle.Start]. The errors are those of
// [client.Session.Attach].
func Attach(ctx context.Context, s *client.Session, opts *client.AttachOptions) (*Handle, error) {
	h := new(Handle)
	h.echo.turn = turn.New()
	ch, err := attach.To(ctx, s, Plugin, opts, h.decode, h.restore)
	if err != nil {
		return nil, err
	}
	h.Handle = ch
	ch.Observe(h.observe) // for as long as the handle lives
	return h, nil
}

// decode gives an event its type, and notes the layer that it tells of.
func (h *Handle) decode(ev *client.PluginEvent) client.Event {
	typed := decode(ev)
	if changed, ok := typed.(*LayerChanged); ok {
		h.layer.reached(changed)
	}
	return typed
}

// restore brings the settings back after a rebuild.
func (h *Handle) restore(ctx context.Context, ch *client.Handle) error {
	h.layer.stop()
	return h.echo.restore(ctx, ch)
}

// observe follows the peer connection. It runs on the client's read loop.
func (h *Handle) observe(ev client.Event) bool {
	switch ev := ev.(type) {
	case *client.WebRTCUp:
		h.echo.runs()
	case *client.Hangup:
		if !h.echo.survives(ev.Fault()) {
			h.over()
		}
	}
	return false
}

// over forgets an echo that has ended.
func (h *Handle) over() {
	h.echo.over()
	h.layer.stop()
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
// Where peer is a [client.Mender], as a *media.Peer is, the echo outlives its
// connection. One that breaks gets an ICE restart, and one that the gateway lost,
// or that could not be mended, is made anew with the same peer and everything
// that was set; a Filename to record to then ends in "-2", and so on. *Done and
// *client.Hangup come when it is lost and *client.WebRTCUp when it is back. An
// echo that does not come back within a minute is over, and its peer closes. Stop
// ends it at any time, and so does a hangup that is no fault of the network.
//
// Right after a hangup Start waits until the gateway has cleared up, a quarter of
// a second ([client.Handle.Settle]). A handle has one echo at a time. To change a running one there are
// [Handle.Configure], [Handle.Renegotiate] and [Handle.Restart].
func (h *Handle) Start(ctx context.Context, cfg Config, peer client.Negotiator) error {
	const op = "echotest: start"
	if peer == nil {
		return &client.ArgumentError{Op: op, Reason: "no peer; pass a *media.Peer, or your own client.Negotiator"}
	}
	if err := h.echo.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.echo.turn.Unlock()
	if h.Connected() {
		return &client.ArgumentError{Op: op, Reason: "the echo is running; Stop it first, or use Renegotiate"}
	}
	if err := h.check(ctx, &cfg); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if err := h.negotiate(ctx, &cfg, peer, false); err != nil {
		if h.Connected() {
			err = h.Abandon(ctx, err)
			h.over()
		}
		return fmt.Errorf("%s: %w", op, err)
	}
	h.echo.started(&cfg, peer)
	h.watch(peer) //nolint:contextcheck // it lasts longer than this call
	h.seek(ctx)
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
	if err := h.echo.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.echo.turn.Unlock()
	cfg, peer := h.echo.running()
	if peer == nil || !h.Connected() {
		return &client.ArgumentError{Op: op, Reason: "no echo is running; call Start first"}
	}
	cfg = cfg.negotiated()
	if err := h.negotiate(ctx, &cfg, peer, restart); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// Configure changes an echo, running or not yet started. Settings of a handle
// that hangs up are lost. An empty Config is a [*client.ArgumentError], and so
// would the plugin refuse one whose only setting is AudioCodec or Filename,
// with [ErrInvalidElement]. Settings whose answer is lost with the connection are
// sent again, but for Record.
func (h *Handle) Configure(ctx context.Context, cfg Config) error {
	const op = "echotest: configure"
	if cfg == (Config{}) {
		return &client.ArgumentError{Op: op, Reason: "nothing to change; set a field, e.g. Bitrate: new(256000)"}
	}
	if err := h.check(ctx, &cfg); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	var err error
	if cfg.Record == nil {
		_, err = h.Query(ctx, &cfg)
	} else {
		_, err = h.Request(ctx, &cfg, nil) // twice, it would begin new files
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	h.echo.configured(&cfg)
	if cfg.Substream != nil && h.Connected() {
		h.seek(ctx)
	}
	return nil
}

// check refuses settings that the gateway is too old for: it would ignore them.
func (h *Handle) check(ctx context.Context, cfg *Config) error {
	if cfg.SVC == nil && cfg.SpatialLayer == nil && cfg.TemporalLayer == nil {
		return nil
	}
	info, err := h.Session().Client().Capabilities(ctx)
	if err != nil {
		return err
	}
	return info.CheckVersion("scalable coding", 1104)
}

// seek asks again for the substream that was set, until it comes.
func (h *Handle) seek(ctx context.Context) {
	cfg, _ := h.echo.running()
	if cfg.Substream == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	h.layer.ask(*cfg.Substream, func(substream int) {
		// A handle that is gone answers at once; what the gateway thinks of it
		// Configure has reported.
		_, _ = h.Request(ctx, &Config{Substream: &substream}, nil)
	})
}

// Stop ends the echo and waits until the gateway has confirmed it, as
// [client.Handle.Hangup] does. The confirmation, *client.Hangup, stays on the
// stream, as does *Done ahead of it. Without an echo Stop waits for nothing, and a
// handle that is gone is no error.
func (h *Handle) Stop(ctx context.Context) error {
	const op = "echotest: stop"
	h.echo.keep(nil) // a try to mend it may have the turn
	if err := h.echo.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.echo.turn.Unlock()
	if err := h.Hangup(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	h.over()
	return nil
}
