package videocall

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/mend"
)

// watch has the connection of a call that runs mended from now on. Only its path
// can be: a call whose connection the gateway has lost is over.
func (h *Handle) watch() {
	peer, n := h.call.mendable()
	if peer == nil {
		return
	}
	stop := mend.Watch(h.Handle, peer, mend.Recipe{Restart: h.Restart, Renew: h.giveUp})
	if stop != nil && !h.call.watched(n, stop) {
		stop()
	}
}

// giveUp ends a call for which there is no way through the network.
func (h *Handle) giveUp(ctx context.Context) error {
	const reason = "no way through the network was left"
	h.Post(&Ended{EventBase: client.EventBase{Kind: "videocall.ended"}, Reason: reason})
	return h.End(ctx, reason)
}

// mendable returns the peer that an event which was just read is for, if its
// connection can be mended and is not yet, and the number of its call.
func (c *call) mendable() (client.Mender, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stale() || c.unwatch != nil {
		return nil, 0
	}
	m, _ := c.peer.(client.Mender)
	return m, c.calls
}

// watched remembers how to end the mending of the n-th call, unless that is over
// or is mended already.
func (c *call) watched(n int, stop func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.peer == nil || c.calls != n || c.unwatch != nil {
		return false
	}
	c.unwatch = stop
	return true
}
