package media

import (
	"context"
	"slices"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// take waits for the turn to have the browser change something.
func (s *sender) take(ctx context.Context, op string) (release func(), err error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("media: %s: %w", op, ctx.Err())
	}
	s.mu.Lock()
	gone := s.gone
	s.mu.Unlock()
	if gone {
		<-s.turn
		return nil, fmt.Errorf("media: %s: sender: %w", op, ErrClosed)
	}
	return func() { <-s.turn }, nil
}

func (s *sender) replace(ctx context.Context, src Source) error {
	var after *feed
	copied := js.Null()
	if src != nil {
		if after = src.source(); after.kind != s.k {
			return &CodecError{
				Kind: after.kind, MID: s.mid(), Reason: "this sender is for " + s.k.String(),
				Fix: "add the source and negotiate again",
			}
		}
	}
	release, err := s.take(ctx, "replace")
	if err != nil {
		return err
	}
	defer release()
	if after != nil {
		copied = after.copy()
		s.mu.Lock()
		copied.Set("enabled", !s.muted)
		s.mu.Unlock()
	}
	promise, err := call(s.rtp, "replaceTrack", copied)
	if err == nil {
		_, err = s.e.await(ctx, promise)
	}
	if err == nil {
		err = s.swap(after, copied)
	}
	if err != nil && after != nil {
		after.drop(copied)
	}
	if err != nil {
		return fmt.Errorf("media: replace: %w", err)
	}
	return nil
}

// swap takes note of what is sent now.
func (s *sender) swap(after *feed, copied js.Value) error {
	s.mu.Lock()
	if s.gone {
		s.mu.Unlock()
		return fmt.Errorf("sender: %w", ErrClosed)
	}
	before, old, counted := s.feed, s.copy, s.live
	s.feed, s.copy, s.live = after, copied, false
	if after != nil {
		copied.Set("enabled", !s.muted)
	}
	s.mu.Unlock()
	if before != nil {
		before.drop(old)
		if counted {
			before.count(-1)
		}
	}
	s.update()
	return nil
}

func (s *sender) mute(on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return fmt.Errorf("media: mute: sender: %w", ErrClosed)
	}
	s.muted = on
	if s.feed != nil {
		s.copy.Set("enabled", !on)
	}
	return nil
}

func (s *sender) isMuted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.muted
}

func (s *sender) remove() error {
	s.e.mu.Lock()
	i := slices.Index(s.e.senders, s)
	if i >= 0 {
		s.e.senders = slices.Delete(s.e.senders, i, i+1)
	}
	s.e.mu.Unlock()
	if i < 0 {
		return nil
	}
	if _, err := call(s.e.pc, "removeTrack", s.rtp); err != nil {
		s.retire()
		return fmt.Errorf("media: remove: %w", err)
	}
	s.retire()
	return nil
}

// retire lets go of the feed for good.
func (s *sender) retire() {
	s.mu.Lock()
	f, c, counted := s.feed, s.copy, s.live
	s.feed, s.gone, s.live = nil, true, false
	s.mu.Unlock()
	if f == nil {
		return
	}
	f.drop(c)
	if counted {
		f.count(-1)
	}
}
