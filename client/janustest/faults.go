package janustest

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// faults is what goes wrong at the moment. Server.mu guards it.
type faults struct {
	refuse     error
	delay      time.Duration
	failing    map[string][]client.Code
	quiet      []string
	eventFirst bool
}

// Drop loses every connection at once, without a word, including what was
// queued for it. Sessions end, or wait for a claim; see
// [Options.ReclaimTimeout]. New connections are welcome; see [Server.Refuse].
func (s *Server) Drop() {
	s.mu.Lock()
	list := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		list = append(list, c)
	}
	s.mu.Unlock()
	for _, c := range list {
		s.lose(c)
	}
}

// Refuse makes dials fail with err, inside a *transport.DialError, until it is
// called with nil. With Drop it is a gateway that died.
func (s *Server) Refuse(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.refuse = err
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

// fail takes the next code for a verb.
func (f *faults) fail(verb string) (client.Code, bool) {
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
	for c := range s.conns {
		c.send(bytes.Clone(raw), s.faults.delay)
	}
}

var errNotObject = errors.New("janustest: Push: data of anything but an event must be a JSON object")
