package faultproxy

import (
	"encoding/binary"
	"slices"
)

// frame is one frame of a WebSocket (RFC 6455, section 5.2), or one message that
// has no framing.
type frame struct {
	bare    bool // without framing: the rest but the payload means nothing
	first   byte // FIN, RSV and opcode
	masked  bool
	mask    [4]byte
	payload []byte // unmasked
}

const (
	finBit       = 0x80
	wholeText    = finBit | 1 // a message in one frame
	opcodeBits   = 0x0f
	controlBit   = 0x08 // of the opcode
	maskedBit    = 0x80 // of the second byte
	len16, len64 = 126, 127
)

// xor masks or unmasks.
func (f frame) xor(b []byte) {
	if !f.masked {
		return
	}
	for i := range b {
		b[i] ^= f.mask[i%4]
	}
}

// appendTo appends the frame as it is on the wire.
func (f frame) appendTo(b []byte) []byte {
	if f.bare {
		return append(b, f.payload...)
	}
	second := byte(0)
	if f.masked {
		second = maskedBit
	}
	switch n := len(f.payload); {
	case n < len16:
		b = append(b, f.first, second|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, f.first, second|len16), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, f.first, second|len64), uint64(n))
	}
	if f.masked {
		b = append(b, f.mask[:]...)
	}
	start := len(b)
	b = append(b, f.payload...)
	f.xor(b[start:])
	return b
}

// whole says that the frame must not be split: RFC 6455, section 5.4.
func (f frame) whole() bool { return !f.bare && f.first&controlBit != 0 }

// truncate returns the frame with the start of its payload.
func (f frame) truncate(at int) frame {
	if len(f.payload) > 0 {
		f.payload = f.payload[:at%len(f.payload)]
	}
	return f
}

// flip returns the frame with one bit of its payload turned over.
func (f frame) flip(bit int) frame {
	if n := len(f.payload); n > 0 {
		f.payload = slices.Clone(f.payload)
		f.payload[bit/8%n] ^= 1 << (bit % 8)
	}
	return f
}

// split returns the frame in two parts.
func (f frame) split(at int) []frame {
	if f.whole() || len(f.payload) == 0 {
		return []frame{f}
	}
	at %= len(f.payload)
	a, b := f, f
	a.payload, b.payload = f.payload[:at], f.payload[at:]
	a.first &^= finBit
	b.first &= finBit // a continuation
	return []frame{a, b}
}
