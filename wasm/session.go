//go:build js

package main

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
)

func sessionCall(ctx context.Context, c *call) (any, error) {
	s, err := lookup[*client.Session](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "done":
		return c.ended(ctx, s, kindDestroyed, kindClosed)
	case "next":
		return s.Next(ctx)
	case "attach":
		opts, err := c.attachOptions()
		if err != nil {
			return nil, err
		}
		return c.attached(s.Attach(ctx, c.value(0).String(), opts))
	case "destroy":
		return nil, s.Destroy(ctx)
	}
	return nil, errUnknown
}

// session tells the page of a session.
func (c *call) session(s *client.Session, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return struct {
		Ref int
		ID  uint64
	}{c.objects.add(s), s.ID()}, nil
}
