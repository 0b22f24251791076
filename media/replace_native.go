//go:build !js

package media

import (
	"context"
	"fmt"
	"slices"

	"github.com/pion/webrtc/v4"
)

func (s *sender) replace(_ context.Context, src Source) error {
	var f *feed
	if src != nil {
		f = src.source()
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	s.mu.Lock()
	before, gone, err := s.feed, s.gone, s.acceptable(f)
	s.mu.Unlock()
	switch {
	case gone:
		return fmt.Errorf("media: replace: sender: %w", ErrClosed)
	case err != nil:
		return err
	case before != f:
		s.swap(before, f)
	}
	return nil
}

// acceptable needs s.mu.
func (s *sender) acceptable(f *feed) error {
	if f == nil || s.feed != nil && f.codec.MIME == s.feed.codec.MIME {
		return nil
	}
	ok := slices.ContainsFunc(s.codecs, func(p webrtc.RTPCodecParameters) bool {
		return sameCodec(f.codec, p) && uint8(p.PayloadType) == s.out.payloadType()
	})
	if f.codec.Kind == s.k && ok {
		return nil
	}
	return &CodecError{
		Kind:   f.codec.Kind,
		MID:    s.mid(),
		Codec:  f.codec.Name(),
		Reason: "not what was negotiated for this sender",
		Fix:    "remove the sender, add the source and negotiate again",
	}
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
	if was && !on && f != nil && s.k == Video {
		f.requestKeyframe()
	}
	return nil
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
	s.retire()
	if err := s.e.pc.RemoveTrack(s.rtp); err != nil {
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
		s.e.past.sent.Add(s.counts.bytes)
	}
	s.gone = true
	s.mu.Unlock()
	if f != nil {
		f.detach(s)
	}
	s.update()
}
