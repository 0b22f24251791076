//go:build js

package main

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// textroomCall is for handles and for their connections: rooms are managed over
// either.
func textroomCall(ctx context.Context, c *call) (any, error) {
	if c.method == "attach" {
		s, opts, err := c.attaching()
		if err != nil {
			return nil, err
		}
		return c.attached(textroom.Attach(ctx, s, opts))
	}
	if conn, ok := c.objects.get(c.ref).(*textroom.Conn); ok {
		return chatCall(ctx, c, conn)
	}
	h, err := lookup[*textroom.Handle](c, c.ref)
	if err != nil {
		return nil, err
	}
	if c.method == "open" {
		return openChat(ctx, c, h)
	}
	return roomsCall(ctx, c, h.Rooms)
}

// openChat connects a handle: values are the peer and its channel.
func openChat(ctx context.Context, c *call, h *textroom.Handle) (any, error) {
	peer, err := argument[client.Negotiator](c, 0)
	if err != nil {
		return nil, err
	}
	channel, err := argument[textroom.Channel](c, 1)
	if err != nil {
		return nil, err
	}
	conn, err := h.Open(ctx, peer, channel)
	if err != nil {
		return nil, err
	}
	return c.objects.add(conn), nil
}

func chatCall(ctx context.Context, c *call, conn *textroom.Conn) (any, error) {
	switch c.method {
	case "done":
		return c.ended(ctx, conn)
	case "join":
		var req textroom.JoinRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		return conn.Join(ctx, req)
	case "leave":
		var req roomRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		return nil, conn.Leave(ctx, req.Room)
	case "message":
		var req textroom.MessageRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		return conn.Message(ctx, req)
	case "restart":
		return nil, conn.Restart(ctx)
	case "stop":
		return nil, conn.Stop(ctx)
	}
	return roomsCall(ctx, c, conn.Rooms)
}

// roomRequest is the body of what is about a room and nothing else.
type roomRequest struct {
	Room     client.ID
	AdminKey string
}

func roomsCall(ctx context.Context, c *call, rooms textroom.Rooms) (any, error) {
	switch c.method {
	case "list", "exists", "participants":
		var req roomRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		switch c.method {
		case "list":
			return rooms.List(ctx, req.AdminKey)
		case "exists":
			return rooms.Exists(ctx, req.Room)
		default:
			return rooms.Participants(ctx, req.Room)
		}
	case "create":
		var req textroom.CreateRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		return rooms.Create(ctx, req)
	case "edit":
		var req textroom.EditRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		return rooms.Edit(ctx, req)
	case "destroy":
		var req textroom.DestroyRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		return rooms.Destroy(ctx, req)
	case "allowed":
		var req textroom.AllowedRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		return rooms.Allowed(ctx, req)
	case "kick":
		var req textroom.KickRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		return nil, rooms.Kick(ctx, req)
	case "announce":
		var req textroom.AnnouncementRequest
		if err := c.decode(&req); err != nil {
			return nil, err
		}
		return nil, rooms.Announce(ctx, req)
	}
	return nil, errUnknown
}
