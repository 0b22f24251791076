//go:build js

package main

import (
	"context"
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// handle is a *client.Handle, or a plugin's handle that embeds one.
type handle interface {
	ender
	media.Link
	ID() uint64
	Plugin() string
	Request(ctx context.Context, body any, jsep *client.JSEP) (client.Response, error)
	Send(ctx context.Context, body any, jsep *client.JSEP) error
	Next(ctx context.Context) (client.Event, error)
	Hangup(ctx context.Context) error
	Detach(ctx context.Context) error
}

func handleCall(ctx context.Context, c *call) (any, error) {
	h, err := lookup[handle](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "done":
		return c.ended(ctx, h, kindDetached, kindDestroyed, kindClosed)
	case "next":
		return h.Next(ctx)
	case "request", "send":
		var m struct {
			Body json.RawMessage
			JSEP *client.JSEP
		}
		if err := c.decode(&m); err != nil {
			return nil, err
		}
		if c.method == "send" {
			return nil, h.Send(ctx, m.Body, m.JSEP)
		}
		return h.Request(ctx, m.Body, m.JSEP)
	case "trickle":
		var candidates []client.Candidate
		if err := c.decode(&candidates); err != nil {
			return nil, err
		}
		return nil, h.Trickle(ctx, candidates...)
	case "peer":
		return newPeer(c, h) //nolint:contextcheck // a peer outlives the call that makes it
	case "hangup":
		return nil, h.Hangup(ctx)
	case "detach":
		return nil, h.Detach(ctx)
	}
	return nil, errUnknown
}

// attachOptions reads the settings of a new handle.
func (c *call) attachOptions() (*client.AttachOptions, error) {
	opts := new(client.AttachOptions)
	return opts, c.decode(opts)
}

// attaching reads what a plugin's handle is attached to, and its settings.
func (c *call) attaching() (*client.Session, *client.AttachOptions, error) {
	s, err := lookup[*client.Session](c, c.ref)
	if err != nil {
		return nil, nil, err
	}
	opts, err := c.attachOptions()
	return s, opts, err
}

// attached tells the page of a handle.
func (c *call) attached(h handle, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return struct {
		Ref    int
		ID     uint64
		Plugin string
	}{c.objects.add(h), h.ID(), h.Plugin()}, nil
}
