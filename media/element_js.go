package media

import (
	"context"
	"errors"
	"sync"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// elementSink plays tracks in an HTMLMediaElement.
type elementSink struct {
	el     js.Value
	stream js.Value // what it plays

	mu     sync.Mutex // protects what follows
	shown  map[Kind]*shown
	forget func() // of the last attempt to play
	closed bool
}

// shown is one track in an element.
type shown struct {
	sink  *elementSink
	kind  Kind
	track js.Value
	feed  *feed // nil: a remote track
}

func openElement(target any) (*elementSink, error) {
	el, err := findElement(target)
	if err != nil {
		return nil, err
	}
	if !callable(el, "play") {
		return nil, &OptionError{"Element", "want a <video> or <audio>"}
	}
	return &elementSink{
		el: el, stream: js.Global().Get("MediaStream").New(), shown: make(map[Kind]*shown), forget: func() {},
	}, nil
}

func (s *elementSink) open(public *ElementSink, t *Track) (intake, error) {
	in := &shown{sink: s, kind: t.Kind, track: t.impl.media}
	blocked := func(err error) { t.impl.e.peer.playBlocked(t, public, err) }
	if err := s.put(in, blocked); err != nil {
		return nil, fmt.Errorf("media: attach: element: %w", err)
	}
	return in, nil
}

func (s *elementSink) show(src Source) error {
	if src == nil {
		s.remove(Audio, Video)
		return nil
	}
	f := src.source()
	if f == nil {
		return unsupported("show", "this source has no track")
	}
	s.setMuted(true)
	if err := s.put(&shown{sink: s, kind: f.kind, track: f.track, feed: f}, func(error) {}); err != nil {
		return fmt.Errorf("media: show: element: %w", err)
	}
	f.count(1)
	return nil
}

// put shows a track instead of the one of its kind before.
func (s *elementSink) put(in *shown, blocked func(error)) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	before := s.shown[in.kind]
	s.shown[in.kind] = in
	s.mu.Unlock()
	before.gone()
	s.stream.Call("addTrack", in.track)
	if !s.el.Get("srcObject").Equal(s.stream) {
		s.el.Set("srcObject", s.stream)
	}
	s.el.Set("playsInline", true) // iOS has full screen otherwise
	s.el.Set("autoplay", true)    // what comes later plays, too
	promise, err := call(s.el, "play")
	if err != nil {
		return err
	}
	forget := jsx.Then(promise, func(_ js.Value, err error) {
		if errors.Is(err, jsx.Name("NotAllowedError")) {
			blocked(playError(err))
		}
	})
	s.mu.Lock()
	s.forget()
	s.forget = forget
	s.mu.Unlock()
	return nil
}

// end implements intake.
func (in *shown) end(bool) {
	in.sink.mu.Lock()
	current := in.sink.shown[in.kind] == in
	in.sink.mu.Unlock()
	if current {
		in.sink.remove(in.kind)
	}
}

// gone takes a track out of the stream.
func (in *shown) gone() {
	if in == nil {
		return
	}
	in.sink.stream.Call("removeTrack", in.track)
	if in.feed != nil {
		in.feed.count(-1)
	}
}

// remove takes the tracks of some kinds out of the element.
func (s *elementSink) remove(kinds ...Kind) {
	var out []*shown
	s.mu.Lock()
	for _, k := range kinds {
		out = append(out, s.shown[k])
		delete(s.shown, k)
	}
	empty := len(s.shown) == 0
	if empty {
		s.forget()
	}
	s.mu.Unlock()
	for _, in := range out {
		in.gone()
	}
	if empty && s.el.Get("srcObject").Equal(s.stream) {
		s.el.Set("srcObject", js.Null())
	}
}

func (s *elementSink) play(ctx context.Context) error {
	promise, err := call(s.el, "play")
	if err != nil {
		return playError(err)
	}
	if _, err := jsx.Await(ctx, promise); err != nil {
		return playError(err)
	}
	return nil
}

func playError(err error) error {
	if errors.Is(err, jsx.Name("NotAllowedError")) {
		return fmt.Errorf("media: play: %w: %w", ErrBlocked, err)
	}
	return fmt.Errorf("media: play: %w", err)
}

func (s *elementSink) setMuted(on bool) { s.el.Set("muted", on) }

func (s *elementSink) setVolume(volume float64) { s.el.Set("volume", volume) }

func (s *elementSink) setOutput(ctx context.Context, id string) error {
	if !callable(s.el, "setSinkId") {
		return unsupported("output", "this browser knows one loudspeaker only")
	}
	promise, err := call(s.el, "setSinkId", id)
	if err == nil {
		_, err = jsx.Await(ctx, promise)
	}
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*DeviceError](deviceError(0, err))
	if !ok {
		return fmt.Errorf("media: output: %w", err)
	}
	e.Kind, e.Reason, e.Fix = Audio, "the loudspeaker cannot be had: "+err.Error(), "choose one that Devices lists"
	return e
}

func (s *elementSink) close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.remove(Audio, Video)
	return nil
}
