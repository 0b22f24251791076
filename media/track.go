package media

// Track is one remote track. It is drained while it has no sink, so that it
// never holds up the others.
type Track struct {
	ID, StreamID string // the two halves of a=msid
	MID          string // the m-line the track came on
	Kind         Kind
	Codec        Codec

	impl *track
}

// Attach starts delivering the track to s, and replaces the sink before it,
// which stays open. Nil drains the track, as [Discard] does. A codec the sink
// cannot take gives a *[CodecError]; then the sink before stays. On a track that
// has ended the error matches [ErrClosed].
func (t *Track) Attach(s Sink) error { return t.impl.attach(t, s) }

// RequestKeyframe asks the sender for a keyframe (PLI, RFC 4585). Sound has
// none, so that on an audio track nothing is sent. A browser asks by itself when
// it needs one and cannot be told to: there the error of a video track matches
// errors.ErrUnsupported.
func (t *Track) RequestKeyframe() error { return t.impl.requestKeyframe() }

// Done is closed when the track has ended.
func (t *Track) Done() <-chan struct{} { return t.impl.done() }

// Underlying returns the *webrtc.TrackRemote of pion natively and the
// MediaStreamTrack as a js.Value in a browser. Use it for what this package
// lacks.
func (t *Track) Underlying() any { return t.impl.underlying() }
