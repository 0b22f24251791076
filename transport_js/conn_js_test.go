package transportjs_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/transport"
	transportjs "github.com/bifrons-rtc/bifrons/transport_js"
	"github.com/stretchr/testify/require"
)

func dialPeer(t *testing.T, w transportjs.WebSocket) (transport.Conn, *page.Peer) {
	t.Helper()
	p := page.NewPeer(t)
	conn, err := w.Dial(t.Context(), p.WS, transport.Janus)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn, p
}

func TestBrowserCloseCodes(t *testing.T) {
	balanced(t)
	conn, p := dialPeer(t, transportjs.WebSocket{})
	p.CloseWS(3504, "Gateway timeout")
	_, err := conn.Read(t.Context())
	require.Equal(t, &transport.CloseError{Code: 3504, Reason: "Gateway timeout"}, err)

	conn, p = dialPeer(t, transportjs.WebSocket{})
	p.CloseWS(1001, "") // which a page may not say, but hear
	_, err = conn.Read(t.Context())
	require.Equal(t, &transport.CloseError{Code: 1001}, err)

	conn, p = dialPeer(t, transportjs.WebSocket{})
	p.Drop()
	_, err = conn.Read(t.Context())
	require.EqualError(t, err, "transport: connection lost: close code 1006: the browser gives no reason")

	conn, p = dialPeer(t, transportjs.WebSocket{})
	require.NoError(t, conn.Close())
	require.Equal(t, 1000, p.ClosedWS())
}

// Text is counted in bytes, not in characters.
func TestBrowserReadLimit(t *testing.T) {
	balanced(t)
	for text, ok := range map[string]bool{
		strings.Repeat("é", 150): true, strings.Repeat("é", 151): false,
		strings.Repeat("𝄞", 75): true, strings.Repeat("𝄞", 76): false,
		strings.Repeat("\xff", 300): true, strings.Repeat("\xff", 301): false, // binary
	} {
		conn, p := dialPeer(t, transportjs.WebSocket{ReadLimit: 300})
		require.NoError(t, p.Send(t.Context(), []byte(text)))
		b, err := conn.Read(t.Context())
		if ok {
			require.NoError(t, err)
			require.Equal(t, text, string(b))
			continue
		}
		require.Equal(t, &transport.TooLargeError{Limit: 300}, err)
		require.Equal(t, 4009, p.ClosedWS())
	}
	conn, p := dialPeer(t, transportjs.WebSocket{ReadLimit: -1})
	large := bytes.Repeat([]byte{'x'}, 20<<20)
	require.NoError(t, p.Send(t.Context(), large))
	b, err := conn.Read(t.Context())
	require.NoError(t, err)
	require.True(t, bytes.Equal(large, b))
}

func TestBrowserNobodyReads(t *testing.T) {
	balanced(t)
	conn, p := dialPeer(t, transportjs.WebSocket{})
	mib := bytes.Repeat([]byte{'x'}, 1<<20)
	for range 17 {
		require.NoError(t, p.Send(t.Context(), mib))
	}
	require.Equal(t, 4008, p.ClosedWS())
	for range 15 { // the sixteenth has no room: a message costs more than its bytes
		b, err := conn.Read(t.Context())
		require.NoError(t, err)
		require.Len(t, b, 1<<20)
	}
	_, err := conn.Read(t.Context())
	var overflow *transportjs.OverflowError
	require.ErrorAs(t, err, &overflow)
	require.EqualValues(t, 16<<20, overflow.Limit)
	var lost *transport.CloseError
	require.ErrorAs(t, err, &lost)
}

func TestBrowserPeerTakesNothing(t *testing.T) {
	balanced(t)
	conn, p := dialPeer(t, transportjs.WebSocket{WriteTimeout: 200 * time.Millisecond})
	data := bytes.Repeat([]byte{'x'}, 64<<10)
	var err error
	for err == nil {
		err = conn.Write(t.Context(), transport.Message{Data: data})
	}
	require.EqualError(t, err, "transport: connection lost: close code 1006: the peer took no data for 200ms: i/o timeout")
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	_, readErr := conn.Read(t.Context())
	require.Equal(t, err, readErr)
	p.Drop()
}

// White space behind a message is not sent: Janus 1.1.2 takes it for an error.
func TestBrowserWriteTrims(t *testing.T) {
	balanced(t)
	conn, p := dialPeer(t, transportjs.WebSocket{})
	require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte("{}\r\n\t ")}))
	b, err := p.Receive(t.Context())
	require.NoError(t, err)
	require.Equal(t, "{}", string(b))
}

func BenchmarkBrowserEcho(b *testing.B) {
	for _, d := range []struct {
		name   string
		dialer transport.Dialer
		url    string
	}{{"WebSocket", transportjs.WebSocket{}, page.Janus(b).WS}, {"Fetch", transportjs.Fetch{}, page.Janus(b).HTTP}} {
		b.Run(d.name, func(b *testing.B) {
			conn, err := d.dialer.Dial(b.Context(), d.url, transport.Janus)
			require.NoError(b, err)
			defer conn.Close()
			for b.Loop() {
				require.NoError(b, conn.Write(b.Context(), transport.Message{Data: []byte(`{"janus":"ping","transaction":"t"}`)}))
				_, err := conn.Read(b.Context())
				require.NoError(b, err)
			}
		})
	}
}
