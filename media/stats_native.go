//go:build !js

package media

import (
	"context"
	"fmt"
	"time"

	"github.com/pion/webrtc/v4"
)

func (e *engine) stats(context.Context) (*Stats, error) {
	s := &Stats{
		Time:          time.Now(),
		BytesSent:     e.past.sent.Load(),
		BytesReceived: e.past.received.Load(),
		Raw:           e.report(),
	}
	e.mu.Lock()
	senders := append([]*sender(nil), e.senders...)
	tracks := append(append([]*track(nil), e.tracks...), e.orphans...)
	e.mu.Unlock()
	for _, x := range senders {
		n := x.stats()
		s.BytesSent += n.Bytes
		s.Streams = append(s.Streams, n)
	}
	for _, x := range tracks {
		n := x.stats()
		s.BytesReceived += n.Bytes
		s.Streams = append(s.Streams, n)
	}
	ice := e.pc.SCTP().Transport().ICETransport()
	if ice.State() == webrtc.ICETransportStateNew {
		return s, nil // and pion sets it up at this moment, perhaps, without care for who looks
	}
	if pair, err := ice.GetSelectedCandidatePair(); err == nil && pair != nil {
		s.Local, s.Remote = describeCandidate(pair.Local), describeCandidate(pair.Remote)
	}
	if pair, ok := ice.GetSelectedCandidatePairStats(); ok {
		s.RTT = time.Duration(pair.CurrentRoundTripTime * float64(time.Second))
	}
	return s, nil
}

func describeCandidate(c *webrtc.ICECandidate) string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("%s %s %s:%d", c.Typ, c.Protocol, c.Address, c.Port)
}

func (s *sender) stats() StreamStats {
	mid := s.mid()
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &s.counts
	return StreamStats{
		MID:          mid,
		Kind:         s.codec.Kind,
		Sent:         true,
		Codec:        s.codec.Name(),
		Packets:      c.packets,
		Bytes:        c.bytes,
		Frames:       c.frames,
		Lost:         c.lost,
		FractionLost: c.fraction,
		Jitter:       ticksToTime(float64(c.jitter), int(s.out.rate)),
		RTT:          c.rtt,
		NACK:         c.nack,
		PLI:          c.pli,
		FIR:          c.fir,
	}
}

func (t *track) stats() StreamStats {
	at := t.line()
	mid := at.e.midOf(at.receiver)
	t.mu.Lock()
	defer t.mu.Unlock()
	c := &t.counts
	return StreamStats{
		MID:     mid,
		Kind:    t.codec.Kind,
		Codec:   t.codec.Name(),
		Packets: c.packets,
		Bytes:   c.bytes,
		Frames:  c.frames,
		Lost:    c.lost(),
		Jitter:  ticksToTime(c.jitter, t.codec.ClockRate),
		PLI:     c.pli,
	}
}

// report returns pion's statistics. pion (4.2.20) does not expect that it is closed
// meanwhile.
func (e *engine) report() webrtc.StatsReport {
	e.counting.RLock()
	defer e.counting.RUnlock()
	if e.over {
		return webrtc.StatsReport{}
	}
	return e.pc.GetStats()
}
