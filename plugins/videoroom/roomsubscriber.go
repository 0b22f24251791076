package videoroom

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// change subscribes to more and gives up some, on a new handle when there is
// none.
func (r *Room) change(ctx context.Context, sub *Subscriber, p *plan) error {
	var err error
	switch {
	case sub != nil:
		err = sub.update(ctx, p.of, p.add, p.drop)
	case len(p.add) > 0:
		sub, err = r.newSubscriber(ctx, p.add)
	}
	if err != nil || sub == nil {
		return err
	}
	r.related(sub, p.add)
	return nil
}

// related notes how m-lines are relayed that were just asked for.
func (r *Room) related(sub *Subscriber, add []Subscription) {
	var set []ConfigureStream
	streams := sub.Streams()
	relays := map[source]Relay{}
	for _, s := range add {
		relays[source{s.Feed, s.MID}] = s.Relay
	}
	for i := range streams {
		if relay, ok := relays[source{streams[i].FeedID, streams[i].FeedMID}]; ok {
			set = append(set, ConfigureStream{MID: streams[i].MID, Relay: relay})
		}
	}
	r.adjusted(set, streams)
}

// forgetRelays has m-lines told again how to be relayed, where they are not what
// they were.
func (r *Room) forgetRelays(sub *Subscriber) {
	streams := sub.Streams()
	r.mu.Lock()
	defer r.mu.Unlock()
	for mid, have := range r.applied {
		if s := streamOf(streams, mid); s == nil || s.FeedID != have.feed || s.FeedMID != have.mid {
			delete(r.applied, mid)
		}
	}
}

// adjusted notes how m-lines are relayed now.
func (r *Room) adjusted(set []ConfigureStream, streams []SubscriberStream) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range set {
		if s := streamOf(streams, c.MID); s != nil {
			r.applied[c.MID] = relayed{s.FeedID, s.FeedMID, c.Relay}
			r.ask(c.MID, &c.Relay)
		}
	}
}

// newSubscriber makes the connection that receives.
func (r *Room) newSubscriber(ctx context.Context, add []Subscription) (*Subscriber, error) {
	h, err := Attach(ctx, r.session, nil)
	if err != nil {
		return nil, fmt.Errorf("videoroom: subscribe: %w", err)
	}
	peer, err := r.opts.NewPeer(h.Handle)
	if err != nil {
		err = fmt.Errorf("videoroom: subscribe: make a peer: %w", err)
		return nil, errors.Join(err, h.Detach(context.WithoutCancel(ctx)))
	}
	s := newSubscriber(h, peer)
	s.deliver, s.inRoom = r.received, r
	join := r.opts.Join
	req := SubscribeRequest{Room: join.Room, PIN: join.PIN, Token: join.Token, PrivateID: r.pub.PrivateID(), Streams: add}
	if r.opts.UseMSID {
		req.UseMSID = new(true)
	}
	if err := s.start(ctx, req); err != nil {
		closePeer(peer)
		return nil, errors.Join(err, h.Detach(context.WithoutCancel(ctx)))
	}
	r.mu.Lock()
	r.sub, r.applied = s, map[string]relayed{}
	clear(r.asks)
	r.mu.Unlock()
	s.live(context.WithoutCancel(ctx))
	s.tell()
	return s, nil
}

func (r *Room) subscriber() *Subscriber {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sub
}

// received hears of the subscriber's events.
func (r *Room) received(ev client.Event) {
	r.push(ev)
	switch ev := ev.(type) {
	case *LayerChanged:
		r.reached(ev)
	case *Updated, *SubscriptionFailed, *client.Hangup, *client.Resumed, *client.Detached:
		r.poke()
	}
}

// dropSubscriber ends the connection that receives, if there is one.
func (r *Room) dropSubscriber(ctx context.Context) {
	r.mu.Lock()
	s := r.sub
	r.sub = nil
	r.mu.Unlock()
	if s == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, goodbye)
	defer cancel()
	_ = s.Handle.Detach(ctx) // the gateway does it by itself with the session
	closePeer(s.peer)
	s.stop()
	<-s.done
}
