package videoroom

import (
	"context"
	"errors"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// Want declares which streams to receive, in the place of what was declared
// before. It returns at once; [Room.Sync] waits until it is so.
func (r *Room) Want(w Wanted) {
	r.mu.Lock()
	r.wanted = w.clone()
	r.forgive()
	r.mu.Unlock()
	r.poke()
}

// forgive forgets what was refused. r.mu is held.
func (r *Room) forgive() {
	r.refused = map[client.ID]error{}
	r.epoch++
}

// Tune declares how the streams of a feed are to be relayed to us: which layer,
// or nothing for now. What is set counts until it is set again, also for a feed
// that is not received yet. Layers concern video alone; a Substream that does not
// come, as [LayerChanged] says, is asked for again, for a quarter of a minute. It
// returns at once.
func (r *Room) Tune(feed client.ID, relay Relay) error {
	if err := relay.check("videoroom: tune"); err != nil {
		return err
	}
	r.mu.Lock()
	r.relay[feed] = r.relay[feed].merge(&relay)
	r.mu.Unlock()
	r.poke()
	return nil
}

// Pause has the gateway relay nothing to us until [Room.Resume]. It returns at
// once.
func (r *Room) Pause() { r.setPaused(true) }

// Resume ends a pause. It returns at once.
func (r *Room) Resume() { r.setPaused(false) }

func (r *Room) setPaused(on bool) {
	r.mu.Lock()
	r.paused = on
	r.mu.Unlock()
	r.poke()
}

// Switch puts one feed in the place of another among Wanted.Feeds, and its
// streams on the m-lines of the other's where they are of one kind, which needs
// no negotiation unless a codec changes.
func (r *Room) Switch(ctx context.Context, from, to client.ID) error {
	const op = "videoroom: switch"
	r.mu.Lock()
	sub := r.sub
	found := r.who.feeds[to]
	if found == nil || sub == nil {
		r.mu.Unlock()
		return &client.ArgumentError{Op: op, Reason: "nobody publishes as " + to.String() + ", or nothing is received; see Feeds and Streams"}
	}
	if !r.wanted.replace(from, to) {
		r.mu.Unlock()
		return &client.ArgumentError{Op: op, Reason: from.String() + " is not in Wanted.Feeds; call Want"}
	}
	target := *found // what is there may change
	if send := r.relay[from].Send; send != nil && r.relay[to].Send == nil {
		r.relay[to] = r.relay[to].merge(&Relay{Send: new(true)}) // the m-line keeps what was set
	}
	r.mu.Unlock()
	if list := exchangeOf(sub.Streams(), from, &target); len(list) > 0 {
		if err := sub.Switch(ctx, list...); err != nil {
			r.poke() // what is wanted has changed all the same
			return err
		}
	}
	r.poke()
	return nil
}

// exchangeOf pairs the m-lines of one feed with those of another.
func exchangeOf(streams []SubscriberStream, from client.ID, to *Feed) (list []SwitchStream) {
	used := map[string]bool{}
	for _, have := range streams {
		if !have.Active || have.FeedID != from {
			continue
		}
		for _, s := range to.Streams {
			if s.Type == have.Type && !s.Disabled && !used[s.MID] {
				used[s.MID] = true
				list = append(list, SwitchStream{Feed: to.ID, MID: s.MID, SubMID: have.MID})
				break
			}
		}
	}
	return list
}

// Sync waits until everything is as declared. If the gateway refused feeds, they
// are in the error. When ctx ends before, the error also says what went wrong
// last.
func (r *Room) Sync(ctx context.Context) error {
	r.mu.Lock()
	asked := r.asked
	r.mu.Unlock()
	for {
		r.mu.Lock()
		settled, trouble, err, news := r.settled >= asked, r.trouble, r.err, r.news
		if settled {
			for _, t := range r.wanted.targets(&r.who) {
				if refusal := r.refused[t.feed]; refusal != nil && !errors.Is(err, refusal) {
					err = errors.Join(err, refusal)
				}
			}
		}
		r.mu.Unlock()
		switch {
		case settled:
			return err
		case err != nil:
			return fmt.Errorf("videoroom: sync: %w", err)
		}
		select {
		case <-news:
		case <-ctx.Done():
			if trouble != nil {
				return fmt.Errorf("videoroom: sync: %w: %w", ctx.Err(), trouble)
			}
			return fmt.Errorf("videoroom: sync: %w", ctx.Err())
		}
	}
}

// next returns what is to be done about the subscription, the subscriber, and the
// epoch.
func (r *Room) next() (plan, *Subscriber, int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := planner{targets: r.wanted.targets(&r.who), relay: r.relay, applied: r.applied, refused: r.refused, dataMID: r.who.dataMID}
	var of uint64
	if r.sub != nil {
		p.streams, of = r.sub.now()
	}
	plan := p.plan()
	plan.of = of
	return plan, r.sub, r.epoch
}

// receive does one thing about the subscription, and reports whether there was
// nothing to do.
func (r *Room) receive(ctx context.Context) (idle bool, err error) {
	if r.opts.NewPeer == nil {
		return true, nil
	}
	r.mu.Lock()
	sub, paused := r.sub, r.paused
	r.mu.Unlock()
	if sub != nil && sub.isOver() {
		if alive, _, _ := mending(sub.peer); alive && sub.Err() == nil {
			return false, errMending
		}
		r.dropSubscriber(ctx)
		return false, nil
	}
	p, sub, epoch := r.next()
	switch {
	case sub == nil && len(p.add) == 0:
		return true, nil
	case sub != nil && sub.isPaused() != paused && paused:
		return false, sub.Pause(ctx)
	case sub != nil && sub.isPaused() != paused:
		return false, sub.Resume(ctx)
	case len(p.add)+len(p.drop) > 0:
		err := r.subscribe(ctx, sub, p, epoch)
		switch {
		case errors.Is(err, ErrHungUp): // it was not what the plan was made for any more
			return false, nil
		case err != nil:
			return false, err
		}
		return false, r.heeded(&p)
	case len(p.adjust) > 0:
		if err := sub.Configure(ctx, p.adjust...); err != nil {
			return false, err
		}
		r.adjusted(p.adjust, sub.Streams())
		return false, nil
	}
	if sub == nil {
		return true, nil
	}
	if again := r.overdue(sub.Streams()); len(again) > 0 {
		return false, sub.Configure(ctx, again...)
	}
	return true, sub.retry(ctx)
}

// subscribe changes the subscription. If the plugin refuses, it tries what is new
// feed by feed, to find whose fault it is.
func (r *Room) subscribe(ctx context.Context, sub *Subscriber, p plan, epoch int) error {
	err := r.change(ctx, sub, &p)
	var refusal *client.PluginError
	if errors.Is(err, ErrHungUp) {
		return err
	}
	if !errors.As(err, &refusal) || len(p.add) == 0 {
		return r.failed(client.ID{}, err)
	}
	if feeds := feedsOf(p.add); len(feeds) > 1 || len(p.drop) > 0 {
		return r.failed(client.ID{}, r.oneByOne(ctx, sub, p, feeds, epoch))
	}
	r.refuse(p.add[0].Feed, err, epoch)
	return nil
}

// heeded reports a gateway that agreed to a change and made nothing of it, so that
// it has time before it is asked again.
func (r *Room) heeded(p *plan) error {
	after, _, _ := r.next()
	for _, s := range p.add {
		if !slices.ContainsFunc(after.add, func(o Subscription) bool { return o.Feed == s.Feed && o.MID == s.MID }) {
			return nil
		}
	}
	for _, s := range p.drop {
		if !slices.Contains(after.drop, s) {
			return nil
		}
	}
	return r.failed(client.ID{}, &client.ProtocolError{Op: "subscribe", Reason: "the gateway agreed to a change and made nothing of it"})
}

func (r *Room) oneByOne(ctx context.Context, sub *Subscriber, p plan, feeds []client.ID, epoch int) error {
	if len(p.drop) > 0 && sub != nil {
		if err := r.change(ctx, sub, &plan{drop: p.drop, of: p.of}); err != nil {
			return err
		}
	}
	for _, feed := range feeds {
		one := plan{of: p.of}
		for _, s := range p.add {
			if s.Feed == feed {
				one.add = append(one.add, s)
			}
		}
		err := r.change(ctx, r.subscriber(), &one)
		var refusal *client.PluginError
		switch {
		case errors.As(err, &refusal):
			r.refuse(feed, err, epoch)
		case err != nil:
			return err
		}
	}
	return nil
}

// feedsOf returns the feeds of subscriptions, each once.
func feedsOf(list []Subscription) (feeds []client.ID) {
	for _, s := range list {
		if !slices.Contains(feeds, s.Feed) {
			feeds = append(feeds, s.Feed)
		}
	}
	return feeds
}

// refuse gives a feed up until it publishes anew or Want is called, unless one of
// that happened since the request was made.
func (r *Room) refuse(feed client.ID, err error, epoch int) {
	r.mu.Lock()
	stale := epoch != r.epoch
	if !stale {
		r.refused[feed] = err
	}
	r.mu.Unlock()
	if !stale {
		_ = r.failed(feed, err)
	}
}

// failed reports an error, if there is one, and returns it.
func (r *Room) failed(feed client.ID, err error) error {
	if err != nil {
		r.push(&SubscriptionFailed{EventBase: r.pub.base("subscription_failed"), Feed: feed, Err: err})
	}
	return err
}
