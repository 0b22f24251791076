//go:build !js

package janustest

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// answerTime is how long Janus lets an HTTP request wait for its answer.
const answerTime = 10 * time.Second

// web is everything that comes over TCP: the REST API under /janus, and
// WebSockets under any path.
//
// https://janus.conf.meetecho.com/docs/rest.html
type web struct{ *Server }

// ServeHTTP implements [http.Handler].
func (s web) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	done, ok := s.begin(r.Context())
	if !ok {
		hangUpOn(w, ResetConn)
		return
	}
	defer done()
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		s.upgrade(w, r)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Max-Age", "86400")
	if r.Method == http.MethodOptions {
		allow(h, r.Header, "Method", "Methods")
		allow(h, r.Header, "Headers", "Headers")
		return
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case parts[0] != "janus" && parts[0] != "admin":
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodPost:
		s.post(w, r, parts[1:], parts[0] == "admin") //nolint:contextcheck // what a request begins outlives it
	case r.Method == http.MethodGet && parts[0] == "admin" && !(len(parts) == 2 && parts[1] == "info"):
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet:
		s.get(w, r, parts[1:], parts[0] == "admin") //nolint:contextcheck // as above
	case r.Method == http.MethodPut || r.Method == http.MethodPatch:
		hangUpOn(w, CutConn)
	default:
		writeJSON(w, []byte(`{"janus":"error","error":{"code":450,"reason":"Unsupported method `+r.Method+`"}}`), 0)
	}
}

// allow repeats what a browser asks for ahead of a request.
func allow(h, asked http.Header, request, response string) {
	if v := asked.Get("Access-Control-Request-" + request); v != "" {
		h.Set("Access-Control-Allow-"+response, v)
	}
}

// exchange is one HTTP request as a link.
type exchange struct{ ended chan FaultKind } // how, if something ended it

func (*exchange) read(ctx context.Context) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() }

func (*exchange) write(context.Context, []byte, int) error { return nil }

func (e *exchange) end(how FaultKind) {
	select {
	case e.ended <- how:
	default:
	}
}

// open begins an exchange about a session and a handle; close ends it.
func (s *Server) open(r *http.Request, session, handle uint64) (c *conn, ctx context.Context, end func(http.ResponseWriter)) {
	ctx, cancel := context.WithCancel(r.Context())
	e := &exchange{make(chan FaultKind, 1)}
	s.mu.Lock()
	c = s.newConn(e)
	c.cancel, c.exchange, c.single, c.session, c.handle = cancel, true, true, session, handle
	c.events = s.newMailbox // also for a claim of what HTTP has: what nobody polled is lost
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	return c, ctx, func(w http.ResponseWriter) {
		select {
		case how := <-e.ended:
			hangUpOn(w, how)
		default:
		}
		s.lose(c, CutConn)
	}
}

// ids reads the ids in a path. What is no number is none, as in Janus.
func ids(parts []string) (session, handle uint64) {
	var n [2]uint64
	for i := range min(len(parts), 2) {
		n[i], _ = strconv.ParseUint(parts[i], 10, 64)
	}
	return n[0], n[1]
}

// post runs one request and answers with its direct answer.
func (s *Server) post(w http.ResponseWriter, r *http.Request, parts []string, admin bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	switch {
	case err != nil || len(body) == 0 || len(parts) > 2:
		hangUpOn(w, CutConn)
		return
	case len(parts) > 0 && (parts[0] == "info" || parts[0] == "ping" && s.opts.Version >= 1202):
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	session, handle := ids(parts)
	c, ctx, end := s.open(r, session, handle)
	defer end(w)
	c.admin = admin
	answer, err := s.ask(ctx, c, body)
	if err == nil {
		s.respond(ctx, c, w, answer)
	}
}

// ask executes a request and returns its answer; none where there is none in
// time. An error means that nothing must be said.
func (s *Server) ask(ctx context.Context, c *conn, body []byte) ([]byte, error) {
	arrived := false
	err := c.in.pass(ctx, outgoing{data: body}, func(_ context.Context, p *passage) error {
		arrived = true
		s.receive(c, p.data, p.fail)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !arrived || s.deaf(c, false) {
		<-ctx.Done() // it is lost, and the client waits
		return nil, ctx.Err()
	}
	late := time.NewTimer(answerTime)
	defer late.Stop()
	for {
		if m, ok, _ := c.out.next(); ok {
			return m.data, pause(ctx, time.Until(m.due))
		}
		select {
		case <-c.out.wake:
		case <-late.C:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// respond sends the answer of an exchange.
func (s *Server) respond(ctx context.Context, c *conn, w http.ResponseWriter, answer []byte) {
	answered := false
	err := c.out.pass(ctx, outgoing{data: answer}, func(_ context.Context, p *passage) error {
		if !answered {
			writeJSON(w, p.data, p.split)
		}
		answered = true
		return nil
	})
	if err == nil && !answered {
		<-ctx.Done() // as above
	}
}

// writeJSON writes an answer, in two pieces where split is not zero.
func writeJSON(w http.ResponseWriter, data []byte, split int) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	for _, part := range [][]byte{data[:split], data[split:]} {
		_, _ = w.Write(part) // a client that is gone does not mind
		_ = http.NewResponseController(w).Flush()
	}
}
