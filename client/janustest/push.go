package janustest

import (
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
)

var errNoSession = errors.New("janustest: no such session")

// Push sends a message of the gateway's own accord to the owner of a session;
// handle is zero for a message about the session. Kind is its "janus" field.
// For "event" data is the plugin's data; for everything else it is an object
// whose fields join the message, such as {"reason":"ICE failed"} for "hangup",
// or nil.
//
// The gateway lives up to what it says: after "hangup" the peer connection is
// gone, after "detached" the handle, after "timeout" the session. To say
// things that are not true, there is [Server.PushRaw].
//
// Push fails when the ids mean nothing or data is nothing JSON can hold. A
// session whose connection is lost loses the message too, which is no error.
func (s *Server) Push(session, handle uint64, kind string, data any, jsep *client.JSEP) error {
	raw, err := encode(data)
	if err != nil {
		return err
	}
	if kind != "event" && kindOf(raw) != '{' {
		return errNotObject
	}
	s.mu.Lock()
	ses := s.sessions[session]
	if ses == nil {
		s.mu.Unlock()
		return errNoSession
	}
	at := ses.handles[handle]
	if at == nil && handle != 0 {
		s.mu.Unlock()
		return errGone
	}
	f := &frame{Janus: kind, Session: wireID(session)}
	if at != nil {
		f = at.frame(kind)
	}
	if kind == "event" && at != nil {
		f.PluginData = &pluginData{at.Plugin, raw}
		raw = []byte("{}")
	}
	f.JSEP = s.describe(at, jsep)
	if ses.owner != nil {
		s.send(ses.owner, splice(f.encode(), raw))
	}
	after := s.comeTrue(ses, at, kind)
	s.mu.Unlock()
	after()
	return nil
}

// comeTrue does what a pushed message says has happened, and returns what the
// plugins have to hear of it without s.mu. s.mu is held.
func (s *Server) comeTrue(ses *session, at *Attachment, kind string) func() {
	switch {
	case kind == "timeout" && at == nil:
		handles := s.remove(ses)
		return func() { s.detached(handles) }
	case kind == "detached" && at != nil:
		ses.forget(at)
		at.end()
		return func() { s.detached([]*Attachment{at}) }
	case kind == "hangup" && at != nil:
		at.pc = pcNone
		return s.hangUp(at, "") // the message is out, so this one sends none
	default:
		return func() {}
	}
}
