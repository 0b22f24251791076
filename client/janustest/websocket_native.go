//go:build !js

package janustest

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const (
	subprotocol   = "janus-protocol"
	adminProtocol = "janus-admin-protocol"
	maxMessage    = 16 << 20 // what Janus was seen to take
	fragment      = 2800     // bytes that Janus puts into one frame of a message
)

// rawConn keeps the connection that is taken out of net/http.
type rawConn struct {
	http.ResponseWriter
	nc net.Conn
}

// Hijack implements [http.Hijacker].
func (c *rawConn) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	nc, rw, err := http.NewResponseController(c.ResponseWriter).Hijack()
	c.nc = nc
	return nc, rw, err
}

// socket is a link over a WebSocket.
type socket struct {
	srv *Server
	c   *conn

	ws *websocket.Conn // until it is there, Server.mu guards both
	nc net.Conn

	mu sync.Mutex // held while a message is written
}

// upgrade accepts a WebSocket. What does not name the subprotocol is cut off
// without an answer, as Janus does.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request) {
	protocol := subprotocol
	if offers(r, adminProtocol) {
		protocol = adminProtocol
	}
	if !offers(r, protocol) {
		hangUpOn(w, CutConn)
		return
	}
	raw := &rawConn{ResponseWriter: w}
	l := &socket{srv: s}
	s.mu.Lock()
	c, ctx := s.expect(l)
	c.admin = protocol == adminProtocol
	s.mu.Unlock()
	l.c = c
	ws, err := websocket.Accept(raw, r, &websocket.AcceptOptions{
		Subprotocols:       []string{protocol},
		InsecureSkipVerify: true, // a page of any origin may come, as with Janus
		OnPingReceived:     l.pong,
	})
	if err != nil {
		s.lose(c, CutConn)
		return // Accept answered
	}
	ws.SetReadLimit(maxMessage)
	s.mu.Lock()
	l.ws, l.nc = ws, raw.nc
	gone := c.gone || s.closed
	if !gone {
		s.start(ctx, c) //nolint:contextcheck // the connection outlives the request
	}
	s.mu.Unlock()
	if gone {
		l.end(CutConn)
	}
}

// offers reports whether the client asks for a subprotocol.
func offers(r *http.Request, name string) bool {
	for _, header := range r.Header.Values("Sec-WebSocket-Protocol") {
		for p := range strings.SplitSeq(header, ",") {
			if strings.TrimSpace(p) == name {
				return true
			}
		}
	}
	return false
}

// pong reports whether a ping is answered: not by a frozen gateway, nor through
// a network that lost the connection.
func (l *socket) pong(ctx context.Context, _ []byte) bool {
	return l.srv.thawed(ctx) == nil && !l.srv.deaf(l.c, false)
}

func (l *socket) read(ctx context.Context) ([]byte, error) {
	_, data, err := l.ws.Read(ctx)
	return data, err
}

func (l *socket) write(ctx context.Context, data []byte, split int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if split == 0 && len(data) <= fragment {
		return l.ws.Write(ctx, websocket.MessageText, data)
	}
	w, err := l.ws.Writer(ctx, websocket.MessageText)
	if err != nil {
		return err
	}
	if split > 0 {
		if _, err := w.Write(data[:split]); err != nil {
			return err
		}
		data = data[split:]
	}
	for part := range slices.Chunk(data, fragment) {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return w.Close()
}

// goingAway is a close frame with status 1001, RFC 6455 section 7.4.1.
var goingAway = []byte{0x88, 2, 1001 >> 8, 1001 & 0xFF}

func (l *socket) end(how FaultKind) {
	l.srv.mu.Lock()
	early := l.ws == nil // upgrade sees to it
	l.srv.mu.Unlock()
	if early {
		return
	}
	// A message that is being written has no place for a close frame in it.
	if how == CloseConn && l.mu.TryLock() {
		_ = l.nc.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = l.nc.Write(goingAway)
		l.mu.Unlock()
	}
	closeSocket(l.nc, how)
	_ = l.ws.CloseNow()
}
