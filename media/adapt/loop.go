package adapt

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// Peer is what is needed of a peer. *media.Peer is one.
type Peer interface {
	// Observe shows the core events of the peer's handle to f, which leaves them in
	// the stream with false.
	Observe(f func(ev client.Event) bool) (stop func())
	// Stats returns a snapshot of the counters.
	Stats(ctx context.Context) (*media.Stats, error)
	// Done is closed when the peer has closed.
	Done() <-chan struct{}
}

var _ Peer = (*media.Peer)(nil)

// loop reads the statistics of one stream and passes them on.
type loop struct {
	cancel context.CancelFunc
	over   chan struct{} // closed when its goroutine is gone
	once   sync.Once
	slow   atomic.Bool // the gateway complained since the last interval
}

// begin starts the loop: judged gets each interval, and then apply may set what
// came of it, once more than needed when the connection is another.
func (l *loop) begin(peer Peer, mid string, sent bool,
	judged func(now time.Time, v verdict, s *media.StreamStats, available int), apply func(ctx context.Context, again bool),
) {
	unobserve := peer.Observe(func(ev client.Event) bool {
		// The gateway sees it from the other side: its uplink is what it sends to us.
		if s, ok := ev.(*client.SlowLink); ok && s.MID == mid && s.Uplink != sent {
			l.slow.Store(true)
		}
		return false
	})
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel, l.over = cancel, make(chan struct{})
	// Reads the statistics and calls what was given; ends with Stop, which waits for
	// it, or with the peer.
	go func() {
		defer close(l.over)
		defer unobserve()
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		var j judge
		up, again := false, false
		for {
			select {
			case <-ctx.Done():
				return
			case <-peer.Done():
				return
			case <-ticker.C:
			}
			slow := l.slow.Swap(false)
			stats, err := peer.Stats(ctx)
			if err != nil || stats.State != media.StateConnected {
				j.forget()
				again = again || up
				up = false
				continue
			}
			up = true
			s := stats.Stream(mid, sent)
			if s == nil {
				continue
			}
			judged(time.Now(), j.look(*s, stats.RTT, slow), s, stats.Available)
			within, done := context.WithTimeout(ctx, attempt)
			apply(within, again)
			done()
			again = false
		}
	}()
}

// Stop ends the choosing: the last choice stays. It returns when nothing is called
// any more, and must not be called by what is.
func (l *loop) Stop() {
	l.once.Do(l.cancel)
	<-l.over
}
