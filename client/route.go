package client

import (
	"bytes"
	"context"
)

// read routes what comes on a connection, waits for nobody, and returns why it
// was lost.
func (c *Client) read(l *link) error {
	for {
		// Ahead of Read, which returns no refusal of a poll that has other
		// credentials by then.
		l.told.Store(c.auth.told.Load())
		data, err := l.conn.Read(context.Background())
		if err != nil {
			return err
		}
		c.receive(l, data)
	}
}

// receive routes one message. It runs on the read loop and, where the transport
// brings the answer to a request by itself, on the goroutine of the request.
func (c *Client) receive(l *link, data []byte) {
	l.frames.Add(1)
	if t := c.opts.Trace; t != nil && t.Received != nil {
		t.Received(Redact(data))
	}
	env, err := scanEnvelope(data)
	if err != nil {
		c.ignore(data, err.Error())
		return
	}
	if env.kind == kindEvent {
		c.noteJSEP(&env, data)
	}
	if !c.answered(l, &env, data) {
		c.deliver(&env, data)
	}
}

// answered hands data to the request it answers and reports whether that is
// all there is to do.
func (c *Client) answered(l *link, env *envelope, data []byte) bool {
	if env.transaction == nil {
		if env.kind != kindError {
			return false
		}
		if l.poller != nil && env.session != 0 && parseError("", data).Code == Unauthorized {
			c.refused(l, env.session, data)
			return true
		}
		// The gateway could not read the transaction either. With a single
		// request on its way there is no doubt whose error it is.
		if call := c.calls.only(); call != nil {
			call.settle(kindError, data)
			return true
		}
		return false
	}
	call, v, accept := c.calls.match(env)
	switch v {
	case settled:
		if call.bind != nil && env.kind == kindSuccess {
			call.bind(data)
		}
		call.settle(env.kind, data)
		return true
	case ignored:
		return true
	case asked:
		own := bytes.Clone(data)
		resp, err := parseResponse(env.kind, own)
		if err == nil && !accept(&resp) || !c.calls.take(call, env.transaction) {
			return false
		}
		call.kind, call.data = env.kind, own
		call.done <- struct{}{}
		return true
	default:
		return false
	}
}

// settle delivers the answer to the goroutine that waits for it.
func (c *call) settle(k kind, data []byte) {
	c.kind = k
	if k != kindAck {
		c.data = bytes.Clone(data)
	}
	kick := c.kick
	c.done <- struct{}{} // c is the waiting goroutine's from here on
	if kick != nil && k == kindError {
		select {
		case kick <- struct{}{}:
		default:
		}
	}
}

// deliver queues an event for its session or handle.
func (c *Client) deliver(env *envelope, data []byte) {
	if env.kind == kindKeepalive {
		return
	}
	s, h := c.receiver(env)
	switch {
	case s == nil:
		c.ignore(data, "no such session here")
	case env.kind == kindTimeout:
		if c.forget(env.session) {
			s.expire(bytes.Clone(data))
		}
	case h != nil && env.kind == kindDetached:
		h.detached(decodeCore(env, bytes.Clone(data)))
	case env.kind.isAnswer() && (env.kind != kindError || env.transaction != nil):
		c.ignore(data, "no request waits for this answer")
	case h != nil:
		h.receive(env, data)
	case env.sender == 0 || s.claimed && env.kind != kindDetached:
		s.receive(env, data)
	default:
		c.ignore(data, "no such handle here")
	}
}

// receiver returns the session and the handle a message is for; nil where there
// are none.
func (c *Client) receiver(env *envelope) (*Session, *Handle) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.sessions[env.session]
	if s == nil {
		return nil, nil
	}
	return s, s.handles[env.sender]
}

func (c *Client) ignore(data []byte, reason string) {
	if t := c.opts.Trace; t != nil && t.Ignored != nil {
		t.Ignored(Redact(data), reason)
	}
}
