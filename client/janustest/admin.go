package janustest

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// adminVerb serves one kind of request of the admin API. ses and at are nil where
// it is for the gateway, at where it is for a session. It returns the members of
// the answer, or what is wrong, and what is to be called without s.mu. s.mu is
// held.
type adminVerb func(s *Server, r *request, ses *session, at *Attachment) (answer object, fail *client.Error, after func())

// The requests of the admin API, by what they are for.
//
// https://janus.conf.meetecho.com/docs/admin.html
var (
	adminOfGateway = map[string]adminVerb{
		"accept_new_sessions": (*Server).adminAccept, "list_sessions": (*Server).adminSessions,
		"add_token": (*Server).adminAddToken, "list_tokens": (*Server).adminTokens, "remove_token": (*Server).adminRemoveToken,
	}
	adminOfSession = map[string]adminVerb{"list_handles": (*Server).adminHandles, "destroy_session": (*Server).adminDestroy}
	adminOfHandle  = map[string]adminVerb{
		"handle_info": (*Server).adminInfo, "hangup_webrtc": (*Server).adminHangup, "detach_handle": (*Server).adminDetach}
)

// administer is dispatch for a connection of the admin API. s.mu is held.
func (s *Server) administer(c *conn, r *request) (after func()) {
	if code, reason := r.check(envelope[:2]...); code != 0 {
		s.refuse(c, r, code, capital(reason))
		return nil
	}
	txn, _ := r.str("transaction")
	name, _ := r.str("janus")
	r.txn, r.verb = &txn, strings.ToLower(name)
	level := adminOfGateway
	switch {
	case r.handle != 0:
		level = adminOfHandle
	case r.session != 0:
		level = adminOfSession
	case r.verb == "info":
		s.info(c, r)
		return nil
	case r.verb == "ping":
		s.reply(c, r, &frame{Janus: "pong"})
		return nil
	}
	if secret, _ := r.str("admin_secret"); s.opts.AdminSecret != "" && secret != s.opts.AdminSecret {
		s.refuse(c, r, client.Unauthorized, unauthorized)
		return nil
	}
	ses := s.sessions[r.session]
	var at *Attachment
	if ses != nil {
		at = ses.handles[r.handle]
	}
	serve := level[r.verb]
	switch {
	case r.session != 0 && ses == nil || r.handle != 0 && r.session == 0:
		s.refuse(c, r, client.SessionNotFound, "No such session "+utoa(r.session))
	case r.handle != 0 && at == nil:
		s.refuse(c, r, client.HandleNotFound, "No such handle "+utoa(r.handle)+" in session "+utoa(r.session))
	case r.verb == "message_plugin" && r.session == 0:
		return s.adminMessage(c, r)
	case serve == nil:
		s.refuse(c, r, client.InvalidRequestPath, "Unhandled request '"+name+"' at this path")
	default:
		answer, fail, after := serve(s, r, ses, at)
		if fail != nil {
			s.refuse(c, r, fail.Code, fail.Reason)
			return nil
		}
		s.confirm(c, r, answer)
		return after
	}
	return nil
}

// confirm answers r with success. s.mu is held.
func (s *Server) confirm(c *conn, r *request, answer object) {
	o := object{{"janus", "success"}}
	if r.session != 0 {
		o = append(o, field{"session_id", wireID(r.session)})
	}
	b, err := encode(append(append(o, field{"transaction", *r.txn}), answer...))
	if err != nil {
		s.refuse(c, r, client.UnknownError, err.Error())
		return
	}
	s.send(c, b)
}

// demand checks the members of r.
func (r *request) demand(params ...param) *client.Error {
	if code, reason := r.check(params...); code != 0 {
		return &client.Error{Code: code, Reason: capital(reason)}
	}
	return nil
}

func (s *Server) adminAccept(r *request, _ *session, _ *Attachment) (object, *client.Error, func()) {
	if err := r.demand(param{"accept", 'b', true}); err != nil {
		return nil, err, nil
	}
	accept := kindOf(r.fields["accept"]) == 't'
	s.faults.draining = outage{on: !accept}
	return object{{"accept", accept}}, nil, nil
}

func (s *Server) adminSessions(*request, *session, *Attachment) (object, *client.Error, func()) {
	return object{{"sessions", append([]uint64{}, slices.Sorted(maps.Keys(s.sessions))...)}}, nil, nil
}

func (s *Server) adminHandles(_ *request, ses *session, _ *Attachment) (object, *client.Error, func()) {
	list := []uint64{}
	for _, at := range ses.attached {
		list = append(list, at.Handle)
	}
	return object{{"handles", list}}, nil, nil
}

func (s *Server) adminDestroy(_ *request, ses *session, _ *Attachment) (object, *client.Error, func()) {
	handles := s.remove(ses)
	return nil, nil, func() { s.detached(handles) }
}

func (s *Server) adminHangup(_ *request, _ *session, at *Attachment) (object, *client.Error, func()) {
	return nil, nil, s.hangUp(at, "Admin API")
}

func (s *Server) adminDetach(_ *request, _ *session, at *Attachment) (object, *client.Error, func()) {
	return nil, nil, s.letGo(at)
}

// adminMessage passes a request on to a plugin. s.mu is held.
func (s *Server) adminMessage(c *conn, r *request) func() {
	if err := r.demand(param{"plugin", '"', true}, param{"request", '{', false}); err != nil {
		s.refuse(c, r, err.Code, err.Reason)
		return nil
	}
	name, _ := r.str("plugin")
	p := s.plugins[name]
	if p == nil {
		s.refuse(c, r, client.PluginNotFound, "Invalid plugin")
		return nil
	}
	asked, ok := p.(Administrator)
	if !ok {
		s.refuse(c, r, client.UnknownError, "Plugin doesn't support Admin API messages")
		return nil
	}
	body := r.fields["request"]
	if body == nil {
		body = []byte("{}")
	}
	return func() {
		answer, err := asked.Administer(body)
		s.mu.Lock()
		defer s.mu.Unlock()
		var refused *client.PluginError
		switch {
		case errors.As(err, &refused):
			s.confirm(c, r, object{{"response", errorData(name, refused)}})
		case err != nil:
			code, reason := coreError(err)
			s.refuse(c, r, code, reason)
		default:
			if answer == nil {
				answer = object{}
			}
			s.confirm(c, r, object{{"response", answer}})
		}
	}
}

// adminInfo tells of a handle what is known without media.
func (s *Server) adminInfo(r *request, ses *session, at *Attachment) (object, *client.Error, func()) {
	if err := r.demand(param{"plugin_only", 'b', false}); err != nil {
		return nil, err, nil
	}
	info := object{{"session_id", ses.id}, {"session_last_activity", ses.active.UnixMicro()},
		{"session_timeout", seconds(s.opts.SessionTimeout)}, {"session_transport", "janus.transport.janustest"}, {"handle_id", at.Handle}}
	if at.OpaqueID != "" {
		info = append(info, field{"opaque_id", at.OpaqueID})
	}
	if at.token != "" {
		info = append(info, field{"token", at.token})
	}
	info = append(info, field{"loop-running", true}, field{"created", at.created.UnixMicro()}, field{"current_time", time.Now().UnixMicro()},
		field{"plugin", at.Plugin}, field{"plugin_specific", object{}})
	if kindOf(r.fields["plugin_only"]) != 't' {
		info = append(info, field{"flags", at.flags()}, field{"sdps", object{}}, field{"queued-packets", 0})
	}
	return object{{"handle_id", at.Handle}, {"info", info}}, nil, nil
}

// flags tells how far the peer connection is, in Janus' order.
func (at *Attachment) flags() (o object) {
	is := map[string]bool{"got-offer": at.pc != pcNone, "got-answer": at.pc == pcStable, "negotiated": at.pc == pcStable}
	for _, name := range []string{"got-offer", "got-answer", "negotiated", "processing-offer", "starting", "ice-restart", "ready",
		"stopped", "alert", "trickle", "all-trickles", "resend-trickles", "trickle-synced", "data-channels", "has-audio", "has-video",
		"new-datachan-sdp", "rfc4588-rtx", "cleaning", "e2ee"} {
		o = append(o, field{name, is[name]})
	}
	return o
}
