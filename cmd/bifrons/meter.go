//go:build !js

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/bifrons-rtc/bifrons/media"
)

// meter counts what one or two peers send and receive, which may be replaced by
// others meanwhile.
type meter struct {
	drawn, logged  time.Time
	counted        time.Time // zero: never
	sent, received uint64
}

// calmly is how often a run that may take days says something to a log.
const calmly = 5 * time.Second

// due says what of the counters is to be shown now.
type due struct{ draw, log bool }

func (d due) any() bool { return d.draw || d.log }

// look returns the rates since it last said that something is due.
func (m *meter) look(ctx context.Context, now time.Time, live bool, peers ...*media.Peer) (rates, due) {
	first := m.counted.IsZero()
	if first {
		m.drawn, m.logged = now, now
	}
	d := due{draw: live && now.Sub(m.drawn) >= report, log: now.Sub(m.logged) >= calmly}
	if !first && !d.any() {
		return rates{}, d
	}
	var sent, received uint64
	for _, p := range peers {
		if p == nil {
			continue
		}
		if s, err := p.Stats(ctx); err == nil {
			sent, received = sent+s.BytesSent, received+s.BytesReceived
		}
	}
	elapsed := now.Sub(m.counted)
	r := rates{Sent: bitrate(m.sent, sent, elapsed), Received: bitrate(m.received, received, elapsed)}
	m.counted, m.sent, m.received = now, sent, received
	if d.draw {
		m.drawn = now
	}
	if d.log {
		m.logged = now
	}
	return r, d
}

// running shows how something that runs does: on the line that changes, or now
// and then on one that stays, with the object v.
func (d *display) running(now time.Time, due due, text string, v any) {
	text = fmt.Sprintf("%7.1f s  %s", now.Sub(d.began).Seconds(), text)
	if due.draw {
		d.draw(text)
	}
	if due.log {
		if !d.live {
			d.app.say(text + "\n")
		}
		d.object(v)
	}
}
