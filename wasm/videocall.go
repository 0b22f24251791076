//go:build js

package main

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

func videocallCall(ctx context.Context, c *call) (any, error) {
	if c.method == "attach" {
		s, opts, err := c.attaching()
		if err != nil {
			return nil, err
		}
		return c.attached(videocall.Attach(ctx, s, opts))
	}
	h, err := lookup[*videocall.Handle](c, c.ref)
	if err != nil {
		return nil, err
	}
	var body struct {
		Username, Reason string
		JSEP             *client.JSEP
		videocall.Config
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	peer, err := argument[client.Negotiator](c, 0)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "list":
		return h.List(ctx)
	case "register":
		return nil, h.Register(ctx, body.Username)
	case "call":
		return nil, h.Call(ctx, body.Username, peer)
	case "accept":
		return nil, h.Accept(ctx, &videocall.Incoming{Username: body.Username, JSEP: body.JSEP}, peer)
	case "decline":
		return nil, h.Decline(ctx, body.Reason)
	case "end":
		return nil, h.End(ctx, body.Reason)
	case "set":
		return nil, h.Set(ctx, body.Config)
	case "renegotiate":
		return nil, h.Renegotiate(ctx)
	case "restart":
		return nil, h.Restart(ctx)
	}
	return nil, errUnknown
}
