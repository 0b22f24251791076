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
	rtp         js.Value
	transceiver js.Value
	turn        chan struct{} // holds a token while the browser changes something

	mu    sync.Mutex // protects what follows
	feed  *feed      // nil: none
	copy  js.Value   // of the feed's track
	muted bool
	gone  bool
	live  bool            // counted by feed
	fresh *SendParameters // to be set before the first negotiation; nil: nothing
}

func (e *engine) add(f *feed, o SendOptions) (*sender, error) {
	if f == nil {
		return nil, unsupported("send", "this source has no track")
	}
	preferred, err := preferences(f.kind, o.Codecs)
	if err != nil {
		return nil, err
	}
	s := &sender{e: e, k: f.kind, turn: make(chan struct{}, 1), feed: f, copy: f.copy()}
	err = s.attach(o)
	if err == nil && len(preferred) > 0 {
		if _, refused := call(s.transceiver, "setCodecPreferences", preferred); refused != nil {
			err = &CodecError{Kind: s.k, Reason: "refused by the browser: " + refused.Error(), Fix: "leave Codecs empty"}
		}
	}
	if err != nil {
		f.drop(s.copy)
		if !s.rtp.IsUndefined() {
			_, _ = call(e.pc, "removeTrack", s.rtp) // of a closed peer it is gone anyway
		}
		return nil, err
	}
	e.mu.Lock()
	closed := e.closed
	if !closed {
		e.senders = append(e.senders, s)
	}
	e.mu.Unlock()
	if closed {
		s.retire()
		return nil, fmt.Errorf("media: add: %w", errPeerClosed)
	}
	s.update()
	return s, nil
}

// attach makes the RTCRtpSender. Only one that addTrack made can join an m-line
// the other side offered; only addTransceiver takes layers.
func (s *sender) attach(o SendOptions) error {
	pc, stream := s.e.pc, s.e.stream(o.StreamID)
	if layers := encodings(o); layers != nil {
		t, err := call(pc, "addTransceiver", s.copy, map[string]any{
			"direction": "sendrecv", "streams": []any{stream}, "sendEncodings": layers,
		})
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
	if o.MaxBitrate != 0 || o.MaxFrameRate != 0 {
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
