//go:build !js

package ws_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/ws"
	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// server accepts WebSockets as Janus does and hands them out.
type server struct {
	*httptest.Server
	conns chan *websocket.Conn
}

func newServer(t testing.TB, start func(*httptest.Server)) *server {
	s := &server{conns: make(chan *websocket.Conn, 16)}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.accept))
	start(s.Server)
	t.Cleanup(s.Server.Close)
	return s
}

func (s *server) accept(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: []string{"janus-protocol", "janus-admin-protocol"},
	})
	if err != nil {
		return
	}
	c.SetReadLimit(-1)
	s.conns <- c
}

func (s *server) url() string { return "ws" + strings.TrimPrefix(s.URL, "http") }

// dial returns both ends of a new connection.
func (s *server) dial(t testing.TB, d *ws.Dialer) (transport.Conn, *websocket.Conn) {
	conn, err := d.Dial(t.Context(), s.url(), transport.Janus)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	peer := <-s.conns
	t.Cleanup(func() { _ = peer.CloseNow() })
	return conn, peer
}

// peer reads ahead into a queue, as the suite wants it.
type peer struct {
	conn  *websocket.Conn
	queue chan []byte
	done  chan struct{}
}

func newPeer(t testing.TB, conn *websocket.Conn) *peer {
	p := &peer{conn: conn, queue: make(chan []byte, 64), done: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	// It owns the reading side, ends with the connection, and Cleanup waits.
	go func() {
		defer close(p.done)
		for {
			_, b, err := conn.Read(context.Background())
			if err != nil {
				return
			}
			select {
			case p.queue <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		_ = conn.CloseNow()
		<-p.done
	})
	return p
}

func (p *peer) Receive(ctx context.Context) ([]byte, error) {
	select {
	case b := <-p.queue:
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *peer) Send(_ context.Context, data []byte) error {
	return p.conn.Write(context.Background(), websocket.MessageText, data)
}

func (p *peer) Drop() { _ = p.conn.CloseNow() }

// discard is where a server may complain.
func discard() *log.Logger { //nolint:forbidigo // http.Server wants one
	return log.New(io.Discard, "", 0) //nolint:forbidigo // http.Server wants one
}
