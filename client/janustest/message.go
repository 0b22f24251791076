package janustest

import (
	"encoding/json"
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
)

var jsepParams = []param{
	{"type", '"', true}, {"sdp", '"', true}, {"trickle", 'b', false},
	{"rid_order", '"', false}, {"force_relay", 'b', false}, {"e2ee", 'b', false},
}

// message hands a plugin message to the plugin. s.mu is held.
func (s *Server) message(c *conn, r *request, at *Attachment) func() {
	if code, reason := r.check(param{"body", '{', true}); code != 0 {
		s.refuse(c, r, code, capital(reason))
		return nil
	}
	m := &Message{Attachment: at, Transaction: *r.txn, Body: r.fields["body"], req: r, from: c}
	if raw, ok := r.fields["jsep"]; ok {
		jsep, code, reason := s.offered(at, raw)
		if code != 0 {
			s.refuse(c, r, code, reason)
			return nil
		}
		m.JSEP = jsep
	}
	s.enqueue(at, m)
	return nil
}

// offered takes the description a client sent. s.mu is held.
func (s *Server) offered(at *Attachment, raw json.RawMessage) (*client.JSEP, client.Code, string) {
	if kindOf(raw) != '{' {
		return nil, client.InvalidJSONObject, "Invalid jsep object"
	}
	var f fields
	_ = json.Unmarshal(raw, &f) // it is an object
	if code, reason := f.check(jsepParams...); code != 0 {
		return nil, code, "JSEP error: " + reason
	}
	jsep := readJSEP(f, raw)
	if jsep.Type != "offer" && jsep.Type != "answer" {
		return nil, client.UnknownJSEPType, "JSEP error: unknown message type '" + jsep.Type + "'"
	}
	d := parseSDP(jsep.SDP)
	switch {
	case d.err != "":
		return nil, client.InvalidSDP, d.err
	case jsep.Type == "answer" && at.pc == pcNone:
		return nil, client.UnexpectedAnswer, "Unexpected ANSWER (did we offer?)"
	case jsep.Type == "answer":
		at.pc = pcStable
	case at.pc == pcOffered:
		// An offer whose request failed blocks the handle until a hangup.
		return nil, client.UnknownError, "Error setting ICE locally"
	case at.pc != pcStable:
		at.pc = pcOffered
	}
	if !d.fingerprint {
		return nil, client.InvalidSDP, "Error processing SDP"
	}
	return jsep, 0, ""
}

// readJSEP decodes a description that passed the checks. Like Janus it puts up
// with optional fields that make no sense.
func readJSEP(f fields, raw json.RawMessage) *client.JSEP {
	jsep := &client.JSEP{}
	if err := json.Unmarshal(raw, jsep); err != nil {
		jsep = &client.JSEP{}
		jsep.SDP, _ = f.str("sdp")
		jsep.Type, _ = f.str("type")
	}
	jsep.Type = strings.ToLower(jsep.Type)
	return jsep
}

// describe prepares a description for the client: with full trickle its
// candidates go ahead of it. Without a handle there is nothing to do. s.mu is
// held.
func (s *Server) describe(at *Attachment, jsep *client.JSEP) *client.JSEP {
	if jsep == nil || at == nil {
		return jsep
	}
	switch {
	case jsep.Type == "answer":
		at.pc = pcStable
	case at.pc == pcNone:
		at.pc = pcCalling
	}
	if !s.opts.FullTrickle {
		return jsep
	}
	bare := *jsep
	var list []trickledCandidate
	bare.SDP, list = stripCandidates(jsep.SDP)
	for _, cand := range append(list, trickledCandidate{Completed: true}) {
		f := at.frame("trickle")
		f.Candidate = &cand
		s.notify(at.ses, f)
	}
	return &bare
}
