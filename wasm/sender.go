//go:build js

package main

import (
	"context"

	"github.com/bifrons-rtc/bifrons/media"
)

func senderCall(ctx context.Context, c *call) (any, error) {
	s, sent, err := c.sender()
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
		if err = s.Replace(ctx, src); err == nil && sent != nil {
			sent.replaced(src)
		}
		return nil, err
	case "mute":
		return nil, s.Mute(c.value(0).Truthy())
	case "muted":
		return s.Muted(), nil
	case "configure":
		var p media.SendParameters
		if err := c.decode(&p); err != nil {
			return nil, err
		}
		if err = s.Configure(ctx, p); err == nil && sent != nil {
			sent.configured(p)
		}
		return nil, err
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
		if err = s.Remove(); err == nil && sent != nil {
			sent.removed()
		}
		return nil, err
	}
	return nil, errUnknown
}

// sender returns the sender of the call, and what a room sends if it is that.
func (c *call) sender() (*media.Sender, *sending, error) {
	if s, ok := c.objects.get(c.ref).(*sending); ok {
		return s.current(), s, nil
	}
	s, err := lookup[*media.Sender](c, c.ref)
	return s, nil, err
}
