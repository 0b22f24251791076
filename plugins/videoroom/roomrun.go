package videoroom

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

const (
	retryMin = 250 * time.Millisecond // after a failure, and then twice that
	retryMax = 8 * time.Second
	// goodbye bounds each thing that is said to the gateway on leaving.
	goodbye = 3 * time.Second
	// mostEarly is how many events may come before the answer to a join is known.
	mostEarly = 1024
)

// run is the life of the room.
func (r *Room) run(ctx context.Context) {
	defer close(r.done)
	var reading sync.WaitGroup
	// Reads the events of the publisher's handle; ends with ctx or the handle, and
	// run waits for it.
	reading.Go(func() { r.read(ctx) })
	r.tend(ctx)
	r.tidy(context.WithoutCancel(ctx))
	reading.Wait()
	r.queue.Close(r.Err())
}

// read follows the publisher's handle.
func (r *Room) read(ctx context.Context) {
	for {
		ev, err := r.pub.Next(ctx)
		if err != nil {
			r.end(err)
			return
		}
		if list, ok := ev.(*listed); ok {
			r.compare(list)
			continue
		}
		r.heard(ev)
		r.push(ev)
		switch ev := ev.(type) {
		case *Left:
			if ev.Own {
				r.end(ErrKicked)
			}
		case *Destroyed:
			r.end(ErrDestroyed)
		case *client.WebRTCUp:
			r.sending(ev.Handle)
		case *client.Hangup:
			r.sending(0)
			r.poke()
		case *client.Resumed:
			r.resumed(ev)
			r.poke()
		}
	}
}

// sending notes as which handle what is published is up; 0: it is not.
func (r *Room) sending(as uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.up = as
}

// resumed notes that the connection was away.
func (r *Room) resumed(ev *client.Resumed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !ev.Rebuilt {
		r.stale = true
	}
}

// heard learns from an event of the publisher's handle. The answer to a join does
// not come on the stream of events: those that are read before it is known wait for
// it, and those of the handle as it was before a rebuild are about nobody any more.
func (r *Room) heard(ev client.Event) {
	r.mu.Lock()
	changed := false
	switch of := ev.Base().Handle; {
	case of == r.joined:
		changed = r.learn(ev)
	case of != r.pub.Handle.ID():
	case len(r.early) < mostEarly:
		r.early = append(r.early, ev)
	default:
		r.stale = true // who is there is asked for
	}
	r.mu.Unlock()
	if changed {
		r.poke()
	}
}

// entered takes the answer to a join; nil if that is lost. r.mu is held.
func (r *Room) entered(reply *JoinReply) {
	if reply == nil {
		r.stale = true
	} else {
		r.who.reset(reply)
	}
	r.joined = r.pub.Handle.ID()
	early := r.early
	r.early = nil
	for _, ev := range early {
		if ev.Base().Handle == r.joined {
			r.learn(ev)
		}
	}
}

// learn is heard for an event in its turn, and reports whether there may be
// something to do. r.mu is held.
func (r *Room) learn(ev client.Event) bool {
	if published, ok := ev.(*Published); ok {
		r.epoch++
		for _, f := range published.Feeds {
			delete(r.refused, f.ID)
		}
	}
	switch ev := ev.(type) {
	case *Published, *Unpublished, *Joined, *Changed:
		r.turn++
	case *Left:
		r.turn++
		r.pub.vanished(ev.Feed)
	case *Kicked:
		r.turn++
		r.pub.vanished(ev.Feed)
	}
	return r.who.apply(ev)
}

func (r *Room) push(ev client.Event) { r.queue.Push(ev, eventWeight+len(ev.Base().Raw)) }

// tend does what is to be done, one thing at a time, until ctx ends.
func (r *Room) tend(ctx context.Context) {
	var wait time.Duration
	for {
		r.mu.Lock()
		asked := r.asked
		r.mu.Unlock()
		sent, got := r.health() // ahead of the step, which looks at it
		idle, err := r.step(ctx)
		if ctx.Err() != nil {
			return
		}
		r.note(asked, idle, err)
		var retry <-chan time.Time
		var poked <-chan struct{}
		switch {
		case errors.Is(err, errMending):
			wait, retry, poked = 0, r.nextAsk(), r.poked
		case err != nil:
			sent, got = nil, nil
			wait = min(max(2*wait, retryMin), retryMax)
			retry = time.After(wait/2 + rand.N(wait/2))
		case idle:
			wait = 0
			retry, poked = r.nextAsk(), r.poked
		default:
			wait = 0
			continue
		}
		select {
		case <-retry:
		case <-poked:
		case <-sent:
		case <-got:
		case <-ctx.Done():
			return
		}
	}
}

// health returns what is closed when the health of a connection changes.
func (r *Room) health() (sent, got <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.publication != nil {
		_, _, sent = mending(r.publication.peer)
	}
	if r.sub != nil {
		_, _, got = mending(r.sub.peer)
	}
	return sent, got
}

// note keeps how the last step went.
func (r *Room) note(asked int, idle bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trouble = err
	if idle && err == nil {
		r.settled = asked
	}
	r.changed()
}

// step does one thing, and reports whether there was nothing to do. The error is
// errMending when there is nothing to do but wait for what others do.
func (r *Room) step(ctx context.Context) (idle bool, err error) {
	r.mu.Lock()
	outside, stale := r.outside, r.stale
	r.mu.Unlock()
	r.miss()
	switch {
	case outside:
		return false, r.enterAgain(ctx)
	case stale:
		return false, r.resync(ctx)
	}
	did, mend := r.republish(ctx)
	if did || mend != nil && !errors.Is(mend, errMending) {
		return false, mend
	}
	idle, err = r.receive(ctx)
	if idle && err == nil && mend != nil {
		return false, mend
	}
	return idle, err
}

// tidy ends everything. The gateway is told as far as it listens.
func (r *Room) tidy(ctx context.Context) {
	say := func(f func(context.Context) error) error {
		ctx, cancel := context.WithTimeout(ctx, goodbye)
		defer cancel()
		return f(ctx)
	}
	r.mu.Lock()
	p := r.publication
	r.publication = nil
	r.mu.Unlock()
	r.dropSubscriber(ctx)
	if errors.Is(r.Err(), ErrLeft) {
		_ = say(r.pub.Leave) // what follows does it too, less politely
	}
	_ = say(r.pub.Detach) // likewise, the session's end
	if p != nil {
		closePeer(p.peer)
	}
}

// closePeer closes a peer that can be closed.
func closePeer(peer client.Negotiator) {
	if c, ok := peer.(io.Closer); ok {
		_ = c.Close() // what is ended is ended
	}
}
