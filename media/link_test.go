package media_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// link is a handle in memory. What one end trickles the other observes, on the
// goroutine that trickles.
type link struct {
	other   *link
	events  chan client.Event
	skipped []client.Event // by await

	mu        sync.Mutex
	observers map[int]func(client.Event) bool
	next      int
	sent      []client.Candidate
	ends      int
	fail      error // of Trickle
	mute      bool  // lose candidates
}

var _ media.Link = (*link)(nil)

func newLinks() (a, b *link) {
	a = &link{events: make(chan client.Event, 1024), observers: map[int]func(client.Event) bool{}}
	b = &link{events: make(chan client.Event, 1024), observers: map[int]func(client.Event) bool{}, other: a}
	a.other = b
	return a, b
}

func (l *link) Trickle(_ context.Context, candidates ...client.Candidate) error {
	l.mu.Lock()
	l.sent = append(l.sent, candidates...)
	if len(candidates) == 0 {
		l.ends++
	}
	fail, mute := l.fail, l.mute
	l.mu.Unlock()
	if fail != nil || mute {
		return fail
	}
	for _, c := range candidates {
		c.SDPMid = "" // as Janus may
		l.other.deliver(&client.RemoteCandidate{Candidate: &c})
	}
	if len(candidates) == 0 {
		l.other.deliver(&client.RemoteCandidate{})
	}
	return nil
}

func (l *link) Post(ev client.Event) { l.events <- ev }

func (l *link) Observe(f func(client.Event) bool) (stop func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := l.next
	l.next++
	l.observers[id] = f
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.observers, id)
	}
}

// deliver is the gateway's event.
func (l *link) deliver(ev client.Event) (kept bool) {
	l.mu.Lock()
	var all []func(client.Event) bool
	for _, f := range l.observers {
		all = append(all, f)
	}
	l.mu.Unlock()
	for _, f := range all {
		kept = f(ev) || kept
	}
	return kept
}

// await returns the next event of type E, and keeps those of other types.
func await[E client.Event](t *testing.T, l *link) E {
	t.Helper()
	for i, ev := range l.skipped {
		if e, ok := ev.(E); ok {
			l.skipped = slices.Delete(l.skipped, i, i+1)
			return e
		}
	}
	deadline := time.NewTimer(15 * time.Second)
	defer deadline.Stop()
	for {
		select {
		case ev := <-l.events:
			if e, ok := ev.(E); ok {
				return e
			}
			l.skipped = append(l.skipped, ev)
		case <-deadline.C:
			var none E
			require.FailNow(t, "no event", "%T", none)
			return none
		}
	}
}

// awaitState waits until the peer is in state s.
func awaitState(t *testing.T, l *link, s media.State) *media.StateChanged {
	t.Helper()
	for {
		if ev := await[*media.StateChanged](t, l); ev.State == s {
			return ev
		}
	}
}
