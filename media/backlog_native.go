//go:build !js

package media

import (
	"time"

	"github.com/bifrons-rtc/bifrons/media/internal/rtpflow"
)

// Bounds of a backlog.
const (
	earlyTime    = 2 * time.Second
	earlyPackets = 1024
	earlyBytes   = 1 << 20
)

// backlog keeps the first packets of a track, until somebody who just read of
// the track attaches a sink: the first keyframe is among them. The zero value is
// ready to use.
type backlog struct {
	packets []rtpflow.Packet
	bytes   int
	over    bool
}

// keep adds a copy of p. A backlog that is too large is of no use to anybody.
func (b *backlog) keep(p *rtpflow.Packet) {
	if b.over {
		return
	}
	if len(b.packets) > 0 && p.Arrival.Sub(b.packets[0].Arrival) > earlyTime ||
		len(b.packets) == earlyPackets || b.bytes > earlyBytes {
		b.take()
		return
	}
	c := *p
	c.Payload = append([]byte(nil), p.Payload...)
	b.packets = append(b.packets, c)
	b.bytes += len(c.Payload)
}

// take empties the backlog for good.
func (b *backlog) take() []rtpflow.Packet {
	packets := b.packets
	b.packets, b.bytes, b.over = nil, 0, true
	return packets
}
