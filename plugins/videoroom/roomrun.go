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
		r.heard(ev)
		r.push(ev)
		switch ev := ev.(type) {
		case *Left:
			if ev.Own {
				r.end(ErrKicked)
			}
		case *Destroyed:
			r.end(ErrDestroyed)
		case *client.Hangup, *client.Resumed:
			r.poke()
		}
	}
}

// heard learns from an event of the publisher's handle.
func (r *Room) heard(ev client.Event) {
	r.mu.Lock()
	if published, ok := ev.(*Published); ok {
		r.epoch++
		for _, f := range published.Feeds {
			delete(r.refused, f.ID)
		}
	}
	changed := r.who.apply(ev)
	r.mu.Unlock()
	if changed {
		r.poke()
	}
}

func (r *Room) push(ev client.Event) { r.queue.Push(ev, eventWeight+len(ev.Base().Raw)) }

// tend does what is to be done, one thing at a time, until ctx ends.
func (r *Room) tend(ctx context.Context) {
	var wait time.Duration
	for {
		r.mu.Lock()
		asked := r.asked
		r.mu.Unlock()
		idle, err := r.step(ctx)
		if ctx.Err() != nil {
			return
		}
		r.note(asked, idle, err)
		var retry <-chan time.Time
		var poked <-chan struct{}
		switch {
		case err != nil:
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
		case <-ctx.Done():
			return
		}
	}
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

// step does one thing, and reports whether there was nothing to do.
func (r *Room) step(ctx context.Context) (idle bool, err error) {
	r.mu.Lock()
	outside := r.outside
	r.mu.Unlock()
	if outside {
		return false, r.enterAgain(ctx)
	}
	if did, err := r.republish(ctx); did || err != nil {
		return false, err
	}
	return r.receive(ctx)
}

// enterAgain joins after a rebuild that could not.
func (r *Room) enterAgain(ctx context.Context) error {
	err := r.rejoin(ctx)
	var refused *client.PluginError
	if errors.As(err, &refused) {
		r.end(err)
	}
	return err
}

// rejoin brings us back into the room after a rebuild of the session. The
// connections follow when the stream of events says that it is done.
func (r *Room) rejoin(ctx context.Context) error {
	r.pub.unpublished()
	reply, err := r.pub.enterAgain(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outside = err != nil
	if err == nil {
		r.who.reset(reply)
		r.forgive()
	}
	return err
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
