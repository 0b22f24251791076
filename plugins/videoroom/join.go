package videoroom

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

// JoinRequest enters a room as somebody who may publish. Empty fields are left
// out.
type JoinRequest struct {
	Room     client.ID       `json:"room"`
	ID       client.ID       `json:"id,omitzero"` // ours in the room; default: a random one
	Display  string          `json:"display,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"` // an object, for the others; Janus 1.3.0 and later
	PIN      string          `json:"pin,omitempty"`
	Token    string          `json:"token,omitempty"`  // for rooms with a list of them, or signed ones
	Secret   string          `json:"secret,omitempty"` // for recording where the room has lock_record

	AudioLevelAverage  *int `json:"audio_level_average,omitempty"`  // dBov below 0, 127 being silence; default: the room's
	AudioActivePackets *int `json:"audio_active_packets,omitempty"` // packets that are averaged; default: the room's
}

// JoinReply is what there is to know on entering a room.
type JoinReply struct {
	Room        client.ID `json:"room"`
	Description string    `json:"description,omitempty"`
	ID          client.ID `json:"id"` // ours
	// PrivateID is what the subscribers of the same user give in rooms with
	// require_pvtid. It is a secret of ours.
	PrivateID uint64          `json:"private_id"`
	Feeds     []Feed          `json:"publishers"`
	Attendees []Attendee      `json:"attendees,omitempty"` // who does not publish; only with notify_joining
	Raw       json.RawMessage `json:"-"`                   // as received
}

// UnmarshalJSON implements json.Unmarshaler.
func (j *JoinReply) UnmarshalJSON(data []byte) error {
	type plain JoinReply
	return keep(data, (*plain)(j), &j.Raw)
}

type joinBody struct {
	PType string `json:"ptype"`
	*JoinRequest
}

// Join enters a room. The reply says who was there already; who comes later is
// an event. The handle is a publisher's from now on.
//
// After a rebuild of the session the Publisher joins again by itself, with the
// same id; see [*Ghost] for what may be in the way. What it published it publishes
// again where the peer is a [client.Mender], as a *media.Peer is.
func (h *Handle) Join(ctx context.Context, req JoinRequest) (*Publisher, *JoinReply, error) {
	p := newPublisher(h, &req)
	reply, err := p.enter(ctx)
	if err != nil {
		return nil, nil, err
	}
	p.keepJoined()
	return p, reply, nil
}

// JoinAndConfigure is Join and [Publisher.Publish] in one round trip. When it
// fails, the handle may have joined and not publish: detach it.
func (h *Handle) JoinAndConfigure(ctx context.Context, req JoinRequest, cfg PublishRequest, peer client.Negotiator) (*Publisher, *JoinReply, error) {
	const verb = "joinandconfigure"
	p := newPublisher(h, &req)
	body, err := merge(joinBody{"publisher", &req}, &cfg)
	if err != nil {
		return nil, nil, fmt.Errorf("videoroom: %s: encode the request: %w", verb, err)
	}
	var reply JoinReply
	if err := p.start(ctx, verb, body, &reply, &cfg, peer, 0); err != nil {
		return nil, nil, err
	}
	p.entered(&reply)
	p.keepJoined()
	return p, &reply, nil
}

// merge encodes values into one object, where a later one wins: in a struct of
// both, encoding/json would leave out the fields that both have.
func merge(values ...any) (json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	for _, v := range values {
		b, err := json.Marshal(v)
		if err == nil {
			err = json.Unmarshal(b, &all)
		}
		if err != nil {
			return nil, err
		}
	}
	return json.Marshal(all)
}

// enter joins, at first and after a rebuild.
func (p *Publisher) enter(ctx context.Context) (*JoinReply, error) {
	req := p.request()
	var reply JoinReply
	if err := p.call(ctx, "join", joinBody{"publisher", &req}, &reply); err != nil {
		return nil, err
	}
	p.entered(&reply)
	return &reply, nil
}

// request is the join request, with the id once it is known.
func (p *Publisher) request() JoinRequest {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.join
}

func (p *Publisher) entered(reply *JoinReply) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.join.ID, p.privateID = reply.ID, reply.PrivateID
}
