package janustest

import (
	"strconv"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

const unauthorized = "Unauthorized request (wrong or missing secret/token)"

func utoa(n uint64) string { return strconv.FormatUint(n, 10) }

// The functions below serve one kind of request each. s.mu is held; what they
// return runs without it.

func (s *Server) create(c *conn, r *request) {
	if !s.authorized(r) {
		s.refuse(c, r, client.Unauthorized, unauthorized)
		return
	}
	if s.faults.draining.active() {
		s.refuse(c, r, client.NotAcceptingSessions, "Not accepting new sessions")
		return
	}
	id := r.id("id")
	if id == 0 {
		id = newID(s.sessions)
	} else if s.sessions[id] != nil {
		r.session = id
		s.refuse(c, r, client.SessionConflict, "Session ID already in use")
		return
	}
	s.sessions[id] = &session{id: id, owner: c.events(), active: time.Now(), handles: make(map[uint64]*Attachment)}
	s.reply(c, r, &frame{Janus: "success", Data: &created{id}})
	s.poke()
}

func (s *Server) destroy(c *conn, r *request, ses *session) func() {
	handles := s.remove(ses)
	s.reply(c, r, &frame{Janus: "success", Session: wireID(ses.id)})
	return func() { s.detached(handles) }
}

var attachParams = []param{{"plugin", '"', true}, {"opaque_id", '"', false}, {"loop_index", '+', false}}

func (s *Server) attach(c *conn, r *request, ses *session) func() {
	if code, reason := r.check(attachParams...); code != 0 {
		s.refuse(c, r, code, capital(reason))
		return nil
	}
	name, _ := r.str("plugin")
	p := s.plugins[name]
	if p == nil {
		s.refuse(c, r, client.PluginNotFound, "No such plugin '"+name+"'")
		return nil
	}
	if !s.allowed(r, name) {
		s.refuse(c, r, client.UnauthorizedPlugin, "Provided token can't access plugin '"+name+"'")
		return nil
	}
	at := &Attachment{Session: ses.id, Handle: newID(ses.handles), Plugin: name, srv: s, ses: ses, plugin: p}
	at.OpaqueID, _ = r.str("opaque_id")
	at.created = time.Now()
	at.token, _ = r.str("token")
	return func() {
		var err error
		if p, ok := p.(Attacher); ok {
			err = p.Attached(at)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		switch {
		case err != nil:
			at.dead = true
			s.refuse(c, r, client.PluginAttach, "Couldn't attach to plugin: "+err.Error())
		case ses.dead:
			at.dead = true
			s.refuse(c, r, client.SessionNotFound, "No such session "+utoa(ses.id))
		default:
			ses.handles[at.Handle] = at
			ses.attached = append(ses.attached, at)
			s.reply(c, r, &frame{Janus: "success", Session: wireID(ses.id), Data: &created{at.Handle}})
		}
	}
}

func (s *Server) detach(c *conn, r *request, at *Attachment) func() {
	s.reply(c, r, &frame{Janus: "success", Session: wireID(at.Session)})
	return s.letGo(at)
}

// letGo detaches a handle. s.mu is held.
func (s *Server) letGo(at *Attachment) func() {
	at.ses.forget(at)
	return func() {
		s.detached([]*Attachment{at})
		s.mu.Lock()
		defer s.mu.Unlock()
		if !at.dead {
			at.end()
			s.notify(at.ses, at.frame("detached"))
		}
	}
}

func (s *Server) hangup(c *conn, r *request, at *Attachment) func() {
	s.reply(c, r, &frame{Janus: "success", Session: wireID(at.Session)})
	return s.hangUp(at, "Janus API")
}

// hangUp ends the peer connection of at, if there is one.
func (s *Server) hangUp(at *Attachment, reason string) func() {
	had := at.pc != pcNone
	at.pc = pcNone
	return func() {
		if p, ok := at.plugin.(HangupHandler); ok {
			p.HungUp(at)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if had && !at.dead {
			f := at.frame("hangup")
			f.Reason = reason
			s.notify(at.ses, f)
		}
	}
}
