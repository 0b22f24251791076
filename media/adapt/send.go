package adapt

import (
	"context"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/media"
)

// SendOptions tunes [Send]. Nil means every default.
type SendOptions struct {
	// Min and Max bound the bitrate, in bits per second. Zero: 100 000 and
	// 2 000 000, where it begins.
	Min, Max int
}

const (
	defaultMin = 100_000
	defaultMax = 2_000_000
	upEvery    = 2 * time.Second // once it goes up
	news       = 20              // a change of less than one in so many is none
)

// Sender chooses the bitrate of one sent stream.
type Sender struct {
	loop

	mu   sync.Mutex // protects what follows
	rate rate
}

// Send begins to choose the bitrate of the stream that peer sends on the m-line
// mid, and calls set with each choice, in bits per second: a browser's encoder is
// told by media.Sender.Configure, and what is encoded elsewhere by whatever its
// encoder has. The rest is as with [Receive].
func Send(peer Peer, mid string, set func(ctx context.Context, bitrate int) error, opts *SendOptions) *Sender {
	var o SendOptions
	if opts != nil {
		o = *opts
	}
	if o.Min <= 0 {
		o.Min = defaultMin
	}
	asked := o.Max > 0
	if !asked {
		o.Max = max(defaultMax, o.Min)
	}
	s := &Sender{rate: rate{min: o.Min, max: max(o.Min, o.Max), value: max(o.Min, o.Max)}}
	at := s.rate.value
	if asked {
		at = 0 // it is to be told
	}
	s.begin(peer, mid, true, func(now time.Time, v verdict, _ *media.StreamStats, available int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.rate.take(now, v, available)
	}, func(ctx context.Context, again bool) {
		want := s.Bitrate()
		small := max(want-at, at-want) < at/news && want != o.Min && want != o.Max
		if (want == at || small) && !again {
			return
		}
		if at = want; set(ctx, want) != nil {
			at = 0 // nobody knows
		}
	})
	return s
}

// Bitrate returns what is chosen now, in bits per second.
func (s *Sender) Bitrate() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rate.value
}

// rate is a bitrate that goes up and down.
type rate struct {
	patience
	value, min, max int
}

// take takes note of an interval. available is what the connection is estimated to
// carry; zero is not known.
func (r *rate) take(now time.Time, v verdict, available int) {
	most := r.max
	if available > 0 {
		most = min(most, available)
	}
	switch r.steps(now, v, r.value < most, upEvery) {
	case -2:
		r.value /= 2
	case -1:
		r.value -= r.value / 5
	case 1:
		r.value += r.value / 12
	}
	r.value = max(min(r.value, most), r.min)
}
