package janustest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// maxQueue is how much waits for a client that does not read, in bytes, before
// its connection is cut.
const maxQueue = 64 << 20

// maxInbox is how many requests of a client wait before no more are read.
const maxInbox = 16

var errEnded = errors.New("janustest: the connection has ended")

// lane is one direction of a connection: a queue, and what goes wrong on it.
type lane struct {
	srv *Server
	c   *conn
	dir Direction

	mu     sync.Mutex // guards what follows
	queue  []outgoing
	size   int           // of the queue, in bytes
	closed bool          // nothing more comes
	counts bool          // what is in the queue is under way
	wake   chan struct{} // holds a token while queue may have something

	held []heldFrame // of the goroutine that runs the lane
}

// outgoing is a message on its way, not to be passed on before due.
type outgoing struct {
	data []byte
	due  time.Time
}

// heldFrame is a frame that others are to overtake.
type heldFrame struct {
	*passage
	left int // frames
	end  time.Time
}

func newLane(s *Server, c *conn, dir Direction) *lane {
	return &lane{srv: s, c: c, dir: dir, wake: make(chan struct{}, 1)}
}

// push queues data. Order is kept, also where a later message is due earlier.
// It reports whether there was room.
func (l *lane) push(data []byte, delay time.Duration) bool {
	var due time.Time
	if delay > 0 {
		due = time.Now().Add(delay)
	}
	l.mu.Lock()
	room := l.size+len(data) <= maxQueue
	if room {
		l.size += len(data)
		l.queue = append(l.queue, outgoing{data, due})
		if l.counts {
			l.srv.step.add(1)
		}
	}
	l.mu.Unlock()
	l.poke()
	return room
}

// shut says that nothing more comes.
func (l *lane) shut() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.poke()
}

func (l *lane) poke() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// next returns the oldest message; over means that there never will be one.
func (l *lane) next() (m outgoing, ok, over bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return outgoing{}, false, l.closed
	}
	m = l.queue[0]
	l.queue[0] = outgoing{}
	l.queue = l.queue[1:]
	l.size -= len(m.data)
	return m, true, false
}

// deliverFunc passes a frame on.
type deliverFunc func(ctx context.Context, p *passage) error

// count takes what is in the queue for work under way, or no longer.
func (l *lane) count(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts = on; on {
		l.srv.step.add(len(l.queue))
	} else {
		l.srv.step.add(-len(l.queue))
	}
}

// run passes frames on until ctx ends, deliver fails, or the lane is shut and
// empty. After each frame it calls done.
func (l *lane) run(ctx context.Context, deliver deliverFunc, done func()) {
	for {
		m, ok, over := l.next()
		switch {
		case ok:
			if l.dir == FromClient {
				l.srv.step.wait(ctx)
			}
			err := l.pass(ctx, m, deliver)
			done()
			if err != nil {
				return
			}
			continue
		case over:
			_ = l.release(ctx, deliver, func(*heldFrame) bool { return true })
			return
		}
		if l.idle(ctx) != nil || l.release(ctx, deliver, expired) != nil {
			return
		}
	}
}

// idle waits until there may be something to do.
func (l *lane) idle(ctx context.Context) error {
	var overdue <-chan time.Time
	if len(l.held) > 0 {
		first := slices.MinFunc(l.held, func(a, b heldFrame) int { return a.end.Compare(b.end) })
		timer := time.NewTimer(time.Until(first.end))
		defer timer.Stop()
		overdue = timer.C
	}
	select {
	case <-l.wake:
	case <-overdue:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// pass carries one frame through everything that goes wrong with it.
func (l *lane) pass(ctx context.Context, m outgoing, deliver deliverFunc) error {
	if err := pause(ctx, time.Until(m.due)); err != nil {
		return err
	}
	if err := l.srv.thawed(ctx); err != nil {
		return err
	}
	p := l.srv.judge(l.c, l.dir, m.data)
	if l.c.exchange && p.window > 0 {
		p.wait, p.window = p.wait+p.hold, 0 // the others pass by themselves
	}
	for _, f := range p.before {
		l.srv.strike(l.c, f)
	}
	if err := pause(ctx, p.wait); err != nil {
		return err
	}
	if err := l.srv.thawed(ctx); err != nil {
		return err
	}
	p.lost = l.srv.deaf(l.c, l.dir == FromClient && p.mute())
	overtaken := len(l.held)
	if p.window > 0 {
		l.held = append(l.held, heldFrame{p, p.window, time.Now().Add(p.hold)})
	} else {
		overtaken -= l.join(p)
		if err := l.deliver(ctx, p, deliver); err != nil {
			return err
		}
	}
	for i := range overtaken {
		l.held[i].left--
	}
	return l.release(ctx, deliver, func(h *heldFrame) bool { return h.left <= 0 || expired(h) })
}

// join puts the frames that wait to be merged ahead of p, if that arrives, and
// returns how many.
func (l *lane) join(p *passage) (n int) {
	if p.copies == 0 || p.lost {
		return 0
	}
	var data []byte
	l.held = slices.DeleteFunc(l.held, func(h heldFrame) bool {
		if !h.merge {
			return false
		}
		n++
		if h.copies > 0 {
			data = append(data, h.data...)
		}
		p.fail = cmp.Or(p.fail, h.fail)
		p.after = append(h.after, p.after...)
		return true
	})
	if len(data) > 0 {
		p.data = append(data, p.data...)
	}
	return n
}

// deliver hands over the copies of p and lets happen what comes after it.
func (l *lane) deliver(ctx context.Context, p *passage, deliver deliverFunc) error {
	for range p.copies {
		if p.lost {
			break
		}
		if err := deliver(ctx, p); err != nil {
			return err
		}
	}
	for _, f := range p.after {
		l.srv.strike(l.c, f)
	}
	if l.srv.over(l.c) {
		return errEnded
	}
	return nil
}

// release delivers the held frames that are due.
func (l *lane) release(ctx context.Context, deliver deliverFunc, due func(*heldFrame) bool) error {
	for i := 0; i < len(l.held); {
		h := l.held[i]
		if !due(&h) {
			i++
			continue
		}
		l.held = slices.Delete(l.held, i, i+1)
		if err := l.deliver(ctx, h.passage, deliver); err != nil {
			return err
		}
	}
	return nil
}

func expired(h *heldFrame) bool { return !h.end.After(time.Now()) }

// pause lets time pass unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
