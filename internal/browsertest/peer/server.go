//go:build !js

package peer

import (
	"encoding/binary"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/coder/websocket"
)

// Server makes peers and serves both sides of them. Use [NewServer].
type Server struct {
	mux http.ServeMux

	mu    sync.Mutex // protects what follows
	last  int
	peers map[int]*peer
}

// NewServer returns a server without peers.
func NewServer() *Server {
	s := &Server{peers: make(map[int]*peer)}
	s.mux.HandleFunc("POST /control/{$}", s.create)
	s.mux.HandleFunc("POST /control/{n}/send", s.with((*peer).serveSend))
	s.mux.HandleFunc("GET /control/{n}/receive", s.with((*peer).serveReceive))
	s.mux.HandleFunc("POST /control/{n}/drop", s.with(func(p *peer, _ http.ResponseWriter, _ *http.Request) { p.drop() }))
	s.mux.HandleFunc("POST /control/{n}/close", s.with((*peer).serveClose))
	s.mux.HandleFunc("GET /control/{n}/closed", s.with((*peer).serveClosed))
	s.mux.HandleFunc("DELETE /control/{n}", s.remove)
	s.mux.HandleFunc("/peer/{n}/ws", s.with((*peer).serveWS))
	s.mux.HandleFunc("GET /peer/{n}/janus/info", s.with((*peer).serveInfo))
	s.mux.HandleFunc("POST /peer/{n}/janus/{route...}", s.with((*peer).servePost))
	s.mux.HandleFunc("POST /peer/{n}/janus", s.with((*peer).servePost))
	s.mux.HandleFunc("GET /peer/{n}/janus/{session}", s.with((*peer).servePoll))
	s.mux.HandleFunc("/odd/{kind}/", odd)
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	AnyOrigin(&s.mux).ServeHTTP(w, r)
}

// AnyOrigin lets every page call next and read its answers.
func AnyOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
		h.Set("Access-Control-Allow-Headers", "*, Authorization")
		h.Set("Cache-Control", "no-store")
		if r.Method != http.MethodOptions {
			next.ServeHTTP(w, r)
		}
	})
}

func (s *Server) with(f func(*peer, http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.PathValue("n"))
		s.mu.Lock()
		p := s.peers[n]
		s.mu.Unlock()
		if p == nil {
			http.NotFound(w, r)
			return
		}
		f(p, w, r)
	}
}

func (s *Server) create(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.peers[s.last] = newPeer()
	_, _ = io.WriteString(w, strconv.Itoa(s.last))
}

func (s *Server) remove(_ http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	s.mu.Lock()
	p := s.peers[n]
	delete(s.peers, n)
	s.mu.Unlock()
	if p != nil {
		p.drop()
	}
}

// odd plays servers that are no gateway.
func odd(w http.ResponseWriter, r *http.Request) {
	switch r.PathValue("kind") {
	case "nocors": // a gateway that allows no other page
		w.Header().Del("Access-Control-Allow-Origin")
		_, _ = io.WriteString(w, `{"janus":"server_info"}`)
	case "site": // somebody's web site
		_, _ = io.WriteString(w, "<html>\nyou asked for "+r.URL.String()+"</html>")
	case "redirect":
		http.Redirect(w, r, "/odd/site/?"+r.URL.RawQuery, http.StatusFound)
	case "502":
		w.WriteHeader(http.StatusBadGateway)
	case "noproto": // a WebSocket server of something else
		if ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}); err == nil {
			_, _, _ = ws.Read(r.Context())
			_ = ws.CloseNow()
		}
	case "auth": // a proxy that wants a password
		if user, password, _ := r.BasicAuth(); user+":"+password != "user:p@ss" || r.Header.Get("X-Api-Key") != "k" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"janus":"server_info"}`)
	case "hang": // frozen
		<-r.Context().Done()
	default:
		http.NotFound(w, r)
	}
}

// serveClose closes the WebSocket in order.
func (p *peer) serveClose(_ http.ResponseWriter, r *http.Request) {
	code, _ := strconv.Atoi(r.FormValue("code"))
	select {
	case p.out <- outgoing{closing: websocket.StatusCode(code), data: []byte(r.FormValue("reason"))}:
	case <-p.gone:
	}
}

// serveClosed returns the code with which the client has closed the WebSocket.
func (p *peer) serveClosed(w http.ResponseWriter, r *http.Request) {
	select {
	case code := <-p.closed:
		_, _ = io.WriteString(w, strconv.Itoa(int(code)))
	case <-r.Context().Done():
	}
}

// serveSend does what a test's Send does.
func (p *peer) serveSend(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	select {
	case p.out <- outgoing{data: data, binary: r.URL.Query().Has("binary")}:
	case <-p.gone:
		http.Error(w, "the connection is lost", http.StatusGone)
	case <-r.Context().Done():
	}
}

// serveReceive does what a test's Receive does, for all messages there are: one
// at least, or none after a while.
func (p *peer) serveReceive(w http.ResponseWriter, r *http.Request) {
	var first []byte
	select {
	case first = <-p.in:
	case <-r.Context().Done():
		return
	}
	var size [4]byte
	for more := true; more; {
		binary.BigEndian.PutUint32(size[:], uint32(len(first)))
		_, _ = w.Write(size[:])
		_, _ = w.Write(first)
		select {
		case first = <-p.in:
		default:
			more = false
		}
	}
}
