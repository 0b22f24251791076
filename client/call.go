package client

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"
)

// want says which message ends a call.
type want uint8

const (
	wantAnswer want = iota // success, error, server_info, pong or an ack
	wantEvent              // the same but the ack, or the event with the same transaction
)

// call is one request on its way. A slot of the table keeps its call, with
// buffer, channel and timer, for the next request that gets the slot.
type call struct {
	slot, gen uint32
	active    bool // an answer may still come; guarded by calls.mu
	want      want
	handle    uint64
	accept    func(*Response) bool // nil: every event is the answer
	bind      func(answer []byte)  // runs on the read loop, before what follows the answer
	kick      chan struct{}        // gets a token when the answer is an error; nil: nobody waits there
	link      *link                // that it goes out on

	txn  [txnLen]byte
	buf  []byte        // the request
	done chan struct{} // holds one token once the fields below are set
	kind kind          // of the answer
	data []byte        // the answer, a copy
	err  error         // why there will be none

	deadline time.Time // when the sweep may end the call; zero: never. Guarded by calls.mu
	ctx      *deadlineContext
}

// A transaction is the client's random prefix, the slot and its generation, so
// that an answer finds its call without a map and a late one finds nobody.
const (
	prefixLen = 22
	txnLen    = prefixLen + 8 + 8
)

// calls is the table of requests that wait for an answer.
type calls struct {
	prefix [prefixLen]byte

	mu    sync.Mutex
	slots []*call
	free  []uint32
	live  int
	err   error // why no call can begin; nil while connected

	// One timer for all deadlines, set for the earliest. They are all the same
	// time away, so a new call never needs it sooner; a timer for each call would
	// wake the scheduler's poller for each call.
	timer *time.Timer
	armed bool
}

func (t *calls) init() {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	// The runtime's generator is ChaCha8 seeded by the system: as hard to guess
	// as crypto/rand, without its weight in a page.
	for i := range t.prefix {
		t.prefix[i] = alphabet[rand.Uint64()&63]
	}
}

// begin takes a slot for r on l, which ends with ErrTimeout after timeout unless
// that is zero. It fails once the connection is gone.
func (t *calls) begin(r *request, l *link, timeout time.Duration) (*call, error) {
	var deadline time.Time
	if timeout > 0 {
		deadline = time.Now().Add(timeout)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return nil, t.err
	}
	var c *call
	if n := len(t.free); n > 0 {
		c = t.slots[t.free[n-1]]
		t.free = t.free[:n-1]
	} else {
		c = &call{slot: uint32(len(t.slots)), done: make(chan struct{}, 1), ctx: new(deadlineContext)}
		copy(c.txn[:], t.prefix[:])
		putHex(c.txn[prefixLen:], c.slot)
		t.slots = append(t.slots, c)
	}
	c.gen++
	putHex(c.txn[prefixLen+8:], c.gen)
	c.active = true
	c.deadline = deadline
	c.want, c.handle, c.accept, c.bind, c.kick, c.link = r.want, r.handle, r.accept, r.bind, r.kick, l
	t.live++
	if timeout > 0 && !t.armed {
		t.arm(timeout)
	}
	return c, nil
}

// arm sets the timer. t.mu is held.
func (t *calls) arm(wait time.Duration) {
	t.armed = true
	if t.timer == nil {
		t.timer = time.AfterFunc(wait, t.sweep)
		return
	}
	t.timer.Reset(wait)
}

// sweep ends the calls whose time is up.
func (t *calls) sweep() {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	var next time.Time
	for _, c := range t.slots {
		switch {
		case !c.active || c.deadline.IsZero():
		case !now.Before(c.deadline):
			t.retire(c)
			c.err = ErrTimeout
			c.done <- struct{}{}
		case next.IsZero() || c.deadline.Before(next):
			next = c.deadline
		}
	}
	t.armed = false
	if !next.IsZero() {
		t.arm(next.Sub(now))
	}
}

// abandon takes c out of the table so that no answer comes any more. It
// reports false when the answer is there, or as good as there: then done
// delivers it.
func (t *calls) abandon(c *call) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.retire(c)
}

// retire ends the waiting of c. t.mu is held.
func (t *calls) retire(c *call) bool {
	if !c.active {
		return false
	}
	c.active = false
	t.live--
	return true
}

// release frees the slot of c, which was abandoned or whose answer was taken.
func (t *calls) release(c *call) {
	if cap(c.buf) > maxKeptBuffer {
		c.buf = nil
	}
	if c.ctx.spent() {
		c.ctx = new(deadlineContext)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	c.accept, c.bind, c.data, c.err, c.link = nil, nil, nil, nil, nil
	t.free = append(t.free, c.slot)
}

const maxKeptBuffer = 64 << 10

// verdict says what a message means to the call whose transaction it carries.
type verdict uint8

const (
	nobody  verdict = iota // no call waits for it: it is an event, or late
	settled                // it ends the call, which is out of the table now
	ignored                // it is the ack before the event
	asked                  // the call's accept decides
)

// match finds the call a message answers.
func (t *calls) match(env *envelope) (c *call, v verdict, accept func(*Response) bool) {
	txn := env.transaction
	if len(txn) != txnLen || string(txn[:prefixLen]) != string(t.prefix[:]) {
		return nil, nobody, nil
	}
	slot, ok1 := hex(txn[prefixLen : prefixLen+8])
	gen, ok2 := hex(txn[prefixLen+8:])
	t.mu.Lock()
	defer t.mu.Unlock()
	if !ok1 || !ok2 || uint64(slot) >= uint64(len(t.slots)) {
		return nil, nobody, nil
	}
	c = t.slots[slot]
	switch {
	case !c.active || c.gen != gen:
		return nil, nobody, nil
	case env.kind == kindAck && c.want == wantEvent:
		return c, ignored, nil
	case env.kind.isAnswer():
	case env.kind != kindEvent || c.want != wantEvent || c.handle != env.sender:
		return nil, nobody, nil
	case c.accept != nil:
		return c, asked, c.accept
	}
	t.retire(c)
	return c, settled, nil
}

// take retires c when it still is the call with that transaction, after accept
// approved.
func (t *calls) take(c *call, txn []byte) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(c.txn[:]) == string(txn) && t.retire(c)
}

// only retires and returns the one call that waits; nil when there are none
// or several.
func (t *calls) only() *call {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.live != 1 {
		return nil
	}
	for _, c := range t.slots {
		if t.retire(c) {
			return c
		}
	}
	return nil
}

// fail ends every call with err, and with begin every later one.
func (t *calls) fail(err, begin error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = begin
	if t.timer != nil {
		t.timer.Stop()
	}
	for _, c := range t.slots {
		if t.retire(c) {
			c.err = err
			c.done <- struct{}{}
		}
	}
}

// leave ends with err the calls whose answers would come on l, but for those whose
// answers are events where a session went to another connection as it is.
func (t *calls) leave(l *link, anew bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.slots {
		if c.link == l && (anew || c.want == wantAnswer) && t.retire(c) {
			c.err = err
			c.done <- struct{}{}
		}
	}
}

// drain waits for the answers that are on their way on l, for a while.
func (t *calls) drain(ctx context.Context, l *link) {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for t.on(l) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// on reports whether a call waits for its answer on l, or an answer for its bind.
func (t *calls) on(l *link) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.slots, func(c *call) bool { return c.link == l && (c.active || c.bind != nil) })
}

// restart lets calls begin again.
func (t *calls) restart() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err, t.armed = nil, false // fail stopped the timer
}

// pending returns how many calls wait.
func (t *calls) pending() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.live
}

func putHex(dst []byte, v uint32) {
	const digits = "0123456789abcdef"
	for i := 7; i >= 0; i-- {
		dst[i] = digits[v&15]
		v >>= 4
	}
}

func hex(src []byte) (uint32, bool) {
	v, err := strconv.ParseUint(string(src), 16, 32)
	return uint32(v), err == nil
}
