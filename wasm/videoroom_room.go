//go:build js

package main

import (
	"context"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// room is a videoroom.Room, and what the page was told of it.
type room struct {
	*videoroom.Room
	peers media.Options

	mu          sync.Mutex // protects what follows
	told        string     // the state, as it crossed last
	version     int        // how often it did: calls overtake each other
	receiver    *media.Peer
	publication *publication
}

func roomCall(ctx context.Context, c *call) (any, error) {
	if c.method == "join" {
		return c.joinRoom(ctx)
	}
	r, err := lookup[*room](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "done":
		return c.ended(ctx, r, kindClosed)
	case "leave":
		return nil, r.Leave(ctx)
	}
	value, err := c.inRoom(ctx, r)
	if err != nil {
		return nil, err
	}
	return r.tell(c.program, value), nil
}

// joinRoom enters a room: the value is what makes transforms.
func (c *call) joinRoom(ctx context.Context) (any, error) {
	s, err := lookup[*client.Session](c, c.ref)
	if err != nil {
		return nil, err
	}
	var body struct {
		Join        videoroom.JoinRequest
		Wanted      videoroom.Wanted
		UseMSID     bool
		EventBuffer int
		Peer        media.Options
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	r := &room{peers: body.Peer}
	r.peers.Transform = transform(c.value(0))
	r.Room, err = videoroom.Join(ctx, s, videoroom.RoomOptions{
		Join: body.Join, NewPeer: r.newReceiver, Wanted: body.Wanted, UseMSID: body.UseMSID, EventBuffer: body.EventBuffer,
	})
	if err != nil {
		return nil, err
	}
	return r.tell(c.program, c.objects.add(r)), nil
}

// newReceiver makes the peer that receives.
func (r *room) newReceiver(h *client.Handle) (client.Negotiator, error) {
	p, err := media.NewPeer(h, &r.peers)
	if err != nil {
		return nil, err
	}
	// The gateway relays data when it has seen a channel of ours. Where nobody
	// sends any, this one never comes to be.
	if _, err := p.OpenData(context.Background(), "JanusDataChannel", nil); err != nil {
		_ = p.Close() // it never was anything
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.receiver = p
	return p, nil
}

// tell adds the state of the room to the result of a call, if the page does not
// have it.
func (r *room) tell(p *program, value any) any {
	r.mu.Lock()
	defer r.mu.Unlock()
	state := p.encode(struct {
		ID, Self  client.ID
		Feeds     []videoroom.Feed
		Attendees []videoroom.Attendee
		Speakers  []client.ID
		Streams   []videoroom.SubscriberStream
	}{r.ID(), r.Self(), r.Feeds(), r.Attendees(), r.Speakers(), r.Streams()})
	told := struct {
		Version int
		State   json.RawMessage
		Value   any
	}{Value: value}
	if state != r.told {
		r.told = state
		r.version++
		told.Version, told.State = r.version, json.RawMessage(state)
	}
	return told
}

// inRoom does what changes a room, or tells of it.
func (c *call) inRoom(ctx context.Context, r *room) (any, error) {
	if c.method == "next" {
		return r.Next(ctx)
	}
	var body struct {
		Wanted             videoroom.Wanted
		Relay              videoroom.Relay
		ID, Feed, From, To client.ID
		MID                string
		Mute               bool
		Request            videoroom.PublishRequest
		Send               []media.SendOptions
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	switch c.method {
	case "publish":
		return c.publish(ctx, r, body.Request, body.Send)
	case "configure":
		return nil, r.Configure(ctx, body.Request)
	case "renegotiate":
		return r.Renegotiate(ctx)
	case "unpublish":
		return nil, r.unpublish(ctx)
	case "want":
		r.Want(body.Wanted)
		return nil, nil
	case "tune":
		return nil, r.Tune(body.Feed, body.Relay)
	case "pause":
		r.Pause()
		return nil, nil
	case "resume":
		r.Resume()
		return nil, nil
	case "switch":
		return nil, r.Switch(ctx, body.From, body.To)
	case "sync":
		return nil, r.Sync(ctx)
	case "kick":
		return nil, r.Kick(ctx, body.ID)
	case "moderate":
		return nil, r.Moderate(ctx, body.Feed, body.MID, body.Mute)
	case "receiver":
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.receiver == nil || r.receiver.Err() != nil {
			return nil, nil
		}
		return c.objects.add(r.receiver), nil
	}
	return nil, errUnknown
}
