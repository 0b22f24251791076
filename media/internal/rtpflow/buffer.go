// Package rtpflow turns the RTP packets of a track into frames, and gives the
// frames of several tracks their place on one clock.
package rtpflow

import "time"

// Packet is what the rest of this package needs of an RTP packet.
type Packet struct {
	Seq       uint16
	Timestamp uint32
	SSRC      uint32
	Marker    bool
	Payload   []byte
	Arrival   time.Time
}

// Order says how a packet follows the one handed out before it.
type Order struct {
	Lost    int  // packets in between that never came
	Restart bool // another stream, or the same one from another place
}

const (
	ring = 512                    // packets held while one is missing
	wait = 250 * time.Millisecond // for it; a NACK and its answer fit
)

// Buffer puts the packets of one track in order. A missing one is waited for,
// within bounds; late and doubled ones are dropped.
type Buffer struct {
	emit func(*Packet, Order)

	started bool
	ssrc    uint32
	next    uint16 // the packet to hand out
	held    int
	since   time.Time // the first held packet arrived
	slots   []slot    // made when first needed
	jumped  bool
	strange slot // the packet that jumped back
	restart bool
	lost    int // since the last packet handed out
}

type slot struct {
	used bool
	p    Packet
	buf  []byte // kept from packet to packet
}

// NewBuffer returns a buffer that hands packets to emit, on the goroutine that
// calls Push. A packet's payload is valid until emit returns.
func NewBuffer(emit func(*Packet, Order)) *Buffer { return &Buffer{emit: emit} }

// Push takes a packet as it arrived and copies what it keeps.
func (b *Buffer) Push(p *Packet) {
	if !b.started || p.SSRC != b.ssrc {
		b.begin(p)
	}
	ahead := int(int16(p.Seq - b.next))
	switch {
	case ahead < -ring:
		// Two in a row from far back are a sender that started anew (RFC 3550
		// A.1); one is a stray.
		if !b.jumped || p.Seq != b.strange.p.Seq+1 {
			b.jumped = true
			b.strange.set(p)
			return
		}
		b.begin(&b.strange.p)
		b.out(&b.strange.p)
	case ahead < 0:
		return // late or doubled
	case ahead >= 6*ring:
		b.begin(p)
	}
	b.jumped = false
	if ahead = int(p.Seq - b.next); ahead == 0 && b.held == 0 {
		b.out(p)
		return
	}
	for ; ahead >= ring; ahead = int(p.Seq - b.next) {
		b.skip() // no room: give up the oldest
	}
	b.hold(p)
	b.drain()
	for b.held > 0 && p.Arrival.Sub(b.since) > wait {
		b.skip()
		b.drain()
	}
}

// Flush hands out what is held, without waiting for what is missing.
func (b *Buffer) Flush() {
	for b.held > 0 {
		b.skip()
		b.drain()
	}
}

// begin makes p the first packet of a stream.
func (b *Buffer) begin(p *Packet) {
	b.Flush()
	b.restart = b.started
	b.started, b.ssrc, b.next = true, p.SSRC, p.Seq
	b.lost, b.jumped = 0, false
}

func (b *Buffer) hold(p *Packet) {
	if b.slots == nil {
		b.slots = make([]slot, ring)
	}
	s := &b.slots[p.Seq%ring]
	if s.used {
		return // doubled
	}
	if b.held == 0 {
		b.since = p.Arrival
	}
	b.held++
	s.used = true
	s.set(p)
}

func (s *slot) set(p *Packet) {
	s.buf = append(s.buf[:0], p.Payload...)
	s.p = *p
	s.p.Payload = s.buf
}

// drain hands out held packets up to the next one missing.
func (b *Buffer) drain() {
	for b.held > 0 {
		s := &b.slots[b.next%ring]
		if !s.used {
			return
		}
		s.used = false
		b.held--
		b.since = s.p.Arrival // what is left waits at least from then
		b.out(&s.p)
	}
}

// skip gives up the next packet, or hands it out if it is there.
func (b *Buffer) skip() {
	if b.held > 0 && b.slots[b.next%ring].used {
		b.drain()
		return
	}
	b.next++
	b.lost++
}

func (b *Buffer) out(p *Packet) {
	o := Order{Lost: b.lost, Restart: b.restart}
	b.lost, b.restart = 0, false
	b.next = p.Seq + 1
	b.emit(p, o)
}
