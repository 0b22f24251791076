//go:build js

package main

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

func echotestCall(ctx context.Context, c *call) (any, error) {
	if c.method == "attach" {
		s, opts, err := c.attaching()
		if err != nil {
			return nil, err
		}
		return c.attached(echotest.Attach(ctx, s, opts))
	}
	h, err := lookup[*echotest.Handle](c, c.ref)
	if err != nil {
		return nil, err
	}
	var cfg echotest.Config
	if err := c.decode(&cfg); err != nil {
		return nil, err
	}
	switch c.method {
	case "start":
		peer, err := argument[client.Negotiator](c, 0)
		if err != nil {
			return nil, err
		}
		return nil, h.Start(ctx, cfg, peer)
	case "configure":
		return nil, h.Configure(ctx, cfg)
	case "renegotiate":
		return nil, h.Renegotiate(ctx)
	case "restart":
		return nil, h.Restart(ctx)
	case "stop":
		return nil, h.Stop(ctx)
	}
	return nil, errUnknown
}
