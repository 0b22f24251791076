//go:build !js

package ws_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/ws"
	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

func dial(t *testing.T, d *ws.Dialer, url string) transport.Conn {
	conn, err := d.Dial(t.Context(), url, transport.Janus)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestCloseCodes(t *testing.T) {
	s := newServer(t, (*httptest.Server).Start)
	for _, test := range []struct {
		code   int
		reason string
	}{{1001, "going away"}, {1011, ""}, {4000, "bye"}} {
		conn, sock := s.dial(t, &ws.Dialer{})
		// It owns the peer's close handshake, ends with it, and is waited for.
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			_ = sock.Close(websocket.StatusCode(test.code), test.reason)
		}()
		_, err := conn.Read(t.Context())
		require.Equal(t, &transport.CloseError{Code: test.code, Reason: test.reason}, err)
		<-closed
		err = conn.Write(t.Context(), transport.Message{Data: []byte(`{}`)})
		require.Equal(t, &transport.CloseError{Code: test.code, Reason: test.reason}, err)
	}
}

func TestLostWithoutCloseFrame(t *testing.T) {
	conn := dial(t, &ws.Dialer{}, rawServer(t, func(net.Conn, *bufio.Reader) {}))
	_, err := conn.Read(t.Context())
	require.Equal(t, &transport.CloseError{Code: 1006, Err: io.EOF}, err)
}

// Janus cuts messages into fragments of about 2800 bytes and a peer may put a
// ping between two of them.
func TestFragments(t *testing.T) {
	want := strings.Repeat("0123456789", 12)
	conn := dial(t, &ws.Dialer{}, rawServer(t, func(nc net.Conn, r *bufio.Reader) {
		frame := func(first byte, s string) string { return string([]byte{first, byte(len(s))}) + s }
		_, _ = io.WriteString(nc, frame(0x01, want[:50])+frame(0x00, want[50:70])+frame(0x89, "ping")+
			frame(0x00, "")+frame(0x80, want[70:])+frame(0x81, "next"))
		_, _ = io.CopyN(io.Discard, r, 2+4+4) // the pong
		_, _ = r.ReadByte()                   // the close frame
	}))
	for _, want := range []string{want, "next"} {
		got, err := conn.Read(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
}

func TestProtocolViolation(t *testing.T) {
	conn := dial(t, &ws.Dialer{}, rawServer(t, func(nc net.Conn, r *bufio.Reader) {
		_, _ = nc.Write([]byte{0xf1, 0x02, '{', '}'})
		_, _ = io.Copy(io.Discard, r)
	}))
	_, err := conn.Read(t.Context())
	var lost *transport.CloseError
	require.ErrorAs(t, err, &lost)
	require.ErrorContains(t, err, "rsv")
}

// Janus 1.1.2 throws away a message that ends in a newline.
func TestWriteTrimsTheEnd(t *testing.T) {
	s := newServer(t, (*httptest.Server).Start)
	conn, sock := s.dial(t, &ws.Dialer{})
	require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte("{\"a\":1} \r\n\n")}))
	typ, b, err := sock.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, websocket.MessageText, typ)
	require.Equal(t, `{"a":1}`, string(b))
}

func TestPingsAreAnswered(t *testing.T) {
	pings := make(chan []byte)
	conn := dial(t, &ws.Dialer{PingInterval: 5 * time.Millisecond, PongTimeout: time.Minute},
		rawServer(t, func(nc net.Conn, r *bufio.Reader) {
			for {
				var head [6]byte
				if _, err := io.ReadFull(r, head[:]); err != nil || head[0] != 0x89 {
					return
				}
				p := make([]byte, head[1]&0x7f)
				_, _ = io.ReadFull(r, p)
				for i := range p {
					p[i] ^= head[2+i&3]
				}
				pings <- p
				_, _ = nc.Write(append([]byte{0x8a, byte(len(p))}, p...))
			}
		}))
	// It owns the reads, which see the pongs, ends with Close, and is waited for.
	done := make(chan error, 1)
	go func() {
		_, err := conn.Read(context.Background())
		done <- err
	}()
	first := <-pings
	require.NotEqual(t, first, <-pings)
	<-pings
	// The peer wants to hand out one more.
	go func() {
		for range pings { // ends when the test closes pings
		}
	}()
	require.NoError(t, conn.Close())
	require.ErrorIs(t, <-done, transport.ErrClosed)
	t.Cleanup(func() { close(pings) })
}

func TestPongTimeout(t *testing.T) {
	conn := dial(t, &ws.Dialer{PingInterval: time.Millisecond, PongTimeout: 20 * time.Millisecond},
		rawServer(t, func(_ net.Conn, r *bufio.Reader) { _, _ = io.Copy(io.Discard, r) }))
	_, err := conn.Read(t.Context())
	require.ErrorIs(t, err, transport.ErrPongTimeout)
	var lost *transport.CloseError
	require.ErrorAs(t, err, &lost)
	require.Equal(t, 1006, lost.Code)
	require.NoError(t, conn.Close())
}

// A peer that takes nothing ends the connection, although every Write that
// fitted into a buffer succeeded.
func TestWriteTimeout(t *testing.T) {
	release := make(chan struct{})
	conn := dial(t, &ws.Dialer{WriteTimeout: 50 * time.Millisecond},
		rawServer(t, func(net.Conn, *bufio.Reader) { <-release }))
	defer close(release)
	lost := make(chan error, 1)
	// It owns the reads, ends with the connection, and is waited for.
	go func() {
		_, err := conn.Read(context.Background())
		lost <- err
	}()
	data := []byte(strings.Repeat("x", 64<<10))
	var err error
	for err == nil {
		err = conn.Write(context.Background(), transport.Message{Data: data})
	}
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.ErrorIs(t, <-lost, os.ErrDeadlineExceeded)
}

// The peer neither answers the close frame nor hangs up.
func TestCloseIsBounded(t *testing.T) {
	release := make(chan struct{})
	conn := dial(t, &ws.Dialer{}, rawServer(t, func(net.Conn, *bufio.Reader) { <-release }))
	defer close(release)
	start := time.Now()
	require.NoError(t, conn.Close())
	require.Less(t, time.Since(start), 4*time.Second)
	require.GreaterOrEqual(t, time.Since(start), 1900*time.Millisecond, "it waits for an answer")
}

func TestCloseSendsWhatWasAccepted(t *testing.T) {
	s := newServer(t, (*httptest.Server).Start)
	conn, sock := s.dial(t, &ws.Dialer{})
	const n = 100
	for range n {
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte(`{"a":1}`)}))
	}
	closed := make(chan error, 1)
	go func() { closed <- conn.Close() }() // waited for below
	for range n {
		_, _, err := sock.Read(t.Context())
		require.NoError(t, err)
	}
	_, _, err := sock.Read(t.Context())
	require.Equal(t, websocket.StatusNormalClosure, websocket.CloseStatus(err))
	require.NoError(t, <-closed)
}

func TestReadLimitDefaults(t *testing.T) {
	s := newServer(t, (*httptest.Server).Start)
	for _, test := range []struct {
		limit int64
		size  int
		ok    bool
	}{{0, 4 << 20, true}, {0, 4<<20 + 1, false}, {-1, 5 << 20, true}, {10, 10, true}, {10, 11, false}} {
		conn, sock := s.dial(t, &ws.Dialer{ReadLimit: test.limit})
		newPeer(t, sock) // answers the close frame
		sent := make(chan error, 1)
		go func() { // owns one write, waited for below
			sent <- sock.Write(context.Background(), websocket.MessageText, make([]byte, test.size))
		}()
		got, err := conn.Read(context.Background())
		if test.ok {
			require.NoError(t, err)
			require.Len(t, got, test.size)
		} else {
			var large *transport.TooLargeError
			require.ErrorAs(t, err, &large)
		}
		require.NoError(t, conn.Close())
		if err := <-sent; test.ok {
			require.NoError(t, err)
		}
	}
}
