//go:build !js

package gateway

import (
	"sync"
	"sync/atomic"

	"github.com/pion/webrtc/v4"
)

// talkers are the sounds of a publisher that are listened to, by mid.
type talkers struct {
	byMID atomic.Pointer[map[string]*talker]
}

// talker finds out whether somebody talks, from the levels that the packets say
// (RFC 6464): from the mean of so many packets to that of the next.
type talker struct {
	packets, average int
	changed          func(talking bool, level float64)

	mu      sync.Mutex // guards what follows
	count   int
	sum     int
	talking bool
}

// listen says who is listened to from now on; nil is nobody.
func (t *talkers) listen(byMID map[string]*talker) { t.byMID.Store(&byMID) }

// packet is what a peer says of every packet.
func (t *talkers) packet(in *inlet, _ int, level *uint8) {
	list := t.byMID.Load()
	if level == nil || list == nil || in.kind != webrtc.RTPCodecTypeAudio {
		return
	}
	if talker := (*list)[in.mid]; talker != nil {
		talker.hear(int(*level))
	}
}

// is says whether somebody talks.
func (t *talker) is() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.talking
}

// hear takes the level of one packet, in -dBov: 127 is silence.
func (t *talker) hear(level int) {
	t.mu.Lock()
	t.sum += level
	if t.count++; t.count < t.packets {
		t.mu.Unlock()
		return
	}
	mean := float64(t.sum) / float64(t.count)
	t.count, t.sum = 0, 0
	was := t.talking
	t.talking = mean < float64(t.average)
	now := t.talking
	t.mu.Unlock()
	if now != was {
		t.changed(now, mean)
	}
}

// listen listens to the sounds of p, if the room wants that.
func (p *publisher) listen() {
	if !p.room.levelEvent {
		return
	}
	byMID := make(map[string]*talker)
	for _, s := range p.streams {
		if s.talk != nil && !s.disabled {
			byMID[s.mid] = s.talk
		}
	}
	p.h.talk.listen(byMID)
}

// talks tells the room that somebody began to talk, or stopped.
func (s *feedStream) talks(talking bool, level float64) {
	p := s.pub
	p.h.v.mu.Lock()
	defer p.h.v.mu.Unlock()
	if p.room == nil || !p.active {
		return
	}
	what := "stopped-talking"
	if talking {
		what = "talking"
	}
	p.room.tell(object{"videoroom": what, "room": p.room.id, "id": p.id, "mindex": s.mindex, "mid": s.mid, "audio-level-dBov-avg": level})
}

// talking says whether p talks; nil if nobody listens.
func (p *publisher) talking() *bool {
	var talking *bool
	for _, s := range p.streams {
		if s.talk != nil && (talking == nil || s.talk.is()) {
			talking = new(s.talk.is())
		}
	}
	return talking
}
