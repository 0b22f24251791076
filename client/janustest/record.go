package janustest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// Request is one message the gateway received. Printing it shows neither
// bodies nor credentials.
type Request struct {
	Janus           string // verb, as it was sent
	Transaction     string
	Session, Handle uint64          // zero where there was none
	Plugin          string          // of an attach
	Body            json.RawMessage // of a message
	JSEP            *client.JSEP    // of a message
	Raw             json.RawMessage // everything, secrets included
}

// String names the request by verb and ids.
func (r Request) String() string {
	if r.Janus == "" {
		return fmt.Sprintf("unreadable message of %d bytes", len(r.Raw))
	}
	s := r.Janus
	if r.Session != 0 {
		s += " session " + utoa(r.Session)
	}
	if r.Handle != 0 {
		s += " handle " + utoa(r.Handle)
	}
	if r.Plugin != "" {
		s += " to " + r.Plugin
	}
	return s
}

// GoString is String, so that %#v shows no secrets either.
func (r Request) GoString() string { return r.String() }

// Requests returns what clients sent so far, oldest first; of more than 4096
// requests, or of more than 64 MiB, the last. Messages that are no requests are
// among them.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests[max(0, len(s.requests)-recorded):])
}

// record keeps r. s.mu is held.
func (s *Server) record(r Request) {
	s.recordedBytes += len(r.Raw)
	s.requests = append(s.requests, r)
	for len(s.requests) > 1 && s.recordedBytes > recordedBytes {
		s.recordedBytes -= len(s.requests[0].Raw)
		s.requests = s.requests[1:]
	}
	if len(s.requests) > 2*recorded { // move rarely
		for _, r := range s.requests[:recorded] {
			s.recordedBytes -= len(r.Raw)
		}
		s.requests = append(s.requests[:0], s.requests[len(s.requests)-recorded:]...)
	}
}

// Observe calls f with each request of a client before it is executed. It runs
// on the goroutine that serves the connection: a f that does not return is a
// gateway that reads no further on it. It may call the Server. Nil ends it.
func (s *Server) Observe(f func(Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.observe = f
}

// observed records what c sent and tells the observer.
func (s *Server) observed(r Request) {
	s.mu.Lock()
	s.record(r)
	observe := s.observe
	s.mu.Unlock()
	if observe != nil {
		observe(r)
	}
}

// recorded returns what Requests shows of r.
func (r *request) recorded(raw json.RawMessage) Request {
	out := Request{Session: r.session, Handle: r.handle, Body: r.fields["body"], Raw: raw}
	out.Janus, _ = r.str("janus")
	out.Transaction, _ = r.str("transaction")
	out.Plugin, _ = r.str("plugin")
	if jsep := r.fields["jsep"]; kindOf(jsep) == '{' {
		out.JSEP = &client.JSEP{}
		if json.Unmarshal(jsep, out.JSEP) != nil {
			out.JSEP = nil
		}
	}
	return out
}
