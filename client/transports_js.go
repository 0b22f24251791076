package client

import (
	"github.com/bifrons-rtc/bifrons/transport"
	transportjs "github.com/bifrons-rtc/bifrons/transport_js"
)

func defaultTransports() transport.Registry {
	w, f := transportjs.WebSocket{}, transportjs.Fetch{}
	return transport.Registry{"ws": w, "wss": w, "http": f, "https": f}
}

// attend looks after the page: its timers are to be on time while nobody sees
// it, and sessions are to end with it.
func (c *Client) attend() {
	// It owns the hold on the timers and the watch over the page; it ends with
	// c.ctx, and Close waits for it.
	c.wg.Go(func() {
		defer transportjs.HoldTimers()()
		w := transportjs.Watch()
		defer func() { _ = w.Close() }()
		for {
			change, err := w.Next(c.ctx)
			if err != nil {
				return
			}
			switch change {
			case transportjs.Leaving:
				c.leave()
			case transportjs.Visible, transportjs.Resumed, transportjs.Online:
				c.hurryUp()
			}
		}
	})
}

// leave destroys the sessions because the page is about to vanish. Nobody is
// left for the answers; what counts is that the requests are written before the
// caller returns to the browser.
func (c *Client) leave() {
	for _, s := range c.list() {
		// It owns one request, and ends with the page or with c.ctx.
		c.wg.Go(func() { _ = s.Destroy(c.ctx) })
	}
}
