package media

import "context"

// SendOptions tunes [Peer.Add]. Nil means every default.
type SendOptions struct {
	// StreamID groups tracks that belong together, such as a face and its voice.
	// Empty: one id for all tracks of the peer.
	StreamID string
	// MaxBitrate caps the target's encoder, in bits per second. Native sources
	// are encoded already: there it gives an error that matches
	// errors.ErrUnsupported. Zero: no cap.
	MaxBitrate int
	// Simulcast sends three sizes. Native builds have no encoder, as above.
	Simulcast bool
}

// Sender is a Source on its way out.
type Sender struct{ impl *sender }

// Kind returns the kind of the m-line.
func (s *Sender) Kind() Kind { return s.impl.kind() }

// MID returns the id of the m-line; empty before the first offer or answer.
func (s *Sender) MID() string { return s.impl.mid() }

// Replace sends src instead of the source before, without a negotiation; nil
// sends nothing. The source before stays open. The receiver sees one stream
// whose timestamps go on; video goes on at the next keyframe of src. A codec
// that was not negotiated for this m-line gives a *[CodecError]; then the source
// before stays. ctx bounds the wait for a browser; a native build does not wait.
func (s *Sender) Replace(ctx context.Context, src Source) error { return s.impl.replace(ctx, src) }

// Mute stops sending and keeps the m-line; the source plays on unheard.
// A native build sends nothing while muted, a browser sends silence or black.
// After Mute(false) video goes on at the next keyframe.
func (s *Sender) Mute(on bool) error { return s.impl.mute(on) }

// Remove stops sending for good. The m-line becomes inactive, or receives only,
// with the next offer.
func (s *Sender) Remove() error { return s.impl.remove() }
