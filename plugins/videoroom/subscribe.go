package videoroom

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// SubscribeRequest enters a room to receive from feeds of it. Who subscribes is
// seen by nobody.
type SubscribeRequest struct {
	Room      client.ID      `json:"room"`
	PIN       string         `json:"pin,omitempty"`
	Token     string         `json:"token,omitempty"`      // for rooms with signed tokens
	PrivateID uint64         `json:"private_id,omitempty"` // see [JoinReply]
	UseMSID   *bool          `json:"use_msid,omitempty"`   // name media streams by feed and m-line; default false
	Streams   []Subscription `json:"streams"`

	// AutoUpdate has the gateway make a new offer when a feed goes or changes;
	// default true. The Subscriber answers it.
	AutoUpdate *bool `json:"autoupdate,omitempty"`
}

type subscribeBody struct {
	PType string `json:"ptype"`
	*SubscribeRequest
}

// subscribed is every answer to a subscriber.
type subscribed struct {
	VideoRoom string             `json:"videoroom"`
	Streams   []SubscriberStream `json:"streams"`
}

// Subscribe subscribes to streams of feeds: the gateway makes an offer, peer the
// answer. Media flows when the stream of events has *client.WebRTCUp. Feeds that
// do not publish give [ErrNoSuchFeed]. Natively the data channels of feeds work
// only if peer has opened a channel of its own, with whatever label.
//
// The events of the handle are read from the [Subscriber] from now on, and by it,
// since it answers offers that the gateway makes of its own accord. It does so
// until the handle ends.
//
// A peer that is a [client.Mender] stays subscribed: a connection that breaks gets
// ICE restarts; one that is lost, as after a rebuild of the session, is made anew
// for the same peer, with the tracks of before. Feeds that do not publish again
// within 10 s are left out then, and *[SubscriptionFailed] names them.
func (h *Handle) Subscribe(ctx context.Context, req SubscribeRequest, peer client.Negotiator) (*Subscriber, error) {
	s := newSubscriber(h, peer)
	if err := s.start(ctx, req); err != nil {
		return nil, err
	}
	s.live(context.WithoutCancel(ctx))
	return s, nil
}

// start makes the connection.
func (s *Subscriber) start(ctx context.Context, req SubscribeRequest) error {
	const op = "videoroom: subscribe"
	switch {
	case s.peer == nil:
		return &client.ArgumentError{Op: op, Reason: "no peer; pass a *media.Peer, or your own client.Negotiator"}
	case len(req.Streams) == 0:
		return &client.ArgumentError{Op: op, Reason: "nothing to subscribe to; name a feed in Streams"}
	}
	if err := s.conn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer s.conn.Unlock()
	s.req = new(req)
	s.req.Streams = nil
	reply, offer, err := s.enter(ctx, &req)
	if err == nil {
		s.want(req.Streams)
		s.learn(reply.Streams, offer)
		err = s.answerOpen(ctx)
	}
	var refused *client.PluginError
	if err == nil || errors.As(err, &refused) && !s.Connected() {
		return err
	}
	return s.Abandon(ctx, err)
}

// enter subscribes, for an offer.
func (s *Subscriber) enter(ctx context.Context, req *SubscribeRequest) (*subscribed, *client.JSEP, error) {
	id := s.ID()
	var reply subscribed
	offer, err := s.exchange(ctx, "join", subscribeBody{"subscriber", req}, nil, &reply)
	if err == nil && offer == nil {
		err = &client.ProtocolError{Op: "videoroom: subscribe", Reason: "the plugin's answer has no description"}
	}
	var refused *client.PluginError
	if err == nil || !errors.As(err, &refused) {
		s.mu.Lock()
		s.joined = id // as far as is known
		s.mu.Unlock()
	}
	return &reply, offer, err
}

// Update subscribes to more and gives up some of what there is, with one
// negotiation. It returns when the connection is as asked. A stream that is there
// already is not noticed by the gateway: it would come twice. An answer to the
// gateway's offer is given even when ctx ends meanwhile.
//
// If another offer is on its way the gateway first wants that answered, which the
// Subscriber does. Without a deadline in ctx Update waits 10 s for its own, then has
// the gateway make it again, for it may be lost with a connection to the gateway, and
// 10 s later returns an error that matches [client.ErrTimeout].
func (s *Subscriber) Update(ctx context.Context, add []Subscription, drop []Unsubscription) error {
	return s.update(ctx, 0, add, drop)
}

// Add is Update with nothing to give up: the plugin's request subscribe.
func (s *Subscriber) Add(ctx context.Context, streams ...Subscription) error {
	return s.update(ctx, 0, streams, nil)
}

// Unsubscribe is Update with nothing to add.
func (s *Subscriber) Unsubscribe(ctx context.Context, streams ...Unsubscription) error {
	return s.update(ctx, 0, nil, streams)
}

// update is Update, for the subscription that a handle's id made; 0 is whatever
// there is.
func (s *Subscriber) update(ctx context.Context, of uint64, add []Subscription, drop []Unsubscription) error {
	s.unwant(drop)
	s.want(add)
	switch {
	case len(add) == 0 && len(drop) == 0:
		return nil
	case len(drop) == 0:
		return s.alter(ctx, of, "subscribe", streamsOnly[Subscription]{add})
	case len(add) == 0:
		return s.alter(ctx, of, "unsubscribe", streamsOnly[Unsubscription]{drop})
	}
	return s.alter(ctx, of, "update", struct {
		Subscribe   []Subscription   `json:"subscribe"`
		Unsubscribe []Unsubscription `json:"unsubscribe"`
	}{add, drop})
}

type streamsOnly[T any] struct {
	Streams []T `json:"streams"`
}

// alter sends a request that the gateway answers with an offer, now or later. One
// that was made while the connection was away does not come by itself.
func (s *Subscriber) alter(ctx context.Context, of uint64, verb string, body any) error {
	err := s.alterOnce(ctx, of, verb, body)
	if errors.Is(err, errOfferLost) && errors.Is(err, client.ErrTimeout) && s.reoffer(ctx) == nil {
		return nil
	}
	return err
}

// errOfferLost is matched when an earlier offer does not come.
var errOfferLost = errors.New("an earlier offer of the gateway is in the way")

func (s *Subscriber) alterOnce(ctx context.Context, of uint64, verb string, body any) error {
	op := "videoroom: " + verb
	unlock, err := s.lock(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer unlock()
	if err := s.conn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	late, err := s.alterLocked(ctx, of, verb, body)
	before := s.answers()
	s.conn.Unlock()
	if err != nil {
		return err
	}
	if late {
		// The gateway has one offer open at a time: the one that is in the way
		// comes first, and ours is the second.
		if err := s.wait(ctx, nil, func() bool { return s.answered >= before+2 }); err != nil {
			return fmt.Errorf("%s: %w: %w", op, errOfferLost, err)
		}
	}
	return nil
}

// alterLocked reports whether the offer comes late. It holds the turn, so that no
// answer is on its way while the gateway looks at the request.
func (s *Subscriber) alterLocked(ctx context.Context, of uint64, verb string, body any) (late bool, err error) {
	err = s.over()
	if err == nil && of != 0 && !s.isCurrent(of) {
		err = ErrHungUp
	}
	if err != nil {
		return false, fmt.Errorf("videoroom: %s: %w", verb, err)
	}
	if err := s.answerOpen(ctx); err != nil {
		return false, err
	}
	var reply subscribed
	offer, err := s.exchange(ctx, verb, body, nil, &reply)
	s.doubt(err)
	if err != nil {
		return false, err
	}
	if offer == nil {
		return reply.VideoRoom == "updating", nil
	}
	return false, s.take(ctx, &reply, offer)
}

// Switch puts m-lines of other feeds where some of the subscription are, without
// a negotiation unless a codec changes.
func (s *Subscriber) Switch(ctx context.Context, streams ...SwitchStream) error {
	if err := s.conn.Lock(ctx); err != nil {
		return fmt.Errorf("videoroom: switch: %w", err)
	}
	defer s.conn.Unlock()
	var reply subscribed
	if err := s.call(ctx, "switch", streamsOnly[SwitchStream]{streams}, &reply); err != nil {
		return err
	}
	s.learn(reply.Streams, nil)
	s.tell()
	return nil
}

// Configure changes how m-lines are relayed, without a negotiation. What is lost
// with the connection is sent again.
func (s *Subscriber) Configure(ctx context.Context, streams ...ConfigureStream) error {
	if err := s.repeat(ctx, "configure", streamsOnly[ConfigureStream]{streams}); err != nil {
		return err
	}
	s.configured(streams)
	return nil
}
