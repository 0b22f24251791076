package janustest

import (
	"encoding/json"
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
)

var errSyncJSEP = errors.New("janustest: Answer.JSEP needs Answer.Async: Janus has no description in a synchronous answer")

// answer sends what the plugin returned for m.
func (s *Server) answer(m *Message, a *Answer, err error) {
	if a != nil && a.then != nil {
		defer a.then()
	}
	var perr *client.PluginError
	var data json.RawMessage
	switch {
	case errors.As(err, &perr):
		if a == nil {
			a = &Answer{Async: true}
		}
		a = &Answer{Async: a.Async, Hint: a.Hint}
		data, err = encode(errorData(m.Plugin, perr))
	case err != nil || a == nil || a.ackOnly:
	case a.JSEP != nil && !a.Async:
		err = errSyncJSEP
	default:
		data, err = encode(a.Data)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		code, reason := coreError(err)
		s.refuse(m.from, m.req, code, reason)
	case a == nil || a.ackOnly:
		s.ack(m, "")
	case !a.Async:
		f := m.frame("success")
		f.PluginData = &pluginData{m.Plugin, data}
		s.reply(m.from, m.req, f)
	case s.faults.eventFirst:
		s.pluginEvent(m.Attachment, m.req.txn, data, a.JSEP)
		s.ack(m, a.Hint)
	default:
		s.ack(m, a.Hint)
		s.pluginEvent(m.Attachment, m.req.txn, data, a.JSEP)
	}
}

// ack tells that m was taken. s.mu is held.
func (s *Server) ack(m *Message, hint string) {
	s.reply(m.from, m.req, &frame{Janus: "ack", Session: wireID(m.Session), Hint: hint})
}
