package janustest

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/bifrons-rtc/bifrons/client"
)

// frame is one message of the gateway, with the fields in Janus' order.
type frame struct {
	Janus       string             `json:"janus"`
	Session     wireID             `json:"session_id,omitempty"`
	Transaction *string            `json:"transaction,omitempty"`
	Sender      uint64             `json:"sender,omitempty"`
	OpaqueID    string             `json:"opaque_id,omitempty"`
	Hint        string             `json:"hint,omitempty"`
	Reason      string             `json:"reason,omitempty"`
	Candidate   *trickledCandidate `json:"candidate,omitempty"`
	Data        *created           `json:"data,omitempty"`
	PluginData  *pluginData        `json:"plugindata,omitempty"`
	JSEP        *client.JSEP       `json:"jsep,omitempty"`
	Error       *frameError        `json:"error,omitempty"`
}

// wireID is a session id in a message. Janus keeps ids unsigned and writes them
// signed, which shows where a client made one up.
type wireID uint64

// MarshalJSON writes id as Janus does.
func (id wireID) MarshalJSON() ([]byte, error) { return strconv.AppendInt(nil, int64(id), 10), nil }

type created struct {
	ID uint64 `json:"id"`
}

type pluginData struct {
	Plugin string          `json:"plugin"`
	Data   json.RawMessage `json:"data"`
}

type frameError struct {
	Code   client.Code `json:"code"`
	Reason string      `json:"reason"`
}

// encode writes v as Janus does, without escaping what only HTML minds. Nil
// is an empty object.
func encode(v any) (json.RawMessage, error) {
	if v == nil {
		return json.RawMessage("{}"), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// encode writes f, whose parts are known to be good.
func (f *frame) encode() []byte {
	b, err := encode(f)
	if err != nil {
		// Plugin data was encoded before it got here, so this is out of reach;
		// a client may get to see it all the same rather than wait.
		return []byte(`{"janus":"error","error":{"code":490,"reason":` + strconv.Quote(err.Error()) + `}}`)
	}
	return b
}

// object is a JSON object that keeps the order of its fields.
type object []field

type field struct {
	key   string
	value any
}

// MarshalJSON writes the fields in order.
func (o object) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, f := range o {
		if i > 0 {
			b = append(b, ',')
		}
		v, err := encode(f.value)
		if err != nil {
			return nil, err
		}
		b = append(strconv.AppendQuote(b, f.key), ':')
		b = append(b, v...)
	}
	return append(b, '}'), nil
}

// splice returns the fields of the object extra appended to those of base.
func splice(base, extra []byte) []byte {
	if inner := bytes.TrimSpace(extra[1 : len(extra)-1]); len(inner) == 0 {
		return base
	}
	out := append(base[:len(base)-1:len(base)-1], ',')
	return append(out, extra[1:]...)
}

// reply sends the answer to r, unless that kind of request is silenced. s.mu
// is held.
func (s *Server) reply(c *conn, r *request, f *frame) {
	if s.hushed(c, r) {
		return
	}
	f.Transaction = r.txn
	s.send(c, f.encode())
}

// hushed reports whether requests like r get no answer, which over HTTP is an
// empty one. s.mu is held.
func (s *Server) hushed(c *conn, r *request) bool {
	silent := s.faults.silent(r.verb)
	if silent && c.exchange {
		s.send(c, nil)
	}
	return silent
}

// refuse answers r with an error of the core. s.mu is held.
func (s *Server) refuse(c *conn, r *request, code client.Code, reason string) {
	s.reply(c, r, &frame{Janus: "error", Session: wireID(r.session), Error: &frameError{code, reason}})
}

// notify sends f to the owner of ses; without one it is lost, as in Janus.
// s.mu is held.
func (s *Server) notify(ses *session, f *frame) {
	if ses.owner != nil {
		s.send(ses.owner, f.encode())
	}
}

// pluginEvent sends an event of a plugin, behind its candidates where those
// are sent on their own. A txn makes it the answer to a request. s.mu is held.
func (s *Server) pluginEvent(at *Attachment, txn *string, data json.RawMessage, jsep *client.JSEP) {
	jsep = s.describe(at, jsep)
	if txn != nil && s.faults.silent("message", "event") {
		return
	}
	f := at.frame("event")
	f.Transaction = txn
	f.PluginData = &pluginData{at.Plugin, data}
	f.JSEP = jsep
	s.notify(at.ses, f)
}
