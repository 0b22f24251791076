//go:build !js

package gateway

import (
	"slices"
	"strings"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// streamKey names a stream that packets come from.
type streamKey struct {
	in    *inlet
	layer int
}

// writer numbers the packets of changing streams as those of one.
type writer struct {
	from    streamKey
	started bool

	seqBy uint16 // added to sequence numbers
	tsBy  uint32 // added to timestamps

	seq uint16 // of the latest packet
	ts  uint32
	at  time.Time

	pictures pictures
}

// skip takes a packet of the stream out of it, so that its number goes to the
// next.
func (w *writer) skip() { w.seqBy-- }

// next returns the header and the payload that p gets. What SSRC, payload type
// and extensions it has is the caller's business.
func (w *writer) next(from streamKey, p *rtp.Packet, c webrtc.RTPCodecParameters) (rtp.Header, []byte) {
	now := time.Now()
	fresh := w.started && from != w.from
	if fresh {
		gap := max(uint32(now.Sub(w.at).Seconds()*float64(c.ClockRate)), 1)
		w.seqBy = w.seq + 1 - p.SequenceNumber
		w.tsBy = w.ts + gap - p.Timestamp
	}
	w.from = from
	h := rtp.Header{
		Version:        2,
		Marker:         p.Marker,
		SequenceNumber: p.SequenceNumber + w.seqBy,
		Timestamp:      p.Timestamp + w.tsBy,
	}
	if !w.started || int16(h.SequenceNumber-w.seq) > 0 {
		w.seq, w.ts, w.at = h.SequenceNumber, h.Timestamp, now
	}
	w.started = true
	payload := p.Payload
	if strings.EqualFold(c.MimeType, webrtc.MimeTypeVP8) {
		payload = slices.Clone(payload)
		w.pictures.rewrite(payload, fresh)
	}
	return h, payload
}

// frameInfo is what the gateway sees of a frame in a packet.
type frameInfo struct {
	key         bool // the packet begins a keyframe
	hasTemporal bool
	temporal    int
}

// look reads the beginning of a payload. Of codecs that it does not know it
// takes every packet for the beginning of a keyframe.
func look(mime string, payload []byte) frameInfo {
	switch codecName(mime) {
	case "vp8":
		d := parseVP8(payload)
		f := frameInfo{key: d.key, hasTemporal: d.tid >= 0}
		if f.hasTemporal {
			f.temporal = int(payload[d.tid] >> 6)
		}
		return f
	case "h264":
		return frameInfo{key: keyH264(payload)}
	default:
		return frameInfo{key: true}
	}
}

// keyH264 finds the parameter sets or the slice that begin a keyframe (RFC 6184).
func keyH264(b []byte) bool {
	const slice, parameters, aggregate, fragment = 5, 7, 24, 28
	if len(b) < 2 {
		return false
	}
	switch b[0] & 0x1f {
	case slice, parameters:
		return true
	case aggregate:
		return len(b) > 3 && b[3]&0x1f == parameters
	case fragment:
		return b[1]&0x80 != 0 && (b[1]&0x1f == slice || b[1]&0x1f == parameters)
	default:
		return false
	}
}
