package client

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Reconnect says what a [Client] that [Dial] made does when its connection is
// lost. The zero value reconnects. Each session is claimed; one that the gateway
// did not keep is rebuilt, as by [Session.Rebuild]. Requests that come meanwhile
// wait, at most for [Options.RequestTimeout].
//
// A try with several servers is a round over all of them, from the one whose
// connection was lost. A gateway that can be reached and refuses the sessions, as
// one does that is shutting down, is a try that failed. A connection that was open
// for less than 2 s does not begin the count anew. Credentials that are refused
// end the client, as do a certificate that is not accepted and a server without
// the subprotocol where there is no other.
type Reconnect struct {
	// Off ends the client with its first connection.
	Off bool
	// Min and Max bound the wait between two tries. The first try comes within Min
	// of the loss; the bound doubles with each try, and the wait is anything below
	// it, so that not all clients of a gateway come back at once. Zero: 250 ms and
	// 8 s.
	Min, Max time.Duration
	// Budget is how long it tries before the client ends. Zero: 60 s. Negative:
	// for ever.
	Budget time.Duration
	// Delay replaces Min, Max and Budget: it says how long to wait before a try, the
	// first being 1, or that there is to be none. cause is the loss, then what the
	// try before ended with.
	Delay func(attempt int, cause error) (wait time.Duration, again bool)
}

const (
	defaultReconnectMin    = 250 * time.Millisecond
	defaultReconnectMax    = 8 * time.Second
	defaultReconnectBudget = time.Minute
)

// delay returns how long to wait before a try.
func (r *Reconnect) delay(attempt int, cause error, since time.Duration) (time.Duration, bool) {
	if r.Delay != nil {
		return r.Delay(attempt, cause)
	}
	least, most, budget := r.Min, r.Max, r.Budget
	if least <= 0 {
		least = defaultReconnectMin
	}
	if most <= 0 {
		most = defaultReconnectMax
	}
	if budget == 0 {
		budget = defaultReconnectBudget
	}
	bound := least
	for range attempt - 1 {
		bound = min(2*bound, most)
	}
	wait := rand.N(bound)
	return wait, budget < 0 || since+wait <= budget
}

// serve is the read loop, on one connection after another.
func (c *Client) serve(l *link) {
	var o outage
	for {
		err := c.read(l)
		if cause := l.cause.Load(); cause != nil {
			err = *cause
		}
		l.cancel()
		c.turn <- struct{}{}
		if c.link.Load() != l {
			<-c.turn
			return // Move has gone on with another one
		}
		l, err = c.succeed(l, err, &o)
		<-c.turn
		if err != nil {
			return
		}
	}
}

// succeed returns the connection after l, which was lost for the given reason, or
// ends the client.
func (c *Client) succeed(l *link, cause error, o *outage) (*link, error) {
	if errors.Is(cause, ErrClosed) || l.denied.Load() || !c.canReconnect() {
		c.end(cause, false)
		return nil, cause
	}
	next, err := c.reconnect(l, cause, o)
	if err != nil {
		c.end(err, true)
	}
	return next, err
}

func (c *Client) canReconnect() bool { return c.dial != nil && !c.opts.Reconnect.Off }

// outage is what was tried since a connection was lost.
type outage struct {
	begin time.Time // zero: nothing was lost
	cause error     // of the first loss
	round int       // over the servers
	left  int       // servers to try in this round
	hope  bool      // one of the round may do better next time
	last  error     // what the last try ended with
}

// steady is how long a connection has to be open before the next loss is one of
// its own.
const steady = 2 * time.Second

// lose notes the loss of l.
func (o *outage) lose(l *link, cause error, c *Client) {
	opened := time.Duration(l.opened.Load())
	if o.begin.IsZero() || opened > 0 && time.Since(c.start)-opened >= steady {
		*o = outage{begin: time.Now(), cause: cause}
	}
	o.last = cause
	o.hope = true
	if opened == 0 && o.left > 0 {
		o.left--
		c.servers.next()
	} else {
		o.left = 0
	}
}

// reconnect makes everything wait, dials, and lets it go on. It runs on the read
// loop's goroutine.
func (c *Client) reconnect(l *link, cause error, o *outage) (*link, error) {
	away := make(chan struct{})
	c.away.Store(&away)
	lost := &lossError{cause: cause}
	c.calls.fail(fmt.Errorf("%w: %w", ErrOutcomeUnknown, lost), fmt.Errorf("%w: %w", ErrInterrupted, lost))
	sessions := make(map[*Session]bool)
	c.gather(sessions, lost)
	close(l.held)
	_ = l.conn.Close()
	<-l.resumed
	o.lose(l, cause, c)
	conn, err := c.redial(o)
	if err != nil {
		return nil, err
	}
	// Once more: a claim on l may have let them go since, and where requests bring
	// their own answers, one that was taken already may have brought a session.
	c.gather(sessions, lost)
	next := newLink(conn, c.servers.url())
	if !c.use(next) {
		next.close(ErrClosed)
		return nil, ErrClosed
	}
	c.caps.Store(newCapabilities())
	c.calls.restart()
	c.comeHome()
	// Owns the claims and rebuilds after one reconnection; ends with them or with
	// the connection, and Close waits for it.
	c.wg.Go(func() {
		defer close(next.resumed)
		c.resume(next, sessions)
	})
	return next, nil
}

// gather makes the sessions wait and tells those of the loss that are new to all. One
// that is being rebuilt is listed under two ids.
func (c *Client) gather(all map[*Session]bool, lost error) {
	for _, s := range c.list() {
		s.hold()
		if !all[s] {
			all[s] = true
			s.interrupt(lost)
		}
	}
}

// redial tries until there is a connection.
func (c *Client) redial(o *outage) (transport.Conn, error) {
	select {
	case <-c.hurry: // it was about another loss
	default:
	}
	for {
		var wait time.Duration
		if o.left == 0 {
			again := o.hope
			if again {
				wait, again = c.opts.Reconnect.delay(o.round+1, o.last, time.Since(o.begin))
			}
			if !again {
				if o.round == 0 {
					return nil, o.cause
				}
				return nil, fmt.Errorf("%w; reconnecting, try %d: %w", o.cause, o.round, o.last)
			}
			o.round++
			o.left, o.hope = len(c.servers.urls), false
		}
		c.enter(State{
			Phase: Reconnecting, Attempt: o.round, Next: time.Now().Add(wait), Cause: o.last, URL: transport.Redact(c.servers.url()),
		})
		if err := c.pause(wait); err != nil {
			return nil, err
		}
		conn, err := c.dial(c.ctx, c.servers.url())
		if err == nil {
			return conn, nil
		}
		if c.ctx.Err() != nil {
			return nil, ErrClosed
		}
		o.last = err
		o.hope = o.hope || !hopeless(err)
		o.left--
		c.servers.next()
	}
}

// pause waits before a try.
func (c *Client) pause(wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.hurry:
	case <-c.ctx.Done():
		return ErrClosed
	}
	return nil
}

// hurryUp ends the wait before the next try: the network may be back.
func (c *Client) hurryUp() {
	select {
	case c.hurry <- struct{}{}:
	default: // it has not looked yet
	}
}
