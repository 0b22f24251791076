package janustest

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// faults is what goes wrong at the moment. Server.mu guards it.
type faults struct {
	refuse     error
	down       outage        // no connections
	draining   outage        // no sessions
	frozen     chan struct{} // closed at the thaw; nil when there is no frost
	thaw       *time.Timer
	delay      time.Duration
	failing    map[string][]client.Code
	quiet      []string
	eventFirst bool
	injected   []*injection
	happened   []Injected
}

// outage is something the gateway does not do for a while.
type outage struct {
	on  bool
	end time.Time // zero: not by itself
}

// until returns an outage of d, zero for one that has no end.
func until(d time.Duration) outage {
	if d <= 0 {
		return outage{on: true}
	}
	return outage{true, time.Now().Add(d)}
}

func (o outage) active() bool { return o.on && (o.end.IsZero() || time.Now().Before(o.end)) }

// Drop loses every connection at once, without a word, including what was
// queued for it. Sessions end, or wait for a claim; see
// [Options.ReclaimTimeout]. New connections are welcome; see [Server.Refuse].
// Over HTTP it is the exchanges that are lost, and no session is.
func (s *Server) Drop() { s.drop(CutConn) }

func (s *Server) drop(how FaultKind) {
	s.mu.Lock()
	list := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		list = append(list, c)
	}
	s.mu.Unlock()
	slices.SortFunc(list, func(a, b *conn) int { return a.number - b.number })
	for _, c := range list {
		s.lose(c, how)
	}
}

// Refuse makes dials fail with err, inside a *transport.DialError, until it is
// called with nil. On sockets connections are reset as soon as they are there.
// With Drop it is a gateway that died.
func (s *Server) Refuse(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.refuse = err
	if err == nil {
		s.faults.down = outage{}
	}
}

var errDown = errors.New("janustest: nobody listens")

// refusal returns why dials fail at the moment. s.mu is held.
func (s *Server) refusal() error {
	switch {
	case s.closed:
		return ErrServerClosed
	case s.faults.refuse != nil:
		return s.faults.refuse
	case s.faults.down.active():
		return errDown
	default:
		return nil
	}
}

// Drain answers create with 472 until it is called with false, as a gateway
// does that an operator wants to stop. Info says so, too.
func (s *Server) Drain(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.draining = outage{on: on}
}

// Restart kills the gateway and starts it again: every connection is lost,
// every session gone without a word, and dials fail until down is over. What a
// plugin keeps apart from its handles survives, which one that minds has to see
// to in Detached.
func (s *Server) Restart(down time.Duration) {
	s.mu.Lock()
	s.faults.down = outage{on: true} // nobody comes back before all is gone
	s.mu.Unlock()
	s.drop(ResetConn)
	s.mu.Lock()
	handles := s.remove(s.live()...)
	if s.faults.down = (outage{}); down > 0 {
		s.faults.down = until(down)
	}
	s.mu.Unlock()
	s.detached(handles)
}

// Freeze stops the gateway as SIGSTOP stops a process: connections stay, dials
// hang, nothing is read, answered or timed out, and what clients send waits. A
// plugin that is at work goes on, and is heard at the thaw.
func (s *Server) Freeze() { s.freeze(0) }

func (s *Server) freeze(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if s.faults.thaw != nil {
		s.faults.thaw.Stop()
		s.faults.thaw = nil
	}
	if s.faults.frozen == nil {
		s.faults.frozen = make(chan struct{})
	}
	if d > 0 {
		s.faults.thaw = time.AfterFunc(d, s.Thaw)
	}
}

// Thaw lets a frozen gateway go on with what has gathered.
func (s *Server) Thaw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults.thaw != nil {
		s.faults.thaw.Stop()
		s.faults.thaw = nil
	}
	if s.faults.frozen != nil {
		close(s.faults.frozen)
		s.faults.frozen = nil
	}
	s.poke()
}

// thawed waits for the end of a frost.
func (s *Server) thawed(ctx context.Context) error {
	for {
		s.mu.Lock()
		frozen := s.faults.frozen
		s.mu.Unlock()
		if frozen == nil {
			return ctx.Err()
		}
		select {
		case <-frozen:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Delay holds back every message to the clients by d, in order, until it is
// called with zero. Requests are executed when they come.
func (s *Server) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.delay = d
}

// Fail answers the next requests of one kind with errors, one for each code,
// instead of executing them. Req is the verb, such as "create". Calling it
// again replaces what is left; without codes it clears it.
func (s *Server) Fail(req string, codes ...client.Code) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults.failing == nil {
		s.faults.failing = make(map[string][]client.Code)
	}
	s.faults.failing[strings.ToLower(req)] = slices.Clone(codes)
}

// fail returns the code of this one request, or takes the next for its verb.
func (f *faults) fail(verb string, this client.Code) (client.Code, bool) {
	if this != 0 {
		return this, true
	}
	codes := f.failing[verb]
	if len(codes) == 0 {
		return 0, false
	}
	f.failing[verb] = codes[1:]
	return codes[0], true
}

// Silence executes requests of these kinds and swallows their answers, until
// it is called again; without kinds everything is answered. A kind is a verb,
// "event" for the events that answer messages, which leaves an ack and nothing
// behind it, or "*" for every kind. Events that answer nothing go out. What
// counts is what is silent when the answer is made, which a plugin may do later.
func (s *Server) Silence(kinds ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.quiet = slices.Clone(kinds)
}

// silent reports whether answers of one of these kinds are swallowed.
func (f *faults) silent(kinds ...string) bool {
	return slices.ContainsFunc(f.quiet, func(q string) bool {
		return q == "*" || slices.ContainsFunc(kinds, func(k string) bool { return strings.EqualFold(k, q) })
	})
}

// EventBeforeAck sends the event of an asynchronous answer ahead of its ack,
// as Janus often does, until it is called with false.
func (s *Server) EventBeforeAck(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.eventFirst = on
}

// ExpireSession ends a session as its timeout does. It reports whether there
// was such a session.
func (s *Server) ExpireSession(id uint64) bool {
	s.mu.Lock()
	ses := s.sessions[id]
	var handles []*Attachment
	if ses != nil {
		handles = s.timeOut(ses)
	}
	s.mu.Unlock()
	s.detached(handles)
	return ses != nil
}

// PushRaw sends raw to every connection, whatever it is. It is how a gateway
// misbehaves.
func (s *Server) PushRaw(raw []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := maps.Clone(s.conns)
	for _, ses := range s.sessions { // for polls
		if ses.owner != nil {
			all[ses.owner] = struct{}{}
		}
	}
	for c := range all {
		if !c.exchange {
			s.send(c, bytes.Clone(raw))
		}
	}
}

var errNotObject = errors.New("janustest: Push: data of anything but an event must be a JSON object")
