//go:build !js

package media

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/media/internal/codec"
)

const (
	rtpHeader  = 12
	maxPacket  = 1200 // what fits every path
	maxPayload = maxPacket - rtpHeader
)

// packetizer cuts the frames of one stream into RTP packets. It needs no memory
// a packet for VP8 and Opus: pion copies what it keeps.
type packetizer struct {
	w       webrtc.TrackLocalWriter // nil: not bound
	name    string
	rate    int64
	payload rtp.Payloader // VP9 and H.264
	header  rtp.Header
	size    int // of the header
	scratch [maxPayload]byte
	picture uint16

	started bool
	based   bool
	base    uint32 // timestamp of PTS zero
	last    time.Time
}

// bind takes what was negotiated. extension is the id of the header extension
// for the mid (RFC 9143 §15), which every packet then carries; zero is none.
func (p *packetizer) bind(w webrtc.TrackLocalWriter, ssrc uint32, c webrtc.RTPCodecParameters, extension uint8, mid string) {
	p.w = w
	_, name, _ := strings.Cut(c.MimeType, "/")
	p.name, p.rate = strings.ToUpper(name), int64(c.ClockRate)
	p.header.Version, p.header.SSRC, p.header.PayloadType = 2, ssrc, uint8(c.PayloadType)
	p.header.Extension, p.header.Extensions = false, nil
	if n := len(mid); extension != 0 && n > 0 && n <= 16 { // RFC 8285 §4.2
		_ = p.header.SetExtension(extension, []byte(mid)) // a one-byte header takes both
	}
	p.size = p.header.MarshalSize()
	if !p.started {
		p.started = true
		p.header.SequenceNumber, p.header.Timestamp, p.picture = uint16(random()), random(), uint16(random())&0x7fff
	}
	p.payload = nil
	switch p.name {
	case codec.VP9:
		p.payload = &codecs.VP9Payloader{}
	case codec.H264:
		p.payload = &codecs.H264Payloader{}
	}
}

func (p *packetizer) unbind() { p.w = nil }

func (p *packetizer) bound() bool { return p.w != nil }

func (p *packetizer) ssrc() uint32 { return p.header.SSRC }

// rebase makes the next frame follow the last one, whatever its PTS is.
func (p *packetizer) rebase() { p.based = false }

// write sends a frame and returns what it cost. A packet that cannot be sent is
// a packet lost.
func (p *packetizer) write(data []byte, pts time.Duration) (packets, bytes int) {
	p.stamp(pts)
	switch {
	case p.name == codec.VP8:
		return p.writeVP8(data)
	case p.payload == nil:
		return p.packet(data, false)
	}
	parts := p.payload.Payload(uint16(maxPacket-p.size), data)
	for i, part := range parts {
		_, n := p.packet(part, i == len(parts)-1)
		bytes += n
	}
	return len(parts), bytes
}

func (p *packetizer) writeVP8(data []byte) (packets, bytes int) {
	for start := true; len(data) > 0; start = false {
		n := min(len(data), maxPacket-p.size-codec.VP8Header)
		b := codec.AppendVP8Header(p.scratch[:0], start, p.picture)
		b = append(b, data[:n]...)
		data = data[n:]
		_, size := p.packet(b, len(data) == 0)
		packets++
		bytes += size
	}
	p.picture = (p.picture + 1) & 0x7fff
	return packets, bytes
}

func (p *packetizer) packet(payload []byte, marker bool) (packets, bytes int) {
	p.header.SequenceNumber++
	p.header.Marker = marker
	_, _ = p.w.WriteRTP(&p.header, payload)
	return 1, p.size + len(payload)
}

// stamp sets the timestamp of a frame.
func (p *packetizer) stamp(pts time.Duration) {
	now := time.Now()
	if !p.based {
		var since time.Duration
		if !p.last.IsZero() {
			since = max(now.Sub(p.last), time.Millisecond)
		}
		p.base = p.header.Timestamp + p.ticks(since) - p.ticks(pts)
		p.based = true
	}
	p.header.Timestamp = p.base + p.ticks(pts)
	p.last = now
}

func (p *packetizer) ticks(d time.Duration) uint32 {
	return uint32(int64(d/time.Second)*p.rate + int64(d%time.Second)*p.rate/int64(time.Second))
}

func random() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint32(b[:])
}
