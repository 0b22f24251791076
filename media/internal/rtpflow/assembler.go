package rtpflow

import (
	"strings"
	"time"

	"github.com/pion/rtp/codecs"

	"github.com/bifrons-rtc/bifrons/media/internal/codec"
)

// Frame is a picture or a packet of sound, whole.
type Frame struct {
	Data      []byte // valid until emit returns
	Timestamp uint32
	Arrival   time.Time // of its first packet
	Keyframe  bool
	Samples   int // duration in ticks of the RTP clock; zero when not known

	Lost    int  // packets that never came since the frame before
	Broken  int  // frames that were left out since then because of it
	Restart bool // as in [Order]
}

// maxFrame bounds a frame, which packets could make grow for ever.
const maxFrame = 8 << 20

// Assembler turns the packets of one track into frames.
type Assembler struct {
	buffer *Buffer
	emit   func(*Frame)
	codec  string
	split  func(p []byte) (data []byte, start, ok bool)
	h264   *codecs.H264Packet

	frame Frame
	open  bool // frame holds the start of one
	rest  bool // frame is counted as broken, more of it may come
	fresh bool // the packet before this one ended a frame
	stamp uint32
	lost  int
	bad   int
	again bool
}

// NewAssembler returns an assembler for a codec of package codec, by name; ok is
// false for others. It calls emit on the goroutine that calls Push.
func NewAssembler(name string, emit func(*Frame)) (a *Assembler, ok bool) {
	a = &Assembler{emit: emit, codec: strings.ToUpper(name), fresh: true}
	switch a.codec {
	case codec.Opus:
	case codec.VP8:
		a.split = splitVP8
	case codec.VP9:
		a.split = splitVP9
	case codec.H264:
		a.h264 = &codecs.H264Packet{}
		a.split = a.splitH264
	default:
		return nil, false
	}
	a.buffer = NewBuffer(a.packet)
	return a, true
}

// Push takes a packet as it arrived.
func (a *Assembler) Push(p *Packet) { a.buffer.Push(p) }

// Flush hands out what waits for missing packets, and drops an unfinished frame.
func (a *Assembler) Flush() {
	a.buffer.Flush()
	a.abandon()
}

// packet takes packets in order.
func (a *Assembler) packet(p *Packet, o Order) {
	if o.Lost > 0 || o.Restart {
		a.abandon()
		a.lost += o.Lost
		a.again = a.again || o.Restart
		a.fresh = o.Restart
	} else if p.Timestamp != a.stamp {
		a.fresh = true
	}
	a.stamp = p.Timestamp
	if len(p.Payload) == 0 {
		return // padding, to probe the path
	}
	if a.split == nil {
		a.begin(p)
		a.frame.Data = append(a.frame.Data, p.Payload...)
		a.finish()
		return
	}
	data, start, ok := a.split(p.Payload)
	a.fresh = p.Marker
	if a.open && p.Timestamp != a.frame.Timestamp {
		a.finish() // nothing is missing: a sender without marker bits
	}
	switch {
	case !ok, len(a.frame.Data)+len(data) > maxFrame && a.open:
		a.abandon()
		return
	case !a.open && !start:
		if !a.rest || p.Timestamp != a.frame.Timestamp { // a frame that lost its start
			a.rest, a.frame.Timestamp = true, p.Timestamp
			a.bad++
		}
		return
	case !a.open:
		a.begin(p)
	}
	a.frame.Data = append(a.frame.Data, data...)
	if p.Marker {
		a.finish()
	}
}

func (a *Assembler) begin(p *Packet) {
	a.open, a.rest = true, false
	a.frame = Frame{Data: a.frame.Data[:0], Timestamp: p.Timestamp, Arrival: p.Arrival}
}

// abandon drops a frame that misses packets.
func (a *Assembler) abandon() {
	if a.open {
		a.open, a.rest = false, true
		a.bad++
	}
	if a.h264 != nil {
		a.h264 = &codecs.H264Packet{} // it may hold half a unit
	}
}

func (a *Assembler) finish() {
	f := &a.frame
	a.open = false
	if len(f.Data) == 0 {
		return
	}
	if a.codec == codec.Opus {
		if f.Samples = codec.OpusDuration(f.Data); f.Samples == 0 {
			a.bad++
			return
		}
	}
	f.Keyframe = codec.Keyframe(a.codec, f.Data)
	f.Lost, f.Broken, f.Restart = a.lost, a.bad, a.again
	a.lost, a.bad, a.again = 0, 0, false
	a.emit(f)
}

func splitVP8(p []byte) (data []byte, start, ok bool) {
	d, data, ok := codec.VP8Payload(p)
	return data, d.Start, ok
}

func splitVP9(p []byte) (data []byte, start, ok bool) {
	var v codecs.VP9Packet
	data, err := v.Unmarshal(p)
	return data, v.B && v.SID == 0, err == nil && len(data) > 0
}

// splitH264 finds no mark of a start: what follows the end of a frame is one.
func (a *Assembler) splitH264(p []byte) (data []byte, start, ok bool) {
	data, err := a.h264.Unmarshal(p)
	return data, a.fresh, err == nil
}
