package rtpflow

import (
	"slices"
	"time"
)

// Bounds of what is believed. Packets do not arrive before they are sent, but
// the first one may have been late; a stall of the network is no new start.
const (
	early   = time.Second
	late    = 5 * time.Second
	maxSkew = 2 * time.Second // between what arrival and what reports say, or two reports
)

// memory is how many reports are looked at. A sender takes the time of a report
// from when it sent its media, which may be late and is never early: of several the
// earliest is right. The clocks of a sender do not part much meanwhile.
const memory = 4

// Timeline is the clock that the tracks of one recording share. It starts at
// the first packet.
type Timeline struct {
	origin       time.Time
	audio, video *Clock
}

// Clock places the frames of one track on the timeline: by the time of arrival
// first, by the sender's reports (RFC 3550 §6.4.1) once both tracks have one.
// Sound keeps its place then and the picture moves.
type Clock struct {
	line     *Timeline
	rate     int64
	anchored bool
	last     uint32        // timestamp
	ticks    int64         // last, without wrapping
	offset   time.Duration // of tick zero on the timeline

	reports int
	recent  [memory]time.Duration // what the last ones said: tick zero on the sender's clock
}

// Audio returns the clock of the sound.
func (l *Timeline) Audio(rate int) *Clock {
	l.audio = &Clock{line: l, rate: int64(rate)}
	return l.audio
}

// Video returns the clock of the picture.
func (l *Timeline) Video(rate int) *Clock {
	l.video = &Clock{line: l, rate: int64(rate)}
	return l.video
}

// Observe looks at a frame before the recording starts: of several the one that
// was on its way for the shortest time sets the clock.
func (c *Clock) Observe(ts uint32, arrival time.Time, restart bool) {
	at := c.At(ts, arrival, restart)
	if ahead := at - arrival.Sub(c.line.origin); ahead > 0 && c.reports == 0 {
		c.offset -= ahead
	}
}

// At returns the place of the frame with RTP timestamp ts.
func (c *Clock) At(ts uint32, arrival time.Time, restart bool) time.Duration {
	if c.line.origin.IsZero() {
		c.line.origin = arrival
	}
	now := arrival.Sub(c.line.origin)
	c.advance(ts)
	at := c.offset + c.duration(c.ticks)
	ahead := at - now
	if !c.anchored || ahead > early || ahead < -late || restart && ahead.Abs() > early/2 {
		c.anchored, c.reports = true, 0
		c.offset += now - at
		at = now
	}
	return at
}

// Report takes a sender report: the sender's clock said ntp when its media was
// at ts.
func (c *Clock) Report(ntp uint64, ts uint32) {
	if !c.anchored {
		return
	}
	ticks := c.ticks + int64(int32(ts-c.last))
	c.note(ntpTime(ntp) - c.duration(ticks))
	a, v := c.line.audio, c.line.video
	if a == nil || v == nil || a.reports == 0 || v.reports == 0 {
		return
	}
	move := v.sent() - a.sent() + a.offset - v.offset
	if move.Abs() <= maxSkew {
		v.offset += move
	}
}

// note keeps what a report said. Where that is far from what others did, the clock
// of the sender was set, or this one is wrong: it counts alone, until the next.
func (c *Clock) note(sent time.Duration) {
	if c.reports > 0 && (sent-c.sent()).Abs() > maxSkew {
		c.reports = 0
	}
	c.recent[c.reports%memory] = sent
	c.reports++
}

// sent returns where the sender's clock was at tick zero.
func (c *Clock) sent() time.Duration { return slices.Min(c.recent[:min(c.reports, memory)]) }

func (c *Clock) advance(ts uint32) {
	if c.anchored {
		c.ticks += int64(int32(ts - c.last))
	}
	c.last = ts
}

// duration converts ticks without overflow.
func (c *Clock) duration(ticks int64) time.Duration {
	return time.Duration(ticks/c.rate)*time.Second + time.Duration(ticks%c.rate)*time.Second/time.Duration(c.rate)
}

// ntpTime converts 32.32 fixed point; only differences have a meaning.
func ntpTime(ntp uint64) time.Duration {
	return time.Duration(ntp>>32)*time.Second + time.Duration(ntp&0xffffffff*uint64(time.Second)>>32)
}
