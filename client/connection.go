package client

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// phase is how far a peer connection has come.
type phase uint8

const (
	idle     phase = iota // there is none
	doubtful              // there may be one
	offered               // there is: its end will be told
	coming                // the descriptions are exchanged
	running               // media can flow
)

// connection is what a handle knows of the peer connection it has at the gateway.
type connection struct {
	mu    sync.Mutex // guards the rest
	phase phase
	gone  chan struct{} // closed by the end of it
	open  chan struct{} // closed when it runs, or by its end
	named bool          // the gateway got a candidate: without one it does not come up
	due   time.Time     // when it need not come up any more
	down  time.Time     // when the last one ended
}

// set is called with c.mu held.
func (c *connection) set(p phase) {
	if c.phase == idle && p != idle {
		c.gone, c.open, c.named = make(chan struct{}), make(chan struct{}), false
	}
	if c.phase != idle && (p == idle || p == running) {
		select {
		case <-c.open:
		default:
			close(c.open)
		}
	}
	switch {
	case c.phase != idle && p == idle:
		close(c.gone)
	case p == coming:
		c.due = time.Now().Add(openWait)
	}
	c.phase = p
}

// reach notes that the connection has come so far, or farther.
func (c *connection) reach(p phase) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase < p {
		c.set(p)
	}
}

// advance is reach unless the connection has ended meanwhile.
func (c *connection) advance(p phase) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != idle && c.phase < p {
		c.set(p)
	}
}

// doubt notes that there may be a connection, and that nobody can tell.
func (c *connection) doubt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(doubtful)
}

// end notes that there is none. hungUp says that there was, and that the gateway
// needs its moment.
func (c *connection) end(hungUp bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(idle)
	if hungUp {
		c.down = time.Now()
	}
}

// candidate notes that the gateway got a candidate.
func (c *connection) candidate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.named = true
}

// now returns the phase with what ends it.
func (c *connection) now() (p phase, gone, open <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.phase, c.gone, c.open
}

// opening returns how long to give the connection to come up.
func (c *connection) opening() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != coming || !c.named {
		return 0
	}
	return time.Until(c.due)
}

// closing returns how long to give the gateway to be done with the one before.
func (c *connection) closing() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Until(c.down.Add(settleTime))
}

// observe follows the connection. It runs on the read loop.
func (c *connection) observe(ev Event) {
	switch ev := ev.(type) {
	case *WebRTCUp:
		c.reach(running)
	case *Hangup:
		c.end(true)
	case *Resumed:
		if p, _, _ := c.now(); p != idle && !ev.Rebuilt {
			c.doubt() // it may have ended meanwhile
		}
	}
}

// sending notes that a description goes out, and returns what to do when its
// request has ended with an error or without.
func (c *connection) sending(jsep *JSEP) (sent func(error)) {
	before, _, _ := c.now()
	c.reach(doubtful)
	if strings.Contains(jsep.SDP, "\na=candidate:") {
		c.candidate()
	}
	return func(err error) {
		var e *Error
		switch {
		case err == nil && jsep.Type == "answer":
			c.advance(coming)
		case err == nil:
			c.advance(offered)
		case before != idle:
		case errors.Is(err, ErrInterrupted), // not sent at all
			errors.As(err, &e) && e.Code != PluginMessage && e.Code != InvalidSDP && e.Code != UnknownError:
			// Those three may come when the core has a connection already: the
			// plugin's refusal, the description's, and ICE's.
			c.end(false)
		}
	}
}

// wantsData reports whether a description has an m-line for data channels that is
// not turned down.
func wantsData(sdp string) bool {
	return strings.Contains(sdp, "\nm=application ") && !strings.Contains(sdp, "\nm=application 0 ")
}

var jsepKey = []byte(`"jsep"`)

// noteJSEP notes that the gateway offers a connection, or answers. It runs on the
// read loop, ahead of the request that waits for it.
func (c *Client) noteJSEP(env *envelope, data []byte) {
	if !bytes.Contains(data, jsepKey) {
		return
	}
	kind, _ := jsonscan.String(jsonscan.Get(jsonscan.Get(data, "jsep"), "type"))
	_, h := c.receiver(env)
	switch {
	case h == nil:
	case string(kind) == "offer":
		h.conn.reach(doubtful) // it may come late, for a connection that has ended
	case string(kind) == "answer":
		h.conn.reach(coming)
	}
}
