//go:build !js

package peer

import (
	"context"
	"net"
	"net/http"
	"sync"

	"github.com/coder/websocket"
)

// maxKept is how many messages a peer takes before somebody receives them.
const maxKept = 64

// peer is the gateway side of one connection, or of several over HTTP.
type peer struct {
	in   chan []byte   // what the client wrote
	out  chan outgoing // what the client shall read
	gone chan struct{} // closed when the connection was lost on purpose
	once sync.Once

	closed chan websocket.StatusCode // of the client's close frame; -1: there was none

	mu    sync.Mutex // protects conns
	conns map[net.Conn]bool
}

type outgoing struct {
	data    []byte
	binary  bool
	closing websocket.StatusCode // not zero: a close frame, with data as its reason
}

func newPeer() *peer {
	return &peer{
		in: make(chan []byte, maxKept), out: make(chan outgoing, maxKept),
		gone: make(chan struct{}), conns: make(map[net.Conn]bool), closed: make(chan websocket.StatusCode, 1),
	}
}

// drop loses the connection, as a cable that is pulled would if the machine
// noticed at once: whatever socket the client uses is reset.
func (p *peer) drop() {
	p.once.Do(func() { close(p.gone) })
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		reset(c)
	}
}

func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

func (p *peer) lost() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

// own lets drop reset the socket of a request, until the returned function is
// called.
func (p *peer) own(r *http.Request) func() {
	c, _ := r.Context().Value(connKey{}).(net.Conn)
	if c == nil {
		return func() {}
	}
	p.mu.Lock()
	p.conns[c] = true
	p.mu.Unlock()
	if p.lost() {
		reset(c)
	}
	return func() {
		p.mu.Lock()
		delete(p.conns, c)
		p.mu.Unlock()
	}
}

type connKey struct{}

// ConnContext is for the field of that name of the http.Server that serves a
// [Server]: a peer has to know the sockets it shall drop.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}
