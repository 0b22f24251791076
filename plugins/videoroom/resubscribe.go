package videoroom

import (
	"context"
	"slices"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

const (
	// comeBack is how long feeds that were there may take to publish again.
	comeBack = 10 * time.Second
	comePoll = 250 * time.Millisecond
)

// restarted is Restart for package mend.
func (s *Subscriber) restarted(ctx context.Context) error {
	if err := s.gone(ctx); err != nil {
		return err
	}
	if err := s.over(); err != nil {
		return err // what was lost is renewed next
	}
	return s.Restart(ctx)
}

// renew subscribes with the same peer once more, on a new connection.
func (s *Subscriber) renew(ctx context.Context) error {
	if err := s.gone(ctx); err != nil {
		return err
	}
	s.lost()
	if s.inRoom != nil {
		return s.inRoom.resubscribe(ctx, s)
	}
	list, err := s.present(ctx, s.again())
	if err == nil && len(list) > 0 {
		err = s.subscribeAgain(ctx, list)
	}
	if err == nil {
		s.tell()
	}
	return s.tried(ctx, err)
}

// tried tells of an error, unless it is only that the connection to the gateway
// went meanwhile.
func (s *Subscriber) tried(ctx context.Context, err error) error {
	if err != nil && ctx.Err() == nil {
		s.noteFailure(client.ID{}, err)
	}
	return err
}

func (s *Subscriber) noteFailure(feed client.ID, err error) {
	s.deliver(&SubscriptionFailed{EventBase: s.base("subscription_failed"), Feed: feed, Err: err})
}

func (s *Subscriber) gaveUp(err error) {
	s.lost()
	s.noteFailure(client.ID{}, err)
}

// present waits until the feeds of list publish, for a while, and returns those
// that do.
func (s *Subscriber) present(ctx context.Context, list []Subscription) ([]Subscription, error) {
	tick := time.NewTicker(comePoll)
	defer tick.Stop()
	s.mu.Lock()
	since := s.since
	s.mu.Unlock()
	for {
		there, err := s.ListParticipants(ctx, s.req.Room)
		if err != nil {
			return nil, err
		}
		absent := func(sub Subscription) bool {
			return !slices.ContainsFunc(there, func(p Participant) bool { return p.Publisher && p.ID == sub.Feed })
		}
		found := slices.DeleteFunc(slices.Clone(list), absent)
		if len(found) == len(list) {
			return found, nil
		}
		if time.Since(since) > comeBack && len(found) > 0 {
			for _, feed := range feedsOf(list) {
				if absent(Subscription{Feed: feed}) {
					s.noteFailure(feed, fmt.Errorf("videoroom: subscribe: it has gone: %w", ErrNoSuchFeed))
				}
			}
			return found, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// subscribeAgain makes a new connection for the same peer. A handle subscribes
// once, so that it may need a new id for it. Nobody but who told lost may have
// done that meanwhile.
func (s *Subscriber) subscribeAgain(ctx context.Context, list []Subscription) error {
	const op = "videoroom: subscribe"
	if err := s.conn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer s.conn.Unlock()
	s.mu.Lock()
	hungUp, spent, was, req := s.hungUp, s.joined == s.ID(), s.was, *s.req
	s.mu.Unlock()
	m, ok := s.peer.(client.Mender)
	if !hungUp || !ok {
		return nil
	}
	if spent {
		if err := s.Reattach(ctx); err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
	}
	req.Streams = inPlace(list, was)
	if s.inRoom != nil {
		req.PrivateID = s.inRoom.pub.PrivateID()
	}
	reply, offer, err := s.enter(ctx, &req)
	if err != nil {
		return err
	}
	if err := m.Renew(ctx, displaced(was, reply.Streams)...); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	s.learn(reply.Streams, offer)
	if err := s.answerOpen(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hungUp = false
	s.changed()
	return nil
}
