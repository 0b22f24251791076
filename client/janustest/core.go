package janustest

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// receive serves everything in one message of c, or answers it with the error
// fail.
func (s *Server) receive(c *conn, data []byte, fail client.Code) {
	list, err := split(data, s.opts.Version, c.single)
	code := client.InvalidJSON
	if err == nil && c.exchange && list[0][0] != '{' {
		code, err = client.InvalidJSONObject, errors.New("not an object")
	}
	if err != nil {
		what := "Invalid Janus API request - "
		if c.single {
			what = "JSON error: "
		}
		s.observed(Request{Raw: data})
		s.mu.Lock()
		defer s.mu.Unlock()
		s.refuse(c, &request{}, code, what+err.Error())
		return
	}
	for _, raw := range list {
		s.serve(c, raw, fail)
	}
}

// serve runs one request.
func (s *Server) serve(c *conn, raw json.RawMessage, fail client.Code) {
	r := &request{}
	_ = json.Unmarshal(raw, &r.fields) // an array has no fields, so they are missed below
	r.session, r.handle = r.id("session_id"), r.id("handle_id")
	conflict := r.route(c)
	if !c.admin {
		s.observed(r.recorded(raw))
	}
	s.mu.Lock()
	var after func()
	switch {
	case c.gone:
	case conflict != "":
		s.refuse(c, &request{}, client.InvalidRequestPath, conflict)
	case c.admin:
		after = s.administer(c, r)
	default:
		after = s.dispatch(c, r, fail)
	}
	s.mu.Unlock()
	if after != nil {
		after()
	}
}

// route adds the ids in the path of an exchange, and says what is wrong with
// them.
func (r *request) route(c *conn) (conflict string) {
	switch {
	case c.session != 0 && r.session != 0 && c.session != r.session:
		return "Conflicting session ID (payload and path)"
	case c.handle != 0 && r.handle != 0 && c.handle != r.handle:
		return "Conflicting handle ID (payload and path)"
	}
	if c.session != 0 {
		r.session = c.session
	}
	if c.handle != 0 {
		r.handle = c.handle
	}
	return ""
}

// envelope is what every request is checked for before its transaction is
// trusted. Janus checks the id of create here too, whatever the request.
var envelope = []param{
	{"transaction", '"', true}, {"janus", '"', true}, {"id", '+', false},
}

// dispatch finds out what r wants, in the order in which Janus looks at
// things, and does it. What it returns is to be called without s.mu, because
// it calls a plugin. s.mu is held.
func (s *Server) dispatch(c *conn, r *request, fail client.Code) (after func()) {
	if code, reason := r.check(envelope...); code != 0 {
		s.refuse(c, r, code, capital(reason))
		return nil
	}
	txn, _ := r.str("transaction")
	name, _ := r.str("janus")
	r.txn, r.verb = &txn, strings.ToLower(name)
	if code, ok := s.faults.fail(r.verb, fail); ok {
		s.refuse(c, r, code, "janustest: a test asked for this")
		return nil
	}
	wrong := func() { s.refuse(c, r, client.InvalidRequestPath, "Unhandled request '"+name+"' at this path") }

	if r.session == 0 && r.handle == 0 {
		switch r.verb {
		case "info":
			s.info(c, r)
		case "ping":
			s.reply(c, r, &frame{Janus: "pong"})
		case "create":
			s.create(c, r)
		default:
			wrong()
		}
		return nil
	}
	ses, at, ok := s.target(c, r)
	if !ok {
		return nil
	}
	switch r.verb {
	case "keepalive":
		s.reply(c, r, &frame{Janus: "ack", Session: wireID(ses.id)})
		return nil
	case "claim":
		ses.owner = c.events()
		s.reply(c, r, &frame{Janus: "success", Session: wireID(ses.id)})
		return nil
	}
	onSession := map[string]func(*conn, *request, *session) func(){"attach": s.attach, "destroy": s.destroy}
	onHandle := map[string]func(*conn, *request, *Attachment) func(){
		"message": s.message, "trickle": s.trickle, "hangup": s.hangup, "detach": s.detach}
	forSession, forHandle := onSession[r.verb], onHandle[r.verb]
	switch {
	case forSession != nil && at == nil:
		return forSession(c, r, ses)
	case forHandle != nil && at != nil:
		return forHandle(c, r, at)
	case forSession != nil || forHandle != nil:
		wrong()
	default:
		s.refuse(c, r, client.UnknownRequest, "Unknown request '"+name+"'")
	}
	return nil
}

// target finds the session and the handle r is for; at is nil for a session
// request. It answers r itself when they are not there or not allowed.
func (s *Server) target(c *conn, r *request) (ses *session, at *Attachment, ok bool) {
	fail := func(code client.Code, reason string) (*session, *Attachment, bool) {
		s.refuse(c, r, code, reason)
		return nil, nil, false
	}
	if r.session == 0 {
		return fail(client.SessionNotFound, "Session not found")
	}
	// A handle_id that is there and no integer is no handle, while a session_id
	// like that is none at all.
	if raw, given := r.fields["handle_id"]; given && r.handle == 0 && kindOf(raw) != 'n' {
		return fail(client.HandleNotFound, "Handle not found")
	}
	if !s.authorized(r) {
		return fail(client.Unauthorized, unauthorized)
	}
	if ses = s.sessions[r.session]; ses == nil {
		return fail(client.SessionNotFound, "No such session "+utoa(r.session))
	}
	ses.active = time.Now()
	if r.handle != 0 {
		if at = ses.handles[r.handle]; at == nil {
			return fail(client.HandleNotFound, "No such handle "+utoa(r.handle)+" in session "+utoa(r.session))
		}
	}
	return ses, at, true
}

// capital returns a reason the way Janus begins a sentence.
func capital(reason string) string { return strings.ToUpper(reason[:1]) + reason[1:] }
