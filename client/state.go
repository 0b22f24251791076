package client

import (
	"context"
	"sync"
	"time"
)

// Phase is how far a [Client] has come with its connection.
type Phase uint8

// The phases of a client. Closed is the last one; a client goes between Open and
// Reconnecting until then.
const (
	Connecting   Phase = iota // Dial has not returned yet
	Open                      // requests go to the gateway
	Reconnecting              // the connection was lost, and requests wait
	Closed                    // the client has ended
)

// String returns the name of p in lower case, e.g. "reconnecting".
func (p Phase) String() string {
	switch p {
	case Connecting:
		return "connecting"
	case Open:
		return "open"
	case Reconnecting:
		return "reconnecting"
	case Closed:
		return "closed"
	}
	return "unknown"
}

// State is the state of a [Client] at one moment.
type State struct {
	Phase Phase
	// Attempt is, while Connecting or Reconnecting, which try is the next or on
	// its way, from 1; with several servers, which round over them.
	Attempt int
	// Next is, while Reconnecting, when that try is due. [Options.Reconnect] set
	// the time.
	Next time.Time
	// Cause is why it reconnects, or what the try before ended with; once Closed,
	// what [Client.Err] returns. Nil while Open.
	Cause error
	// URL is the gateway of the connection, or of the next try, without user
	// information, query and fragment. Empty for a client that [New] made.
	URL string
	// Resumed, Rebuilt and Lost count, while Open, the sessions that the connection
	// took over from the one before: the gateway had kept them, it has them anew, or
	// they ended. They are zero on the first connection.
	Resumed, Rebuilt, Lost int
	// Seq numbers the states of a client, from 1. [Client.NextState] needs nothing
	// else.
	Seq uint64
}

// State returns the present state.
func (c *Client) State() State {
	c.states.mu.Lock()
	defer c.states.mu.Unlock()
	return c.states.past[len(c.states.past)-1]
}

// NextState returns the state that followed after, and waits for it until ctx
// ends. After the zero State comes the first one. Any number of goroutines may
// follow; nobody waits for one that is slow, which misses the older ones of more
// than 16 changes. After [Closed] there is none: the error is that of
// [Client.Err].
func (c *Client) NextState(ctx context.Context, after State) (State, error) {
	for {
		st, changed := c.states.after(after.Seq)
		switch {
		case st.Seq > after.Seq:
			return st, nil
		case st.Phase == Closed:
			return State{}, st.Cause
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return State{}, ctx.Err()
		}
	}
}

// keptStates is how many states a slow follower can be behind.
const keptStates = 16

// states is the latest states of a client.
type states struct {
	telling sync.Mutex // held while the hook runs, so that it sees them in order

	mu      sync.Mutex    // guards the rest
	past    []State       // the last one is the present; never empty after the first
	changed chan struct{} // closed by the next one; made when somebody waits
}

// after returns the state behind the one with that number; else the last one, and
// what is closed when there is another.
func (s *states) after(seq uint64) (st State, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st = range s.past {
		if st.Seq > seq {
			return st, nil
		}
	}
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return st, s.changed
}

// enter makes st the present state, and tells.
func (c *Client) enter(st State) {
	s := &c.states
	s.telling.Lock()
	defer s.telling.Unlock()
	s.mu.Lock()
	if n := len(s.past); n > 0 {
		if s.past[n-1].Phase == Closed {
			s.mu.Unlock()
			return
		}
		st.Seq = s.past[n-1].Seq
	}
	st.Seq++
	if len(s.past) < keptStates {
		s.past = append(s.past, st)
	} else { // slices.Delete is 1 KB more for a page to load
		copy(s.past, s.past[1:])
		s.past[keptStates-1] = st
	}
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
	s.mu.Unlock()
	if t := c.opts.Trace; t != nil && t.State != nil {
		t.State(st)
	}
}
