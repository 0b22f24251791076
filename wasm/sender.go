//go:build js

package main

import (
	"context"

	"github.com/bifrons-rtc/bifrons/media"
)

func senderCall(ctx context.Context, c *call) (any, error) {
	s, err := lookup[*media.Sender](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "mid":
		return s.MID(), nil
	case "replace":
		src, err := argument[media.Source](c, 0)
		if err != nil {
			return nil, err
		}
		return nil, s.Replace(ctx, src)
	case "mute":
		return nil, s.Mute(c.value(0).Truthy())
	case "muted":
		return s.Muted(), nil
	case "configure":
		var p media.SendParameters
		if err := c.decode(&p); err != nil {
			return nil, err
		}
		return nil, s.Configure(ctx, p)
	case "dtmf":
		var body struct {
			Tones         string
			Duration, Gap float64
		}
		if err := c.decode(&body); err != nil {
			return nil, err
		}
		return nil, s.DTMF(ctx, body.Tones, milliseconds(body.Duration), milliseconds(body.Gap))
	case "remove":
		return nil, s.Remove()
	}
	return nil, errUnknown
}
