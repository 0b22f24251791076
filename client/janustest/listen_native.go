//go:build !js

package janustest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Address says where a gateway listens. All of it is on this machine.
type Address struct {
	WS   string // ws://127.0.0.1:40001/, of the admin API too
	HTTP string // http://127.0.0.1:40001/janus, of the same port
	Unix string // unix:///tmp/janustest-1/api; empty where the system has no SOCK_SEQPACKET

	AdminHTTP string // http://127.0.0.1:40001/admin
}

// Listen serves s over real sockets as well, on a free port of the loopback
// interface, until s is closed: over WebSockets, the REST API and its long
// polls, which pages of any origin may use, and a Unix socket. Sessions are
// those of the Server, whichever way a client came. It may be called more than
// once; each call opens a port of its own.
//
// The admin API is under AdminHTTP, and under WS for who asks for the subprotocol
// janus-admin-protocol. It lists sessions, handles and tokens, tells of a handle,
// ends what there is, drains the gateway and asks plugins; other requests it does
// not know. [Server.Requests] leaves it out.
//
// Inside a synctest bubble sockets do not work; [Server.Dialer] does.
func (s *Server) Listen() (Address, error) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return Address{}, err
	}
	host := tcp.Addr().String()
	a := Address{WS: "ws://" + host + "/", HTTP: "http://" + host + "/janus", AdminHTTP: "http://" + host + "/admin"}
	packets, path, err := listenUnix()
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		_ = tcp.Close()
		return Address{}, err
	}
	server := &http.Server{
		Handler:           web{s},
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
	}
	stop := func() {
		_ = server.Close() // of the listener and what is under way
		if packets != nil {
			_ = packets.Close()
			_ = os.RemoveAll(filepath.Dir(path))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = tcp.Close()
		stop()
		return Address{}, ErrServerClosed
	}
	s.sockets = append(s.sockets, stop)
	// They own the listeners, end when Close closes those, and Close waits.
	s.wg.Go(func() { _ = server.Serve(tcp) })
	if packets != nil {
		a.Unix = "unix://" + path
		s.wg.Go(func() { s.servePackets(packets) })
	}
	return a, nil
}

// begin notes that a goroutine of net/http works for s, which Close waits for,
// and waits for the thaw. False means that the client is not welcome.
func (s *Server) begin(ctx context.Context) (done func(), ok bool) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, false
	}
	s.wg.Add(1)
	s.mu.Unlock()
	if s.thawed(ctx) == nil {
		s.mu.Lock()
		welcome := s.refusal() == nil
		s.mu.Unlock()
		if welcome {
			return s.wg.Done, true
		}
	}
	s.wg.Done()
	return nil, false
}

// hangUpOn ends a connection of net/http without an answer.
func hangUpOn(w http.ResponseWriter, how FaultKind) {
	if nc, _, err := http.NewResponseController(w).Hijack(); err == nil {
		closeSocket(nc, how)
	}
}

// closeSocket ends a connection in one of the ways there are.
func closeSocket(nc net.Conn, how FaultKind) {
	if tcp, ok := nc.(*net.TCPConn); ok {
		if how == ResetConn {
			_ = tcp.SetLinger(0)
		} else {
			_ = tcp.CloseWrite() // a FIN also where there is something unread
		}
	}
	_ = nc.Close()
}
