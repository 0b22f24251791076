package client

import (
	"context"
	"time"
)

// healing is the key that marks the contexts of what brings the client back, which
// must not wait for ever: everything else waits for it.
type healing struct{}

func heals(ctx context.Context) context.Context { return context.WithValue(ctx, healing{}, true) }

// patience returns how long to wait for an answer; zero is for as long as ctx lets
// it.
func (c *Client) patience(ctx context.Context) time.Duration {
	if _, has := ctx.Deadline(); has {
		return 0
	}
	if c.opts.RequestTimeout < 0 && ctx.Value(healing{}) != nil {
		return defaultRequestTimeout
	}
	return max(c.opts.RequestTimeout, 0)
}

// bound gives ctx the request timeout where it has no deadline.
func (c *Client) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	patience := c.patience(ctx)
	if patience == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, patience, ErrTimeout)
}
