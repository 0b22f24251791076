package videocall

import "github.com/bifrons-rtc/bifrons/client"

// offers notes that the call is to change. It returns the peer, nil where there
// is no call, and whether the offer is to be made now and not after another.
func (c *call) offers(restart bool) (peer client.Negotiator, now bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.peer == nil:
		return nil, false
	case c.offering:
		c.again, c.againRestart = true, c.againRestart || restart
		return c.peer, false
	default:
		c.offering, c.restart = true, restart
		return c.peer, true
	}
}

// settled notes that no offer of ours waits: it was answered, or never sent.
func (c *call) settled() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offering = false
}

// yields decides what becomes of an offer of the other side while ours waits for
// its answer. It reports whether theirs has to yield. If it is ours, it will be
// made again.
func (c *call) yields() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.offering {
		return false
	}
	if c.caller {
		return true
	}
	c.offering, c.again, c.againRestart = false, true, c.againRestart || c.restart
	return false
}

// due reports whether an offer had to wait and is to be made now.
func (c *call) due() (due, restart bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.again || c.offering {
		return false, false
	}
	c.offering, c.restart = true, c.againRestart
	c.again, c.againRestart = false, false
	return true, c.restart
}
