package media

import "context"

// Capture returns what a page element shows: the picture of a canvas, or picture
// and sound of a video or audio element. target is a CSS selector or, in a page,
// the element as a js.Value. An element that is not there, or has nothing loaded
// yet, gives an *[OptionError]. Closing the sources leaves the element alone. A
// native build returns an error that matches errors.ErrUnsupported.
func Capture(target any) ([]Source, error) { return captureElement(target) }

// ElementSink is a Sink that plays tracks in an element of the page, one of each
// kind: attach the same ElementSink to the picture and the sound that belong
// together. Where the page may not play yet, because its user did nothing so
// far, the peer reports *[PlayBlocked]: call Play when the user clicks.
type ElementSink struct{ impl *elementSink }

var _ Sink = (*ElementSink)(nil)

// Element returns a sink that plays in a <video> or <audio> element. target is a
// CSS selector or, in a page, the element as a js.Value. An element that is not
// there gives an *[OptionError]; a native build returns an error that matches
// errors.ErrUnsupported.
func Element(target any) (*ElementSink, error) {
	impl, err := openElement(target)
	if err != nil {
		return nil, err
	}
	return &ElementSink{impl: impl}, nil
}

// Show plays a source of this page, such as one's own camera, and mutes the
// element: a microphone that hears itself howls. It replaces what was there of
// its kind. Nil takes both away.
func (s *ElementSink) Show(src Source) error { return s.impl.show(src) }

// Play starts playing, which attaching does by itself. An error that matches
// [ErrBlocked] says that the page may not play before its user clicks; call it
// again then. It waits until there is something to play.
func (s *ElementSink) Play(ctx context.Context) error { return s.impl.play(ctx) }

// SetMuted turns the sound off, or on.
func (s *ElementSink) SetMuted(on bool) { s.impl.setMuted(on) }

// SetVolume sets the volume, from 0 to 1, which is the default. Other values
// give an *[OptionError].
func (s *ElementSink) SetVolume(volume float64) error {
	if !(volume >= 0 && volume <= 1) {
		return &OptionError{"Volume", "want 0 to 1"}
	}
	s.impl.setVolume(volume)
	return nil
}

// SetOutput chooses the loudspeaker by its [DeviceInfo.ID]; empty means the
// default. A *[DeviceError] says why it cannot be had. Where the browser knows
// only one, the error matches errors.ErrUnsupported.
func (s *ElementSink) SetOutput(ctx context.Context, id string) error {
	return s.impl.setOutput(ctx, id)
}

// Close takes the tracks out of the element, which stays in the page.
func (s *ElementSink) Close() error { return s.impl.close() }

func (s *ElementSink) open(t *Track) (intake, error) { return s.impl.open(s, t) }
