//go:build !js

package gateway

import (
	"time"

	"github.com/pion/rtp"
)

// highestLayer is the number of the highest substream and temporal layer, which
// is what everybody gets who does not choose.
const highestLayer = 2

const (
	defaultFallback = 250 * time.Millisecond // as Janus
	askAgain        = time.Second            // for a keyframe of a layer that does not come
)

// picker chooses among the layers of an inlet, as Janus does: upwards and
// downwards with a keyframe only, and down as well when a layer falls silent.
type picker struct {
	chosen    bool // false: the zero value, which means the highest layers
	substream int  // wanted
	temporal  int  // wanted
	fallback  time.Duration

	started  bool // current is one
	current  int
	tempo    int       // the temporal layer that was reached; meaningless before
	tempoSet bool      // tempo is one
	passed   time.Time // when a packet last went through
	asked    time.Time
}

// verdict says what happens to a packet.
type verdict struct {
	pass bool // it goes through
	skip bool // it does not, and leaves no gap behind

	substream, temporal *int // reached with this packet
	wantKey             bool
	target              int // the layer for which a keyframe is wanted
}

// reset forgets what was reached: another inlet begins.
func (k *picker) reset() { k.started, k.tempoSet, k.asked = false, false, time.Time{} }

func (k *picker) defaults() {
	if !k.chosen {
		k.chosen, k.substream, k.temporal, k.fallback = true, highestLayer, highestLayer, defaultFallback
	}
}

// want changes what is wanted and returns what of that is there already.
func (k *picker) want(substream, temporal *int, fallback time.Duration) (sub, temp *int) {
	k.defaults()
	if fallback > 0 {
		k.fallback = fallback
	}
	if substream != nil {
		k.substream, k.asked = *substream, time.Time{}
		if k.started && k.current == *substream {
			sub = substream
		}
	}
	if temporal != nil {
		k.temporal = *temporal
		if k.tempoSet && k.tempo == *temporal {
			temp = temporal
		}
	}
	return sub, temp
}

// target is the layer that is wanted.
func (k *picker) target() int {
	k.defaults()
	return k.substream
}

// look decides about one packet of a layer of in.
func (k *picker) look(in *inlet, layer int, p *rtp.Packet) verdict {
	k.defaults()
	now := time.Now()
	if !in.simulcast() {
		empty := len(p.Payload) == 0 // padding
		return verdict{pass: !empty, skip: empty}
	}
	v := verdict{target: min(k.substream, len(in.rids)-1)}
	f := look(in.codec.MimeType, p.Payload)
	if f.key && k.moves(layer, v.target, now) {
		k.started, k.current = true, layer
		v.substream = &layer
	}
	if k.current != v.target || !k.started {
		if now.Sub(k.asked) >= askAgain {
			k.asked, v.wantKey = now, true
		}
	}
	if !k.started || k.current != layer {
		return v // packets of the other layers have numbers of their own
	}
	if len(p.Payload) == 0 {
		v.skip = true
		return v
	}
	if f.hasTemporal {
		if f.temporal == k.temporal && (!k.tempoSet || k.tempo != f.temporal) {
			k.tempo, k.tempoSet = f.temporal, true
			v.temporal = &f.temporal
		}
		if f.temporal > k.temporal {
			v.skip = true
			return v
		}
	}
	k.passed, v.pass = now, true
	return v
}

// moves says whether a keyframe of a layer is a reason to go there.
func (k *picker) moves(layer, target int, now time.Time) bool {
	switch {
	case !k.started:
		return layer <= target
	case layer == k.current:
		return false
	case k.current < target:
		return layer > k.current && layer <= target
	case k.current > target:
		return layer < k.current && layer >= target
	default:
		return layer < k.current && now.Sub(k.passed) > k.fallback
	}
}
