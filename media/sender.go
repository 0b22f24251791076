package media

import (
	"context"
	"strings"
	"time"
)

// SendOptions tunes [Peer.Add]. Nil means every default.
//
// Sources of a native build are encoded already: there MaxBitrate, MaxFrameRate,
// Simulcast and ScalabilityMode give an error that matches
// errors.ErrUnsupported.
type SendOptions struct {
	// StreamID groups tracks that belong together, such as a face and its voice:
	// letters, digits and !#$%&'*+-.^_`{|}~, at most 64 (RFC 8830). Empty: one id
	// for all tracks of the peer.
	StreamID string
	// MaxBitrate caps the encoder, in bits per second. Zero: no cap. With
	// Simulcast see LayerBitrates.
	MaxBitrate int
	// MaxFrameRate caps the encoder, in pictures per second. Zero: no cap.
	MaxFrameRate float64
	// Simulcast sends a picture in three sizes, full, half and quarter, with the
	// rids "h", "m" and "l" that Janus expects.
	Simulcast bool
	// LayerBitrates caps the sizes. Zero fields: 900, 300 and 100 kbit/s.
	LayerBitrates LayerBitrates
	// ScalabilityMode sends layers in one stream, such as "L3T3" (W3C Scalable
	// Video Coding). The codec has to know how: VP9 and AV1 do. Empty: none.
	ScalabilityMode string
	// Codecs are the names of those to prefer, such as "VP9", best first. The
	// others stay on offer behind them. A name that is not known here gives a
	// *[CodecError]. Natively the source's codec is the only one, and has to be
	// among them.
	Codecs []string
}

// LayerBitrates are caps of the three sizes of simulcast, in bits per second.
type LayerBitrates struct{ High, Medium, Low int }

// check looks at what no target can do.
func (o *SendOptions) check(k Kind) error {
	switch {
	case len(o.StreamID) > 64 || strings.ContainsFunc(o.StreamID, notToken):
		return &OptionError{"StreamID", "want at most 64 letters, digits or !#$%&'*+-.^_`{|}~"}
	case o.MaxBitrate < 0 || o.LayerBitrates.High < 0 || o.LayerBitrates.Medium < 0 || o.LayerBitrates.Low < 0:
		return &OptionError{"MaxBitrate", "want bits per second, or 0 for no cap"}
	case o.MaxFrameRate < 0:
		return &OptionError{"MaxFrameRate", "want pictures per second, or 0 for no cap"}
	case k != Video && (o.Simulcast || o.ScalabilityMode != "" || o.MaxFrameRate != 0):
		return &OptionError{"SendOptions", "simulcast, scalability and frame rate are for video"}
	case o.Simulcast && o.MaxBitrate != 0:
		return &OptionError{"MaxBitrate", "simulcast has LayerBitrates"}
	}
	return nil
}

// notToken is what a token of RFC 8866 does not have.
func notToken(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]`, r)
}

// SendParameters is what [Sender.Configure] changes. Nil fields stay as they
// are.
type SendParameters struct {
	MaxBitrate   *int     // bits per second; 0: no cap. With simulcast see LayerBitrates
	MaxFrameRate *float64 // pictures per second; 0: no cap
	// Layers are the rids of the simulcast layers that are sent, of "h", "m" and
	// "l"; the others pause, all of them if the list is empty and not nil.
	Layers []string
	// LayerBitrates caps the layers. Zero fields stay as they are.
	LayerBitrates LayerBitrates
}

// Sender is a Source on its way out.
type Sender struct {
	impl *sender
	peer *Peer
	opts SendOptions
	kind Kind // where there is no impl: of an m-line that only receives
}

// Kind returns the kind of the m-line.
func (s *Sender) Kind() Kind { return s.impl.kind() }

// MID returns the id of the m-line; empty before the first offer or answer.
func (s *Sender) MID() string { return s.impl.mid() }

// Replace sends src instead of the source before, without a negotiation; nil
// sends nothing. The source before stays open. The receiver sees one stream
// whose timestamps go on; video goes on at the next keyframe of src. A codec
// that was not negotiated for this m-line, or another kind, gives a
// *[CodecError]; then the source before stays. ctx bounds the wait for a
// browser; a native build does not wait.
func (s *Sender) Replace(ctx context.Context, src Source) error { return s.impl.replace(ctx, src) }

// Mute stops sending and keeps the m-line, at once; the source plays on unheard,
// and elsewhere as before. A native build sends nothing while muted, a browser
// sends silence or black. After Mute(false) video goes on at the next keyframe.
func (s *Sender) Mute(on bool) error { return s.impl.mute(on) }

// Muted reports whether Mute is on.
func (s *Sender) Muted() bool { return s.impl.isMuted() }

// Configure changes what the encoder does, without a negotiation. Values that
// make no sense give an *[OptionError]; a native build returns an error that
// matches errors.ErrUnsupported. ctx bounds the wait for the browser.
func (s *Sender) Configure(ctx context.Context, p SendParameters) error {
	switch b := p.LayerBitrates; {
	case p.MaxBitrate != nil && *p.MaxBitrate < 0 || b.High < 0 || b.Medium < 0 || b.Low < 0:
		return &OptionError{"MaxBitrate", "want bits per second, or 0 for no cap"}
	case p.MaxFrameRate != nil && *p.MaxFrameRate < 0:
		return &OptionError{"MaxFrameRate", "want pictures per second, or 0 for no cap"}
	case s.opts.Simulcast && p.MaxBitrate != nil:
		return &OptionError{"MaxBitrate", "simulcast has LayerBitrates"}
	case !s.opts.Simulcast && b != LayerBitrates{}:
		return &OptionError{"LayerBitrates", "only with Simulcast; use MaxBitrate"}
	}
	if p.Layers != nil && !s.opts.Simulcast {
		return &OptionError{"Layers", "only with Simulcast; use Mute, or Replace with nil"}
	}
	for _, rid := range p.Layers {
		if rid != "h" && rid != "m" && rid != "l" {
			return &OptionError{"Layers", `want "h", "m" or "l"`}
		}
	}
	return s.impl.configure(ctx, p)
}

// DTMF plays keys of a telephone, 0 to 9, A to D, # and *, with a comma for a
// pause of 2 s, as telephone events (RFC 4733), and returns when they were sent.
// Zero means a duration of 500 ms and a gap of 50 ms. Other keys give an
// *[OptionError]; without the codec telephone-event in the negotiation the error
// is a *[CodecError]. When ctx ends the rest is not sent. A native build returns
// an error that matches errors.ErrUnsupported.
func (s *Sender) DTMF(ctx context.Context, tones string, duration, gap time.Duration) error {
	if strings.Trim(strings.ToUpper(tones), "0123456789ABCD#*,") != "" {
		return &OptionError{"Tones", "want 0 to 9, A to D, #, * and comma"}
	}
	if duration <= 0 {
		duration = 500 * time.Millisecond
	}
	if gap <= 0 {
		gap = 50 * time.Millisecond
	}
	return s.impl.dtmf(ctx, tones, duration, gap)
}

// Remove stops sending for good. The m-line becomes inactive, or receives only,
// with the next offer.
func (s *Sender) Remove() error {
	s.peer.shape.Lock()
	defer s.peer.shape.Unlock()
	s.peer.dropSender(s)
	return s.impl.remove()
}
