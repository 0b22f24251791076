package videoroom

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/bifrons-rtc/bifrons/client"
)

// lookMIDs is how many ids of m-lines are tried to find that of data.
const lookMIDs = 16

// look finds out what somebody publishes. A list of participants does not say it;
// a subscription does, which nobody notices and which is never answered.
func (r *Room) look(ctx context.Context, who *Participant) (*Feed, error) {
	h, err := Attach(ctx, r.session, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = h.Detach(context.WithoutCancel(ctx)) }() // or it goes with the session
	f := &Feed{ID: who.ID, Display: who.Display, Metadata: who.Metadata, Dummy: who.Dummy, Talking: who.Talking}
	join := r.opts.Join
	req := SubscribeRequest{Room: r.ID(), PIN: join.PIN, Token: join.Token, PrivateID: r.pub.PrivateID(),
		Streams: []Subscription{{Feed: who.ID}}}
	var reply subscribed
	_, err = h.exchange(ctx, "join", subscribeBody{"subscriber", &req}, nil, &reply)
	var refused *client.PluginError
	switch {
	case errors.Is(err, ErrNoSuchFeed):
		return nil, err
	case errors.As(err, &refused):
		return f, nil // it publishes, and nothing for us
	case err != nil:
		return nil, err
	}
	for i := range reply.Streams {
		s := &reply.Streams[i]
		mid := s.FeedMID
		if s.Type == "data" {
			if mid = h.lookForData(ctx, who.ID, reply.Streams, i); mid == "" {
				continue
			}
		}
		f.Streams = append(f.Streams, Stream{Type: s.Type, MIndex: s.MIndex, MID: mid, Codec: s.Codec,
			Description: s.FeedDescription, H264Profile: s.H264Profile, VP9Profile: s.VP9Profile,
			Simulcast: s.Simulcast != nil, SVC: s.SVC != nil})
	}
	return f, nil
}

// lookForData returns the m-line of a feed's data, which a subscription does not
// tell; "" if it cannot be found. A switch to a feed's m-line on none of ours does
// nothing, and is refused where the feed has no such m-line.
func (h *Handle) lookForData(ctx context.Context, feed client.ID, streams []SubscriberStream, index int) string {
	for i := range lookMIDs {
		mid := strconv.Itoa((index + i) % lookMIDs)
		if slices.ContainsFunc(streams, func(s SubscriberStream) bool { return s.FeedMID == mid }) {
			continue
		}
		try := SwitchStream{Feed: feed, MID: mid, SubMID: "none"}
		if h.call(ctx, "switch", streamsOnly[SwitchStream]{[]SwitchStream{try}}, nil) == nil {
			return mid
		}
	}
	return ""
}
