//go:build !js

package media

import (
	"context"
	"fmt"
	"slices"
	"time"
)

func (s *sender) replace(_ context.Context, src Source) error {
	var f *feed
	if src != nil {
		f = src.source()
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	s.mu.Lock()
	before, gone := s.feed, s.gone
	s.mu.Unlock()
	switch {
	case gone:
		return fmt.Errorf("media: replace: sender: %w", ErrClosed)
	case f != nil && f.codec.MIME != s.codec.MIME:
		return &CodecError{
			Kind:   f.codec.Kind,
			MID:    s.mid(),
			Codec:  f.codec.Name(),
			Reason: "this sender was negotiated for " + s.codec.Name(),
			Fix:    "remove it, add the source and negotiate again",
		}
	case before != f:
		s.swap(before, f)
	}
	return nil
}

// swap changes the feed. It needs s.changing.
func (s *sender) swap(before, after *feed) {
	if before != nil {
		before.detach(s)
	}
	s.mu.Lock()
	counted := s.live
	s.live, s.feed, s.waitKey = false, after, true
	s.out.rebase()
	s.mu.Unlock()
	if before != nil && counted {
		before.count(-1)
	}
	if after != nil {
		after.attach(s)
		after.requestKeyframe()
	}
	s.update()
}

func (s *sender) mute(on bool) error {
	s.mu.Lock()
	if s.gone {
		s.mu.Unlock()
		return fmt.Errorf("media: mute: sender: %w", ErrClosed)
	}
	was, f := s.muted, s.feed
	s.muted = on
	s.mu.Unlock()
	if was && !on && f != nil && s.codec.Kind == Video {
		f.requestKeyframe()
	}
	return nil
}

func (s *sender) isMuted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.muted
}

func (s *sender) configure(context.Context, SendParameters) error {
	return unsupported("configure", encoded)
}

func (s *sender) dtmf(context.Context, string, time.Duration, time.Duration) error {
	return unsupported("DTMF", "only in a browser")
}

func (s *sender) remove() error {
	at := s.line()
	at.e.mu.Lock()
	i := slices.Index(at.e.senders, s)
	if i >= 0 {
		at.e.senders = slices.Delete(at.e.senders, i, i+1)
	}
	at.e.mu.Unlock()
	if i < 0 {
		return nil
	}
	s.retire()
	if err := at.e.pc.RemoveTrack(at.rtp); err != nil {
		return fmt.Errorf("media: remove: %w", err)
	}
	return nil
}

// retire lets go of the feed for good.
func (s *sender) retire() {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.mu.Lock()
	f := s.feed
	if !s.gone {
		s.at.e.past.sent.Add(s.counts.bytes)
	}
	s.gone = true
	s.mu.Unlock()
	if f != nil {
		f.detach(s)
	}
	s.update()
}
