//go:build !js

package media

import (
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
)

// sendCounts are the numbers of a stream we send.
type sendCounts struct {
	packets, bytes, frames uint64
	nack, pli, fir         uint64

	lost     int64
	fraction float64
	jitter   uint32 // in ticks
	rtt      time.Duration
}

// feedback counts what the receiver says about the stream ssrc, and reports
// whether it wants a keyframe.
func (c *sendCounts) feedback(p rtcp.Packet, ssrc uint32, now time.Time) (keyframe bool) {
	switch p := p.(type) {
	case *rtcp.PictureLossIndication:
		if p.MediaSSRC == ssrc {
			c.pli++
			return true
		}
	case *rtcp.FullIntraRequest:
		for _, f := range p.FIR {
			if f.SSRC == ssrc {
				c.fir++
				keyframe = true
			}
		}
	case *rtcp.TransportLayerNack:
		if p.MediaSSRC == ssrc {
			c.nack++
		}
	case *rtcp.ReceiverReport:
		c.report(p.Reports, ssrc, now)
	case *rtcp.SenderReport:
		c.report(p.Reports, ssrc, now)
	}
	return keyframe
}

func (c *sendCounts) report(blocks []rtcp.ReceptionReport, ssrc uint32, now time.Time) {
	for _, b := range blocks {
		if b.SSRC != ssrc {
			continue
		}
		c.lost = int64(int32(b.TotalLost<<8) >> 8) // 24 bits, signed
		c.fraction = float64(b.FractionLost) / 256
		c.jitter = b.Jitter
		if b.LastSenderReport == 0 {
			continue
		}
		// RFC 3550 §6.4.1, in units of 1/65536 s.
		units := int32(ntpMiddle(now) - b.LastSenderReport - b.Delay)
		if units >= 0 {
			c.rtt = time.Duration(units) * time.Second >> 16
		}
	}
}

// ntpMiddle returns the middle 32 bits of the NTP time.
func ntpMiddle(t time.Time) uint32 {
	const since1900 = 2208988800
	seconds := uint64(t.Unix() + since1900)
	fraction := uint64(t.Nanosecond()) << 32 / uint64(time.Second)
	return uint32((seconds<<32 | fraction) >> 16)
}

// receiveCounts are the numbers of a stream we receive (RFC 3550 A.3, A.8).
type receiveCounts struct {
	packets, bytes, frames uint64
	pli                    uint64

	started     bool
	first, high int64 // sequence numbers, without wrapping
	ssrc        uint32
	missed      int64 // of the streams before this ssrc
	since       uint64
	transit     int64 // in ticks
	jitter      float64
}

// add counts a packet.
func (c *receiveCounts) add(seq uint16, ts, ssrc uint32, size int, arrival time.Time, rate int) {
	if !c.started || ssrc != c.ssrc {
		c.missed = c.lost()
		c.started, c.ssrc, c.since = true, ssrc, c.packets
		c.first, c.high = int64(seq), int64(seq)
		c.transit = 0
	}
	c.packets++
	c.bytes += uint64(size)
	if ahead := int64(int16(seq - uint16(c.high))); ahead > 0 {
		c.high += ahead
	}
	if rate == 0 {
		return
	}
	ticks := arrival.Unix()*int64(rate) + int64(arrival.Nanosecond())*int64(rate)/int64(time.Second)
	transit := int64(int32(uint32(ticks) - ts))
	if c.transit != 0 {
		d := transit - c.transit
		if d < 0 {
			d = -d
		}
		c.jitter += (float64(d) - c.jitter) / 16
	}
	c.transit = transit
}

// lost may be below zero for a moment: packets resent twice.
func (c *receiveCounts) lost() int64 {
	if !c.started {
		return 0
	}
	return c.missed + c.high - c.first + 1 - int64(c.packets-c.since)
}

// ticksToTime converts RTP ticks.
func ticksToTime(ticks float64, rate int) time.Duration {
	if rate == 0 {
		return 0
	}
	return time.Duration(ticks / float64(rate) * float64(time.Second))
}

// parseRTCP parses a compound packet, or takes what an interceptor parsed.
func parseRTCP(b []byte, a interceptor.Attributes) []rtcp.Packet {
	if a == nil {
		a = make(interceptor.Attributes)
	}
	packets, err := a.GetRTCPPackets(b)
	if err != nil {
		return nil
	}
	return packets
}
