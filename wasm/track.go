//go:build js

package main

import (
	"context"

	"github.com/bifrons-rtc/bifrons/media"
)

func trackCall(ctx context.Context, c *call) (any, error) {
	t, err := lookup[*media.Track](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "done":
		return nil, wait(ctx, t.Done())
	case "attach":
		sink, err := argument[media.Sink](c, 0)
		if err != nil {
			return nil, err
		}
		return nil, t.Attach(sink)
	case "native":
		return t.Underlying(), nil
	}
	return nil, errUnknown
}
