package videoroom

import (
	"context"
	"errors"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// resumed does what is to be done after a claim by a Subscriber on its own.
func (s *Subscriber) resumed(ctx context.Context) {
	changed, err := s.resync(ctx)
	switch {
	case ctx.Err() != nil || errors.Is(err, client.ErrOutcomeUnknown) || errors.Is(err, client.ErrInterrupted):
		return // it ends, or will be resumed again
	case err != nil:
		s.noteFailure(client.ID{}, err)
	}
	s.deliver(&Resynced{EventBase: s.base("resynced"), Streams: changed})
}

// resync finds out whether the subscription is what it was before the connection
// was away, and makes it known if not. A connection on which nothing changed is
// left alone.
func (s *Subscriber) resync(ctx context.Context) (changed bool, err error) {
	if s.isOver() {
		return false, nil // it is being mended
	}
	before := s.Streams()
	now, err := s.ask(ctx, before)
	var refused *client.PluginError
	s.mu.Lock()
	unsure := s.unsure
	s.unsure = false
	s.mu.Unlock()
	switch {
	case err != nil:
		return false, err
	case now == nil || slices.EqualFunc(before, now, sameStream):
		if unsure { // with other ICE credentials of the gateway's, perhaps
			err = s.reoffer(ctx)
		}
		return unsure, err
	case len(now) > 0:
		s.learn(now, nil)
		if !slices.EqualFunc(before, now, sameMedia) { // data comes and goes without an offer
			err = s.reoffer(ctx)
		}
		s.tell()
		if !errors.As(err, &refused) {
			return true, err
		}
	}
	// The connection was hung up.
	if alive, _, _ := mending(s.peer); alive {
		return true, s.renew(ctx)
	}
	s.lost()
	s.tell()
	return true, nil
}

// ask returns what the gateway knows of the subscription; nil where there is no
// way to ask. A switch of what is there already changes nothing and says all. It is
// refused for a feed that has gone.
func (s *Subscriber) ask(ctx context.Context, streams []SubscriberStream) (now []SubscriberStream, err error) {
	for i := range streams {
		if !streams[i].Active || streams[i].Type == "data" {
			continue
		}
		reply := struct {
			Streams []SubscriberStream `json:"streams"`
		}{[]SubscriberStream{}}
		same := SwitchStream{Feed: streams[i].FeedID, MID: streams[i].FeedMID, SubMID: streams[i].MID}
		if err = s.call(ctx, "switch", streamsOnly[SwitchStream]{[]SwitchStream{same}}, &reply); !errors.Is(err, ErrNoSuchFeed) {
			return reply.Streams, err
		}
	}
	if err == nil {
		return nil, nil
	}
	now = slices.Clone(streams)
	for i, s := range now {
		if s.Type != "data" {
			now[i] = SubscriberStream{MIndex: s.MIndex, MID: s.MID, Type: s.Type}
		}
	}
	return now, nil
}

// reoffer has the gateway make its offer again, which may be lost. It waits for an
// answer to that one and makes no other before: any will do, for what was answered
// last is what the connection still is.
func (s *Subscriber) reoffer(ctx context.Context) error {
	s.mu.Lock()
	answer := s.answer
	s.mu.Unlock()
	if err := s.conn.Lock(ctx); err != nil {
		return err
	}
	err := s.give(ctx, answer)
	s.conn.Unlock()
	var refused *client.Error
	if err != nil && !errors.As(err, &refused) {
		return err
	}
	return s.Renegotiate(ctx)
}

func sameStream(a, b SubscriberStream) bool {
	return sameMedia(a, b) && slices.Equal(a.SourceIDs, b.SourceIDs)
}

// sameMedia compares what is negotiated.
func sameMedia(a, b SubscriberStream) bool {
	return a.MID == b.MID && a.Type == b.Type && a.Active == b.Active &&
		a.FeedID == b.FeedID && a.FeedMID == b.FeedMID && a.Codec == b.Codec
}
