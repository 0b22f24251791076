package rtpflow

import "encoding/binary"

// Parse reads an RTP packet (RFC 3550 §5.1) into p, whose payload is part of b,
// without allocating. It reports whether b is one.
func Parse(b []byte, p *Packet) bool {
	if len(b) < 12 || b[0]>>6 != 2 {
		return false
	}
	start, end := 12+4*int(b[0]&0x0f), len(b)
	if b[0]&0x10 != 0 { // extension
		if len(b) < start+4 {
			return false
		}
		start += 4 + 4*int(binary.BigEndian.Uint16(b[start+2:]))
	}
	if b[0]&0x20 != 0 { // padding
		end -= int(b[end-1])
	}
	if start > end {
		return false
	}
	p.Marker = b[1]&0x80 != 0
	p.Seq = binary.BigEndian.Uint16(b[2:])
	p.Timestamp = binary.BigEndian.Uint32(b[4:])
	p.SSRC = binary.BigEndian.Uint32(b[8:])
	p.Payload = b[start:end]
	return true
}
