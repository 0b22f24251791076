package videocall

import (
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/turn"
)

// call is what a Handle knows of its call.
type call struct {
	turn turn.Turn // of an exchange with the gateway

	mu       sync.Mutex // guards the rest
	username string     // registered; empty before
	cfg      Config     // everything set since the last hangup, which undoes it
	peer     client.Negotiator
	caller   bool // we called, and were not called
	up       bool // there is a call, ringing or running

	offering     bool // an offer of ours waits for its answer
	restart      bool // it has new ICE credentials
	again        bool // another is to be made after it
	againRestart bool // and is to have new ICE credentials

	// Events are read after they came, perhaps in another call. The marks say
	// whether one was: the last end that came, and the last that was read.
	came, read client.Event
	attended   bool // events are read by Next, which takes note of calls that ring

	unwatch func() // ends the mending of its connection; nil: there is none
	syncing bool   // the gateway is asked what is left after a claim
	names   int    // counts the news of the username
	calls   int    // counts the calls that ended
}

// observe follows the peer connection. It runs on the client's read loop.
func (c *call) observe(ev client.Event) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch ev := ev.(type) {
	case *client.WebRTCUp:
		c.up = true // even if somebody called with Request
	case *client.Hangup:
		c.came = ev
		c.end()
	case *client.Resumed:
		if ev.Rebuilt { // restore has ended the call
			c.came = ev
		}
	}
	return false
}

// end forgets the call and its settings. mu is held.
func (c *call) end() {
	c.clear()
	c.cfg = Config{}
}

// clear forgets the call. mu is held.
func (c *call) clear() {
	if c.unwatch != nil {
		c.unwatch() // which does not wait
		c.unwatch = nil
	}
	c.peer, c.up = nil, false
	c.calls++
	c.caller, c.offering, c.restart, c.again, c.againRestart = false, false, false, false, false
}

// reset forgets a call that came to nothing, with the settings if the gateway
// forgets them too.
func (c *call) reset(taken bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	if taken {
		c.cfg = Config{}
	}
}

// seen takes note of an event that was read.
func (c *call) seen(ev client.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.attended = true
	switch ev := ev.(type) {
	case *client.Hangup:
		c.read = ev
	case *client.Resumed:
		if ev.Rebuilt {
			c.read = ev
		}
	case *client.Dropped: // the mark may be among them
		c.read = c.came
	}
}

// stale reports whether an event that was just read is about a call that has
// ended since. mu is held.
func (c *call) stale() bool { return c.came != c.read }

// rings takes note of an incoming call: there is something to hang up.
func (c *call) rings() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stale() {
		c.up = true
	}
}

// gaveUp reports whether a call that rang does not any more.
func (c *call) gaveUp() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.attended && !c.up
}

// begin starts a call, unless there is one. An incoming one rings already.
func (c *call) begin(peer client.Negotiator, caller bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.peer != nil || caller && c.up {
		return false
	}
	c.up = true
	c.peer, c.caller, c.offering = peer, caller, caller
	return true
}

// unanswered takes back begin: the call rings on.
func (c *call) unanswered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.peer = nil
}

// running returns the peer of the call there is; nil for none.
func (c *call) running() client.Negotiator {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.peer
}

// concerned returns the peer an event that was just read is for; nil for none.
func (c *call) concerned() client.Negotiator {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stale() {
		return nil
	}
	return c.peer
}

// registered remembers the username.
func (c *call) registered(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.username = name
	c.names++
}

// configured remembers settings.
func (c *call) configured(cfg *Config) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cfg.merge(cfg)
}
