package client

import "bytes"

// poll has l ask for the events of a session, if it has to be asked.
func (c *Client) poll(l *link, session uint64) {
	if l.poller == nil {
		return
	}
	c.polling.Lock()
	defer c.polling.Unlock()
	k := c.auth.now.Load()
	l.poller.Poll(session, k.Credentials)
	c.auth.told.CompareAndSwap(0, int64(k.gen))
}

func (c *Client) unpoll(id uint64) {
	c.polling.Lock()
	defer c.polling.Unlock()
	if p := c.link.Load().poller; p != nil {
		p.Unpoll(id)
	}
}

// refused hands the refusal of a long poll, whose credentials have run out, to
// the keepalive goroutine. The transport does not poll again before it gets
// others, and forgets a refusal of those before.
func (c *Client) refused(l *link, session uint64, data []byte) {
	ev := &GatewayError{
		EventBase: EventBase{Kind: "error", Session: session, Raw: bytes.Clone(data)},
		Err:       parseError("poll", data),
	}
	c.mu.Lock()
	if c.sessions[session] != nil {
		c.denied[session] = ev
		c.deniedGen = max(c.deniedGen, int(l.told.Load()))
	}
	c.mu.Unlock()
	c.wakeKeeper()
}

// repoll tells a polling transport of new credentials.
func (c *Client) repoll() {
	p := c.link.Load().poller
	if p == nil {
		return
	}
	c.polling.Lock()
	defer c.polling.Unlock()
	k := c.auth.now.Load()
	for _, s := range c.list() {
		if !s.leaving.Load() {
			p.Poll(s.ID(), k.Credentials)
		}
	}
	c.auth.told.Store(int64(k.gen))
}

// renew asks for new credentials where polls were refused, and ends the client
// where there are none. It reports whether to ask later because who gives them is
// away: nothing else would, as the polls wait.
func (k *keeper) renew() (away bool) {
	c := k.c
	c.mu.Lock()
	denied, gen := c.denied, c.deniedGen
	if len(denied) == 0 {
		c.mu.Unlock()
		return false
	}
	c.denied = make(map[uint64]*GatewayError)
	c.mu.Unlock()
	ctx, cancel := c.bound(c.ctx)
	again, err := c.auth.refresh(ctx, gen)
	cancel()
	switch {
	case err != nil:
		c.mu.Lock()
		defer c.mu.Unlock()
		for id, ev := range denied {
			c.denied[id] = ev
		}
		return true
	case again:
		c.repoll()
		return false
	}
	for id, ev := range denied {
		if s := c.session(id); s != nil {
			s.stream.push(ev)
		}
		err = ev.Err
	}
	c.deny(err)
	return false
}

// deny ends the client because the gateway refused the credentials for good.
func (c *Client) deny(err error) {
	c.auth.over.Store(true)
	l := c.link.Load()
	l.denied.Store(true)
	l.close(err)
}
