package record

import (
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/media/internal/rtpflow"
)

// Intake takes the packets of one track. No method blocks.
type Intake struct {
	r     *Recorder
	kind  int
	codec string
	input Input

	mu   sync.Mutex // protects what follows
	asm  *rtpflow.Assembler
	lost int // since the last item that found room
}

// Packet takes an RTP packet.
func (k *Intake) Packet(p *rtpflow.Packet) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asm.Push(p)
}

// flush hands out what waits for missing packets.
func (k *Intake) flush() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asm.Flush()
}

// Report takes a sender report (RFC 3550 §6.4.1).
func (k *Intake) Report(ntp uint64, ts uint32) {
	k.r.box.push(item{from: k, what: reported, ntp: ntp, ts: ts})
}

// Pause says that nothing will come for some time: what comes then is anew.
func (k *Intake) Pause() { k.r.box.push(item{from: k, what: paused}) }

// End says that no more will come.
func (k *Intake) End() {
	k.flush()
	k.r.box.push(item{from: k, what: ended})
}

// frame needs k.mu.
func (k *Intake) frame(f *rtpflow.Frame) {
	v := item{
		from:    k,
		what:    framed,
		data:    append([]byte(nil), f.Data...),
		ts:      f.Timestamp,
		arrival: f.Arrival,
		key:     f.Keyframe,
		samples: f.Samples,
		lost:    f.Lost,
		broken:  f.Broken + k.lost,
		restart: f.Restart,
	}
	k.lost = 0
	if !k.r.box.push(v) {
		k.lost = v.broken + 1 // the file is too slow
	}
}

type what uint8

const (
	framed what = iota
	reported
	opened
	paused
	ended
)

// item is something an intake tells the file.
type item struct {
	from    *Intake
	what    what
	data    []byte
	ts      uint32
	ntp     uint64
	arrival time.Time
	key     bool
	samples int
	lost    int
	broken  int
	restart bool
}

// Bounds of what waits for the file: some seconds of a large picture.
const (
	maxItems = 4096
	maxBytes = 16 << 20
)

// mailbox carries items from the readers of the tracks to the file.
type mailbox struct {
	ready chan struct{} // holds a token when there is something

	mu     sync.Mutex // protects what follows
	items  []item
	spare  []item
	bytes  int
	closed bool
}

func (b *mailbox) init() { b.ready = make(chan struct{}, 1) }

// push reports false when there is no room. What is not a frame always finds
// some: there is little of it.
func (b *mailbox) push(v item) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return true
	}
	full := len(b.items) >= maxItems || b.bytes+len(v.data) > maxBytes
	if full && v.what == framed || len(b.items) >= 2*maxItems {
		return false
	}
	b.items = append(b.items, v)
	b.bytes += len(v.data)
	select {
	case b.ready <- struct{}{}:
	default:
	}
	return true
}

// take returns what is there; the slice is valid until the next call but one.
func (b *mailbox) take() []item {
	b.mu.Lock()
	defer b.mu.Unlock()
	items := b.items
	b.items, b.spare = b.spare[:0], items
	b.bytes = 0
	return items
}

func (b *mailbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed, b.items, b.spare = true, nil, nil
}
