package adapt

import (
	"context"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/media"
)

// Layer is a layer of simulcast, as Janus counts them: from 0, the lowest, to 2.
type Layer struct{ Substream, Temporal int }

// ladder has the layers from the cheapest to the best.
var ladder = [...]Layer{{0, 0}, {0, 2}, {1, 0}, {1, 2}, {2, 0}, {2, 2}}

// ReceiveOptions tunes [Receive]. Nil means every default.
type ReceiveOptions struct {
	// Min and Max bound what is chosen. Zero: from substream 0, temporal layer 0,
	// to substream 2, temporal layer 2, where it begins. A bound between two steps
	// counts as the one below it.
	Min, Max Layer
}

// Receiver chooses the layer of one received stream.
type Receiver struct {
	loop

	mu     sync.Mutex // protects what follows
	climb  climber
	height int // of the place where it is shown; zero: not known
}

// Receive begins to choose the layer of the stream that peer receives on the
// m-line mid, and calls set with each choice. A choice that could not be set is
// tried again. It ends with Stop, and when the peer has closed.
func Receive(peer Peer, mid string, set func(context.Context, Layer) error, opts *ReceiveOptions) *Receiver {
	var o ReceiveOptions
	if opts != nil {
		o = *opts
	}
	r := &Receiver{climb: newClimber(o)}
	at := ladder[len(ladder)-1] // which a gateway relays that was told nothing
	r.begin(peer, mid, false, func(now time.Time, v verdict, s *media.StreamStats, _ int) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.climb.limit(r.height, s.Height)
		r.climb.take(now, v)
	}, func(ctx context.Context, again bool) {
		want := r.Layer()
		if want == at && !again {
			return
		}
		if at = want; set(ctx, want) != nil {
			at = Layer{-1, -1} // nobody knows
		}
	})
	return r
}

// Layer returns the layer that is chosen now.
func (r *Receiver) Layer() Layer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.climb.layer()
}

// Shown says how high the picture is shown, in pixels of the screen: more than
// that is not asked for. Zero, the default, is not known. It works where the
// statistics tell the height of what comes, which they do in a browser.
func (r *Receiver) Shown(height int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.height = max(height, 0)
}

// climber goes up and down the ladder.
type climber struct {
	patience
	level, least, most int // steps of the ladder
	room               int // the highest step worth having where it is shown
	tallest            int // of the pictures that came, in pixels
}

func newClimber(o ReceiveOptions) climber {
	if o.Max == (Layer{}) {
		o.Max = ladder[len(ladder)-1]
	}
	c := climber{least: step(o.Min), most: step(o.Max)}
	c.least = min(c.least, c.most)
	c.level, c.room = c.most, c.most
	return c
}

// step returns the highest step that is not above l.
func step(l Layer) (at int) {
	for i, x := range ladder {
		if x.Substream < l.Substream || x.Substream == l.Substream && x.Temporal <= l.Temporal {
			at = i
		}
	}
	return at
}

func (c *climber) layer() Layer { return ladder[min(c.level, c.room)] }

// take takes note of an interval.
func (c *climber) take(now time.Time, v verdict) {
	// What is shown small tells nothing about larger layers.
	n := c.steps(now, v, c.level < min(c.most, c.room), hold)
	if n < 0 {
		c.level = min(c.level, c.room)
	}
	c.level = min(max(c.level+n, c.least), c.most)
}

// limit finds out what is worth having for a picture that is shown so high, where
// one so high came: the lowest substream with three quarters of the lines. The
// tallest picture is taken for that of the best one allowed.
func (c *climber) limit(shown, height int) {
	c.room, c.tallest = c.most, max(c.tallest, height)
	if shown == 0 || c.tallest == 0 {
		return
	}
	best := ladder[c.most].Substream
	for s := range best {
		if lines := c.tallest >> (best - s); 4*lines >= 3*shown {
			c.room = min(max(step(Layer{s, 2}), c.least), c.most)
			return
		}
	}
}
