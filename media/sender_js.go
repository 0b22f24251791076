package media

import (
	"sync"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// sender is an RTCRtpSender and the source it sends.
type sender struct {
	e           *engine
	k           Kind
	opts        SendOptions
	rtp         js.Value
	transceiver js.Value
	was         string        // the mid on the connection before
	turn        chan struct{} // holds a token while the browser changes something

	mu     sync.Mutex // protects what follows
	feed   *feed      // nil: none
	copy   js.Value   // of the feed's track
	muted  bool
	gone   bool
	live   bool            // counted by feed
	fresh  *SendParameters // to be set before the first negotiation; nil: nothing
	layers js.Value        // RTCRtpEncodingParameters of the connection before, to be set likewise; undefined: none
}

func (e *engine) add(f *feed, o SendOptions) (*sender, error) {
	if f == nil {
		return nil, unsupported("send", "this source has no track")
	}
	s := &sender{k: f.kind, opts: o, turn: make(chan struct{}, 1), feed: f, copy: f.copy()}
	if err := e.resend(s); err != nil {
		f.drop(s.copy)
		if !s.rtp.IsUndefined() {
			_, _ = call(e.pc, "removeTrack", s.rtp) // of a closed peer it is gone anyway
		}
		return nil, err
	}
	return s, nil
}

// park keeps what the connection that ends has of a sender. It waits for changes
// that are on their way.
func (s *sender) park() {
	s.turn <- struct{}{}
	s.was, s.layers = s.mid(), s.rtp.Call("getParameters").Get("encodings")
	<-s.turn
	s.update()
}

// resend gives s an m-line of this connection.
func (e *engine) resend(s *sender) error {
	preferred, err := preferences(s.k, s.opts.Codecs)
	if err != nil {
		return err
	}
	s.e = e
	if err := s.attach(s.opts); err != nil {
		return err
	}
	if len(preferred) > 0 {
		if _, refused := call(s.transceiver, "setCodecPreferences", preferred); refused != nil {
			return &CodecError{Kind: s.k, Reason: "refused by the browser: " + refused.Error(), Fix: "leave Codecs empty"}
		}
	}
	e.mu.Lock()
	closed := e.closed
	if !closed {
		e.senders = append(e.senders, s)
	}
	e.mu.Unlock()
	if closed {
		s.retire()
		return fmt.Errorf("media: add: %w", errPeerClosed)
	}
	s.update()
	return nil
}

// attach makes the RTCRtpSender. Only one that addTrack made can join an m-line
// the other side offered; only addTransceiver takes layers, or no track.
func (s *sender) attach(o SendOptions) error {
	pc, stream := s.e.pc, s.e.stream(o.StreamID)
	layers := encodings(o)
	if layers != nil || s.copy.IsNull() {
		init := map[string]any{"direction": "sendrecv", "streams": []any{stream}}
		if layers != nil {
			init["sendEncodings"] = layers
		}
		var what any = s.copy
		if s.copy.IsNull() {
			what = s.k.String()
		}
		t, err := call(pc, "addTransceiver", what, init)
		if err != nil && o.ScalabilityMode != "" {
			return &OptionError{"ScalabilityMode", "the browser cannot do " + o.ScalabilityMode + ": " + err.Error()}
		}
		if err != nil {
			return fmt.Errorf("media: add: %w", err)
		}
		s.transceiver, s.rtp = t, t.Get("sender")
		return s.e.transform(t)
	}
	rtp, err := call(pc, "addTrack", s.copy, stream)
	if err != nil {
		return fmt.Errorf("media: add: %w", err)
	}
	s.rtp = rtp
	for _, t := range items(pc.Call("getTransceivers")) {
		if t.Get("sender").Equal(s.rtp) {
			s.transceiver = t
		}
	}
	if err := s.e.transform(s.transceiver); err != nil {
		return err
	}
	if s.layers.IsUndefined() && (o.MaxBitrate != 0 || o.MaxFrameRate != 0) {
		s.fresh = &SendParameters{MaxBitrate: &o.MaxBitrate, MaxFrameRate: &o.MaxFrameRate}
	}
	return nil
}

func (s *sender) kind() Kind { return s.k }

func (s *sender) mid() string { return text(s.transceiver.Get("mid")) }

// update tells the feed when the sender becomes connected, and when it no longer
// is. It must not be called with a lock held.
func (s *sender) update() {
	s.mu.Lock()
	f := s.feed
	live := f != nil && !s.gone && s.e.connected.Load()
	change := 0
	switch {
	case live && !s.live:
		change = 1
	case !live && s.live:
		change = -1
	}
	s.live = live
	s.mu.Unlock()
	if change != 0 {
		f.count(change)
	}
}
