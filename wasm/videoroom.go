//go:build js

package main

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// publisher is a handle that joined a room. Its id is that of the handle, not
// ours in the room.
type publisher struct {
	*videoroom.Handle
	role *videoroom.Publisher
}

var (
	_ handle = (*publisher)(nil)
	_ handle = (*videoroom.Subscriber)(nil)
)

func videoroomCall(ctx context.Context, c *call) (any, error) {
	if c.method == "attach" {
		s, opts, err := c.attaching()
		if err != nil {
			return nil, err
		}
		return c.attached(videoroom.Attach(ctx, s, opts))
	}
	h, err := lookup[*videoroom.Handle](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "join":
		return c.joinVideoroom(ctx, h)
	case "subscribe":
		return c.subscribeVideoroom(ctx, h)
	}
	return nil, errUnknown
}

// joinVideoroom makes a publisher of a handle; with a peer it publishes as well.
func (c *call) joinVideoroom(ctx context.Context, h *videoroom.Handle) (any, error) {
	var body struct {
		Join    videoroom.JoinRequest
		Publish videoroom.PublishRequest
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	peer, err := argument[client.Negotiator](c, 0)
	if err != nil {
		return nil, err
	}
	var role *videoroom.Publisher
	var reply *videoroom.JoinReply
	if peer == nil {
		role, reply, err = h.Join(ctx, body.Join)
	} else {
		role, reply, err = h.JoinAndConfigure(ctx, body.Join, body.Publish, peer)
	}
	if err != nil {
		return nil, err
	}
	attached, _ := c.attached(&publisher{h, role}, nil)
	return struct {
		Attached any
		Reply    *videoroom.JoinReply
	}{attached, reply}, nil
}

// subscribeVideoroom makes a subscriber of a handle.
func (c *call) subscribeVideoroom(ctx context.Context, h *videoroom.Handle) (any, error) {
	var req videoroom.SubscribeRequest
	if err := c.decode(&req); err != nil {
		return nil, err
	}
	peer, err := argument[client.Negotiator](c, 0)
	if err != nil {
		return nil, err
	}
	s, err := h.Subscribe(ctx, req, peer)
	if err != nil {
		return nil, err
	}
	return c.attached(s, nil)
}

func publisherCall(ctx context.Context, c *call) (any, error) {
	h, err := lookup[*publisher](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch p := h.role; c.method {
	case "privateId":
		return p.PrivateID(), nil
	case "publish", "configure":
		var req videoroom.PublishRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		if c.method == "configure" {
			return nil, p.Configure(ctx, req)
		}
		peer, err := argument[client.Negotiator](c, 0)
		if err != nil {
			return nil, err
		}
		return p.Publish(ctx, req, peer)
	case "renegotiate":
		return p.Renegotiate(ctx)
	case "restart":
		return p.Restart(ctx)
	case "unpublish":
		return nil, p.Unpublish(ctx)
	case "leave":
		return nil, p.Leave(ctx)
	}
	return nil, errUnknown
}

func subscriberCall(ctx context.Context, c *call) (any, error) {
	s, err := lookup[*videoroom.Subscriber](c, c.ref)
	if err != nil {
		return nil, err
	}
	var body struct {
		Add       []videoroom.Subscription
		Drop      []videoroom.Unsubscription
		Switch    []videoroom.SwitchStream
		Configure []videoroom.ConfigureStream
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	switch c.method {
	case "streams":
		return s.Streams(), nil
	case "update":
		return nil, s.Update(ctx, body.Add, body.Drop)
	case "add":
		return nil, s.Add(ctx, body.Add...)
	case "unsubscribe":
		return nil, s.Unsubscribe(ctx, body.Drop...)
	case "switch":
		return nil, s.Switch(ctx, body.Switch...)
	case "configure":
		return nil, s.Configure(ctx, body.Configure...)
	case "pause":
		return nil, s.Pause(ctx)
	case "resume":
		return nil, s.Resume(ctx)
	case "renegotiate":
		return nil, s.Renegotiate(ctx)
	case "restart":
		return nil, s.Restart(ctx)
	case "leave":
		return nil, s.Leave(ctx)
	}
	return nil, errUnknown
}
