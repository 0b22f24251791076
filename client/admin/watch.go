package admin

import (
	"context"
	"iter"
	"time"
)

// WatchOptions tunes [Client.WatchHandle]. Nil, like every zero field, means the
// default.
type WatchOptions struct {
	Interval   time.Duration // between two looks at the handle; zero: 1 s
	PluginOnly bool          // see [HandleInfoOptions]
}

// WatchHandle asks for the handle's info at once and then again and again. It
// ends when ctx does or a request fails, as it does when the handle is gone; the
// final pair carries the error, which matches client.SessionNotFound or
// client.HandleNotFound then. Where the loop takes longer than the interval, the
// looks in between are left out. Nothing runs while nobody ranges over it.
func (c *Client) WatchHandle(ctx context.Context, session, handle uint64, opts *WatchOptions) iter.Seq2[*HandleInfo, error] {
	var o WatchOptions
	if opts != nil {
		o = *opts
	}
	if o.Interval <= 0 {
		o.Interval = time.Second
	}
	return func(yield func(*HandleInfo, error) bool) {
		tick := time.NewTicker(o.Interval)
		defer tick.Stop()
		for {
			info, err := c.HandleInfo(ctx, session, handle, &HandleInfoOptions{PluginOnly: o.PluginOnly})
			if !yield(info, err) || err != nil {
				return
			}
			select {
			case <-tick.C:
			case <-c.done:
				// The next request says why.
			case <-ctx.Done():
				// So it does here.
			}
		}
	}
}
