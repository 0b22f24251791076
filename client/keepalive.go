package client

import (
	"context"
	"errors"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// Bounds of the derived keepalive interval.
const (
	minKeepAlive = 2 * time.Second
	maxKeepAlive = 25 * time.Second // and that of a client without sessions
	maxAckWait   = 5 * time.Second
	maxMisses    = 2

	// The gateway counts a long poll as a sign of life when it begins, and lets it
	// wait for 30 s: polling alone keeps a session alive whose timeout is longer
	// than that, with the 2 s of its watchdog and time for the next poll.
	pollSuffices = 40 * time.Second
)

// KeepAlive returns how long a session at this gateway may be idle before a
// [Client] sends a keepalive, where its Options do not say.
func (i *ServerInfo) KeepAlive() time.Duration { return keepAliveInterval(i) }

// keepAliveInterval derives the interval from the gateway's timeouts: a third
// of the shorter one, so that two may be lost.
func keepAliveInterval(info *ServerInfo) time.Duration {
	timeout := sessionTimeout(info)
	if timeout <= 0 {
		return maxKeepAlive // nothing expires, but a dead connection is still to be found
	}
	return min(max(timeout/3, minKeepAlive), maxKeepAlive)
}

// sessionTimeout returns how long the gateway keeps a silent session; zero is
// for ever.
func sessionTimeout(info *ServerInfo) time.Duration {
	timeout := time.Duration(max(info.SessionTimeout, 0)) * time.Second
	if r := time.Duration(info.ReclaimTimeout) * time.Second; r > 0 && (timeout == 0 || r < timeout) {
		timeout = r
	}
	return timeout
}

// startKeepAlive starts the keepalive, with the first session where the gateway is
// polled, and wakes it for later ones.
func (c *Client) startKeepAlive() {
	if c.opts.KeepAlive < 0 && c.link.Load().poller == nil {
		return
	}
	// The keepalive goroutine owns the timer and the acks it waits for; it ends with
	// c.ctx, and Close waits for it.
	c.keeper.Do(func() { c.spawn(c.keepAlive) })
	c.wakeKeeper()
}

func (c *Client) wakeKeeper() {
	select {
	case c.kick <- struct{}{}:
	default: // it has not looked yet
	}
}

// beat is one keepalive on its way.
type beat struct {
	call    *call
	session *Session
	sent    time.Duration
	frames  uint64 // received when it was sent
	auth    int    // generation of the credentials it carried
	again   bool   // the time to wait began again
}

// keeper is the state of the keepalive goroutine.
type keeper struct {
	c        *Client
	link     *link // the interval is for its gateway
	interval time.Duration
	polled   bool // polling does it: there are only refused polls to look after
	beats    []beat
	misses   int
	fresh    int // generation of credentials that came for refused ones; 0: taken since

	sampled time.Duration // when the frames were counted last
	frames  uint64
}

func (c *Client) keepAlive() {
	k := keeper{c: c, interval: c.opts.KeepAlive, polled: c.opts.KeepAlive < 0}
	timer := time.NewTimer(0)
	defer timer.Stop()
	defer k.drop()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-c.kick:
		case <-timer.C:
		}
		if !k.follow() {
			return
		}
		if wait, more := k.tick(); more {
			timer.Reset(wait)
		} else {
			timer.Stop()
		}
	}
}

// settle lets a page or a program begin with what it came for: how long sessions
// live can be asked later. It reports whether the client is still open.
func (c *Client) settle() bool {
	timer := time.NewTimer(minKeepAlive / 2)
	defer timer.Stop()
	select {
	case <-c.ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// follow asks each gateway how long its sessions live, when it has one. It reports
// whether the client is still open.
func (k *keeper) follow() bool {
	c := k.c
	l := c.link.Load()
	if l == k.link || c.opts.KeepAlive != 0 {
		return true
	}
	k.interval, k.polled = maxKeepAlive, false
	if len(c.list()) == 0 {
		return true
	}
	if k.link == nil && !c.settle() {
		return false
	}
	k.link = l
	k.interval = minKeepAlive // a gateway that does not answer may be gone
	if info, err := c.Capabilities(c.ctx); err == nil {
		k.interval = keepAliveInterval(info)
		t := sessionTimeout(info)
		k.polled = l.poller != nil && (t == 0 || t > pollSuffices)
	}
	return true
}

// tick sends what is due and looks after what was sent. It returns how long
// there is nothing to do; without more there is nothing until a session comes.
func (k *keeper) tick() (wait time.Duration, more bool) {
	away := k.renew()
	k.lookUp()
	now := time.Since(k.c.start)
	k.settle(now)
	if k.polled {
		return maxAckWait, away
	}
	before, silent := k.sample(now)
	wait = k.interval
	list := k.c.list()
	if len(list) == 0 && k.c.link.Load().poller == nil {
		list = append(list, k.c.alone)
	}
	for _, s := range list {
		more = true
		last := time.Duration(s.last.Load())
		due := last + k.interval - now
		if busy := last > before; busy && silent {
			due = 0 // nothing comes back
		} else if busy {
			wait = min(wait, k.interval/2)
		}
		switch {
		case due > 0:
		case k.fresh != 0 && len(k.beats) > 0: // one finds out what they are good for
			due = k.interval
		case s.down.Load() != nil: // it is being claimed
			due = k.interval
		default:
			s.touch()
			k.send(s, now)
			due = time.Duration(s.last.Load()) + k.interval - now
		}
		wait = min(wait, due)
	}
	for _, b := range k.beats {
		more = true
		wait = min(wait, b.sent+k.ackWait()-now)
	}
	if away {
		more, wait = true, min(wait, maxAckWait)
	}
	return max(wait, time.Millisecond), more
}

// ackWait is how long an ack may take.
func (k *keeper) ackWait() time.Duration { return min(k.interval/2, maxAckWait) }

// sample returns when the frames were counted last, and whether none came for half
// an interval: what a session sends keeps it alive, but only what comes back shows
// that the gateway lives.
func (k *keeper) sample(now time.Duration) (before time.Duration, silent bool) {
	before = k.sampled
	if now-before >= k.interval/2 {
		frames := k.c.link.Load().frames.Load()
		silent = frames == k.frames
		k.sampled, k.frames = now, frames
	}
	return before, silent
}

// send puts one keepalive on the wire without waiting for its ack.
func (k *keeper) send(s *Session, now time.Duration) {
	c := k.c
	r := &request{op: "keepalive", session: s.ID(), kick: c.kick}
	var fields []byte
	var gen int
	if s == c.alone {
		r.op = "ping"
	} else {
		k, err := c.keys(c.ctx)
		if err != nil {
			return // the next request that needs credentials reports it
		}
		fields, gen = k.fragment, k.gen
	}
	call, err := c.calls.begin(r, c.link.Load(), 0)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, k.ackWait())
	defer cancel()
	call.ctx.set(ctx, time.Time{})
	b := beat{call: call, session: s, sent: now, frames: c.link.Load().frames.Load(), auth: gen}
	if err := c.write(call, r, fields); err != nil {
		k.abandon(b)
		if ctx.Err() != nil && c.ctx.Err() == nil { // over HTTP the answer is a part of it
			s.last.Store(int64(now - k.interval)) // try again at once
			k.miss(b.frames == c.link.Load().frames.Load())
		}
		return
	}
	k.beats = append(k.beats, b)
}

// abandon gives up waiting for an ack.
func (k *keeper) abandon(b beat) {
	if !k.c.calls.abandon(b.call) {
		<-b.call.done
	}
	k.c.calls.release(b.call)
}

// miss counts keepalives without an ack, unless something else came meanwhile.
func (k *keeper) miss(silent bool) {
	if !silent {
		k.misses = 0
	} else if k.misses++; k.misses >= maxMisses {
		k.misses = 0
		k.c.link.Load().close(ErrUnresponsive)
	}
}

// lookUp comes before an ack is called missing. A page may have been too busy to
// look for it, and then the time to wait begins again, once.
func (k *keeper) lookUp() {
	conn, ok := k.c.link.Load().conn.(transport.CatchUpper)
	began := time.Since(k.c.start)
	if !ok || len(k.beats) == 0 || began < k.beats[0].sent+k.ackWait() { // the first is the oldest
		return
	}
	conn.CatchUp(k.c.ctx)
	now := time.Since(k.c.start)
	if now-began < k.ackWait()/4 {
		return
	}
	for i := range k.beats {
		if b := &k.beats[i]; !b.again {
			b.sent, b.again = now, true
		}
	}
}

// settle takes the acks that came and counts those that did not. Whatever else
// came in the meantime shows that the gateway lives.
func (k *keeper) settle(now time.Duration) {
	c := k.c
	missed := false
	rest := k.beats[:0]
	for _, b := range k.beats {
		select {
		case <-b.call.done:
			k.misses = 0
			k.answered(b)
			c.calls.release(b.call)
			continue
		default:
		}
		if now < b.sent+k.ackWait() {
			rest = append(rest, b)
			continue
		}
		k.abandon(b)
		if c.link.Load().frames.Load() != b.frames {
			k.misses = 0
			continue
		}
		missed = true
		b.session.last.Store(int64(now - k.interval)) // try again at once
	}
	k.beats = rest
	if missed {
		k.miss(true)
	}
}

// answered looks at the answer to a keepalive: the ack, or why there is none.
func (k *keeper) answered(b beat) {
	if b.call.err != nil || b.session == k.c.alone {
		return // whatever it is: the gateway lives
	}
	if b.call.kind != kindError {
		if b.auth == k.fresh {
			k.fresh = 0
		}
		return
	}
	err := parseError("keepalive", b.call.data)
	switch {
	case errors.Is(err, SessionNotFound):
		k.c.forget(b.session.ID())
		b.session.expire(nil)
	case errors.Is(err, Unauthorized):
		ctx, cancel := k.c.bound(k.c.ctx)
		again, refreshErr := k.c.auth.refresh(ctx, b.auth)
		cancel()
		switch {
		case refreshErr != nil: // the next keepalive asks again
		case !again || b.auth == k.fresh:
			k.c.deny(err)
		default:
			k.fresh = k.c.auth.now.Load().gen
			b.session.last.Store(int64(time.Since(k.c.start) - k.interval))
		}
	}
}

// drop gives back what is on its way when the client ends.
func (k *keeper) drop() {
	for _, b := range k.beats {
		k.abandon(b)
	}
}
