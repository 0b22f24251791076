package media

import (
	"slices"
	"strings"
)

// remains is what one engine leaves to the next. Its senders remember their mids.
type remains struct {
	tracks         []*track
	channels       []*channel
	sent, received uint64 // bytes
}

// goOn brings what is left of another engine to this one. lost are mids whose
// tracks end.
func (e *engine) goOn(left remains, lines []*Sender, lost []string) error {
	e.inherit(left)
	for _, t := range left.tracks {
		if slices.Contains(lost, t.public.MID) {
			t.finish()
		}
	}
	for _, l := range lines {
		var err error
		if l.impl == nil {
			err = e.receive(l.kind)
		} else {
			err = e.resend(l.impl)
		}
		if err != nil {
			return err
		}
	}
	for _, c := range left.channels {
		if c.ours == nil {
			c.finish() // the other side opens its own again
			continue
		}
		pipe, err := e.openData(c.ours.label, c.ours.opts)
		if err != nil {
			return err
		}
		e.mu.Lock()
		e.channels = append(e.channels, c)
		e.mu.Unlock()
		c.move(e, pipe)
	}
	return nil
}

// adopted returns the orphan for an m-line, which is none any more; nil when there
// is none.
func (e *engine) adopted(mid string, k Kind, codec string) (found *track) {
	e.mu.Lock()
	e.orphans = slices.DeleteFunc(e.orphans, func(t *track) bool {
		fits := t.public.MID == mid && t.public.Kind == k && (codec == "" || strings.EqualFold(t.public.Codec.MIME, codec))
		if fits {
			found = t
		}
		return fits
	})
	e.mu.Unlock()
	return found
}

// abandon ends the orphans that the other side's description has no place for,
// before it takes effect. What came on the m-line of a sender is not what comes
// there when the sender has another one.
func (e *engine) abandon(sdp string) {
	e.mu.Lock()
	tracks, senders := append([]*track(nil), e.orphans...), append([]*sender(nil), e.senders...)
	e.mu.Unlock()
	if len(tracks) == 0 {
		return
	}
	lines := sections(sdp)
	for _, t := range tracks {
		mid, there := t.public.MID, false
		for i := range lines {
			if s := &lines[i]; s.mid == mid {
				there = s.kind == t.public.Kind.String() && s.port != 0 && !s.inactive && !s.silent
			}
		}
		for _, s := range senders {
			if now := s.mid(); now != s.was && now != "" && (now == mid || s.was == mid) {
				there = false
			}
		}
		if !there {
			t.finish()
		}
	}
}
