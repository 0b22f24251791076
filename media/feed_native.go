//go:build !js

package media

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/media/internal/codec"
)

// feed is the native inside of a Source: encoded frames, for the senders it was
// added to.
type feed struct {
	codec  Codec
	name   string  // of the codec
	player *player // nil: the application writes

	keys  chan struct{} // holds a token after a request for a keyframe
	ended chan struct{} // closed by end

	mu      sync.RWMutex // protects what follows; read while frames are sent
	senders []*sender
	live    int           // senders that are connected
	alive   chan struct{} // closed while live > 0
	cause   error
	over    bool
	wrote   bool
	last    time.Duration // the last sample written
	next    time.Duration // where it ended
}

func newFeed(c Codec) (*feed, error) {
	return &feed{
		codec: c,
		name:  c.Name(),
		keys:  make(chan struct{}, 1),
		ended: make(chan struct{}),
		alive: make(chan struct{}),
	}, nil
}

// push sends a frame to every sender. One goroutine at a time calls it.
func (f *feed) push(data []byte, pts time.Duration) {
	key := codec.Keyframe(f.name, data)
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.over {
		return
	}
	for _, s := range f.senders {
		s.send(data, pts, key)
	}
}

// write implements [SampleSource.Write].
func (f *feed) write(ctx context.Context, smp Sample) error {
	f.mu.RLock()
	alive, wrote := f.alive, f.wrote
	f.mu.RUnlock()
	if !wrote {
		select {
		case <-alive:
		case <-f.ended:
			return fmt.Errorf("media: write sample: %w", ErrClosed)
		case <-ctx.Done():
			return fmt.Errorf("media: write sample: no peer is connected: %w", ctx.Err())
		}
	}
	f.mu.Lock()
	if f.over {
		f.mu.Unlock()
		return fmt.Errorf("media: write sample: %w", ErrClosed)
	}
	pts := smp.PTS
	if f.wrote && pts <= f.last {
		pts = max(f.next, f.last+1)
	}
	f.wrote, f.last, f.next = true, pts, pts+smp.Duration
	f.mu.Unlock()
	f.push(smp.Data, pts)
	return nil
}

func (f *feed) keyframes() <-chan struct{} { return f.keys }

func (f *feed) requestKeyframe() { signal(f.keys) }

func (f *feed) attach(s *sender) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.senders = append(f.senders, s)
}

// detach returns when no frame is on its way to s any more.
func (f *feed) detach(s *sender) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.Index(f.senders, s); i >= 0 {
		f.senders = slices.Delete(f.senders, i, i+1)
	}
}

// count takes note of a sender that became connected (+1) or no longer is (-1).
func (f *feed) count(n int) {
	f.mu.Lock()
	was := f.live > 0
	f.live += n
	switch is := f.live > 0; {
	case is && !was:
		close(f.alive)
	case was && !is:
		f.alive = make(chan struct{})
	}
	f.mu.Unlock()
	if f.player != nil {
		f.player.update()
	}
}

func (f *feed) isLive() bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.live > 0 && !f.over
}

func (f *feed) done() <-chan struct{} { return f.ended }

func (f *feed) err() error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.cause
}

// end ends the feed; only the first cause counts.
func (f *feed) end(cause error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		return
	}
	f.over, f.cause = true, cause
	close(f.ended)
}

func (f *feed) close() error {
	f.end(fmt.Errorf("media: source: %w", ErrClosed))
	if f.player != nil {
		f.player.release(f)
	}
	return nil
}
