//go:build !js

package janustest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// pollTime is how long Janus holds a poll without events.
const pollTime = 30 * time.Second

// mailbox is the link of what holds the events of a session for polls.
type mailbox struct{ turn chan struct{} } // closed when a poll gets something; guarded by Server.mu

func (*mailbox) read(ctx context.Context) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() }

func (*mailbox) write(context.Context, []byte, int) error { return nil }

func (*mailbox) end(FaultKind) {}

// newMailbox returns an owner for sessions of HTTP.
func (s *Server) newMailbox() *conn {
	c := &conn{cancel: func() {}, link: &mailbox{make(chan struct{})}}
	c.out = newLane(s, c, ToClient)
	c.events = func() *conn { return c }
	return c
}

// boxOf returns the mailbox behind an owner; nil where it is no such thing.
func boxOf(owner *conn) *mailbox {
	if owner == nil {
		return nil
	}
	box, _ := owner.link.(*mailbox)
	return box
}

// get serves info, ping and polls.
func (s *Server) get(w http.ResponseWriter, r *http.Request, parts []string, admin bool) {
	switch {
	case len(parts) == 1 && (parts[0] == "info" || parts[0] == "ping" && s.opts.Version >= 1202):
		c, ctx, end := s.open(r, 0, 0)
		defer end(w)
		c.admin = admin
		if answer, err := s.ask(ctx, c, []byte(`{"janus":"`+parts[0]+`","transaction":"get"}`)); err == nil {
			s.respond(ctx, c, w, answer)
		}
	case len(parts) == 1:
		session, _ := ids(parts)
		c, ctx, end := s.open(r, session, 0)
		defer end(w)
		s.poll(ctx, c, w, r)
	case len(parts) == 2:
		w.Header().Set("Location", "/janus/"+parts[0])
		w.WriteHeader(http.StatusFound)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// poll answers with the events of a session, or with a keepalive when there
// are none in time or another poll got them.
func (s *Server) poll(ctx context.Context, c *conn, w http.ResponseWriter, r *http.Request) {
	status, box, turn := s.pollable(c.session, r)
	if status != http.StatusOK {
		w.WriteHeader(status)
		return
	}
	query := r.URL.Query()
	most, _ := strconv.Atoi(query.Get("maxev"))
	timer := time.NewTimer(pollTime)
	defer timer.Stop()
	for {
		events, err := box.out.take(ctx, max(most, 1))
		if err != nil {
			return
		}
		if len(events) > 0 {
			s.nextTurn(box)
			s.respond(ctx, c, w, joined(events, most > 1))
			return
		}
		select {
		case <-box.out.wake:
			continue
		case <-turn:
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		s.alive(c.session)
		s.respond(ctx, c, w, joined([][]byte{[]byte(`{"janus":"keepalive"}`)}, most > 1))
		return
	}
}

// pollable finds the mailbox of a session that is owned by HTTP, and takes the
// poll for a sign of life.
func (s *Server) pollable(session uint64, r *http.Request) (status int, box *conn, turn chan struct{}) {
	asked := &request{fields: fields{}}
	for key, values := range r.URL.Query() {
		if b, err := json.Marshal(values[0]); err == nil {
			asked.fields[key] = b
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ses := s.sessions[session]
	switch {
	case !s.authorized(asked):
		return http.StatusForbidden, nil, nil
	case ses == nil || boxOf(ses.owner) == nil:
		return http.StatusNotFound, nil, nil
	}
	ses.active = time.Now()
	return http.StatusOK, ses.owner, boxOf(ses.owner).turn
}

// nextTurn sends the other polls of a mailbox away.
func (s *Server) nextTurn(box *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(boxOf(box).turn)
	boxOf(box).turn = make(chan struct{})
}

// alive takes the end of a poll for a sign of life.
func (s *Server) alive(session uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ses := s.sessions[session]; ses != nil {
		ses.active = time.Now()
	}
}

// take returns up to n messages that are there, waiting for what is delayed.
func (l *lane) take(ctx context.Context, n int) (list [][]byte, err error) {
	for len(list) < n {
		m, ok, _ := l.next()
		if !ok {
			break
		}
		if err := pause(ctx, time.Until(m.due)); err != nil {
			return nil, err
		}
		list = append(list, m.data)
	}
	return list, nil
}

// joined writes events as the answer to a poll. A single one that is no JSON
// stays as it is, for within an array it would break that.
func joined(events [][]byte, array bool) []byte {
	if !array || len(events) == 1 && !json.Valid(events[0]) {
		return events[0]
	}
	return []byte("[" + string(bytes.Join(events, []byte(","))) + "]")
}
