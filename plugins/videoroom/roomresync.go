package videoroom

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

const (
	// resyncTries is how often a list is asked for while people come and go.
	resyncTries = 5
	resyncWait  = 10 * time.Second // for the room to read its own note
)

// listed is who is in the room, on its way through the stream of events so that it
// is compared when all events before it are known.
type listed struct {
	client.EventBase
	people  []Participant
	feeds   []Feed // those that are new, or other than they were
	turn    int    // of the roster, when the gateway was asked
	sure    bool   // whatever came since
	streams bool   // the subscription changed
	counts  chan bool
}

// resync finds out what happened while the connection was away, of which a gateway
// tells nothing, and tells it.
func (r *Room) resync(ctx context.Context) (err error) {
	r.mu.Lock()
	r.stale = false
	sub := r.sub
	r.mu.Unlock()
	defer func() {
		if err != nil {
			r.mu.Lock()
			r.stale = true
			r.mu.Unlock()
		}
	}()
	list := &listed{}
	var before []SubscriberStream
	if sub != nil {
		before = sub.Streams()
		if list.streams, err = sub.resync(ctx); err != nil {
			return err
		}
		r.forgetRelays(sub)
	}
	for try := 1; ; try++ {
		if err := r.list(ctx, list, displacedFeeds(before, sub)); err != nil {
			return err
		}
		list.sure = try >= resyncTries
		if counted, err := r.settle(ctx, list); counted || err != nil {
			return errors.Join(err, r.checkOwn(ctx, list.people))
		}
	}
}

// list asks who is there.
func (r *Room) list(ctx context.Context, list *listed, suspects []client.ID) error {
	list.EventBase = r.pub.base("listed")
	r.mu.Lock()
	list.turn = r.turn
	known := make(map[client.ID]bool, len(r.who.feeds))
	for id := range r.who.feeds {
		known[id] = !slices.Contains(suspects, id)
	}
	r.mu.Unlock()
	var err error
	list.people, err = r.pub.ListParticipants(ctx, r.ID())
	if errors.Is(err, ErrNoSuchRoom) {
		r.push(&Destroyed{EventBase: r.pub.base("destroyed"), Room: r.ID()})
		r.end(ErrDestroyed)
	}
	if err != nil {
		return err
	}
	self := r.Self()
	list.feeds = nil
	for i := range list.people {
		p := &list.people[i]
		if !p.Publisher || p.ID == self || known[p.ID] || len(list.feeds) >= mostMembers {
			continue
		}
		f, err := r.look(ctx, p)
		switch {
		case errors.Is(err, ErrNoSuchFeed): // gone again, of which there is an event
		case err != nil:
			return err
		default:
			list.feeds = append(list.feeds, *f)
		}
	}
	return nil
}

// settle has the reader of events compare a list, and reports whether it counted.
func (r *Room) settle(ctx context.Context, list *listed) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, resyncWait)
	defer cancel()
	note := *list
	note.counts = make(chan bool, 1)
	r.pub.Post(&note)
	select {
	case counted := <-note.counts:
		return counted, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// compare tells how a list differs from what is known. It runs on the reader of
// events.
func (r *Room) compare(list *listed) {
	r.mu.Lock()
	if list.Handle != r.joined || r.turn != list.turn && !list.sure {
		r.mu.Unlock()
		list.counts <- false
		return
	}
	events := r.who.compare(list.people, list.feeds, r.Self(), r.pub.base)
	r.mu.Unlock()
	done := Resynced{EventBase: r.pub.base("resynced"), Streams: list.streams}
	gone := false
	for _, ev := range events {
		switch ev := ev.(type) {
		case *Joined:
			done.Joined++
		case *Published:
			done.Published += len(ev.Feeds)
		case *Unpublished:
			done.Unpublished++
		case *Left:
			done.Left++
			gone = gone || ev.Own
		default:
			done.Changed++
		}
		r.heard(ev)
		r.push(ev)
	}
	r.push(&done)
	if gone {
		r.end(ErrKicked)
	}
	list.counts <- true
}

// checkOwn publishes again what the gateway hung up while nobody heard of it.
func (r *Room) checkOwn(ctx context.Context, people []Participant) error {
	self := r.Self()
	i := slices.IndexFunc(people, func(p Participant) bool { return p.ID == self })
	r.mu.Lock()
	p := r.publication
	lost := r.up == r.pub.Handle.ID() && p != nil && i >= 0 && !people[i].Publisher
	r.mu.Unlock()
	if !lost {
		return nil
	}
	r.sending(0)
	if alive, _, _ := mending(p.peer); alive {
		return r.pub.renew(ctx)
	}
	return r.pub.Hangup(ctx) // what is declared is published again then
}

// displacedFeeds returns the feeds that are not where they were in a subscription.
func displacedFeeds(before []SubscriberStream, sub *Subscriber) (feeds []client.ID) {
	if sub == nil {
		return nil
	}
	now := sub.Streams()
	for i := range before {
		s := streamOf(now, before[i].MID)
		if before[i].Type != "data" && (s == nil || !sameMedia(*s, before[i])) {
			feeds = append(feeds, before[i].FeedID)
		}
	}
	return feeds
}
