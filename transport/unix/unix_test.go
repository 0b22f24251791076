//go:build !js

package unix_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/transporttest"
	"github.com/bifrons-rtc/bifrons/transport/unix"
	"github.com/stretchr/testify/require"
)

// address returns a path for a socket, short enough for one.
func address(t *testing.T) string {
	dir, err := os.MkdirTemp("", "u")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}

// peer reads ahead into a queue, as the suite wants it.
type peer struct {
	net.Conn
	queue chan []byte
	done  chan struct{} // closed when the connection has ended
}

func (p *peer) run(stop <-chan struct{}) {
	buf := make([]byte, 1<<20)
	for {
		n, err := p.Read(buf)
		if err != nil {
			return
		}
		select {
		case p.queue <- append([]byte(nil), buf[:n]...):
		case <-stop:
			return
		}
	}
}

func (p *peer) Receive(ctx context.Context) ([]byte, error) {
	select {
	case b := <-p.queue:
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *peer) Send(_ context.Context, data []byte) error { _, err := p.Write(data); return err }
func (p *peer) Drop()                                     { _ = p.Close() }

func dial(t *testing.T, d *unix.Dialer, path string) transport.Conn {
	conn, err := d.Dial(t.Context(), "unix://"+path, transport.Janus)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// connect returns both ends of a SOCK_SEQPACKET connection.
func connect(t *testing.T, d *unix.Dialer) (transport.Conn, *peer) {
	path := address(t)
	l, err := net.Listen("unixpacket", path)
	require.NoError(t, err)
	defer l.Close()
	conn := dial(t, d, path)
	nc, err := l.Accept()
	require.NoError(t, err)
	p := &peer{nc, make(chan []byte, 64), make(chan struct{})}
	stop := make(chan struct{})
	go func() { defer close(p.done); p.run(stop) }() // Cleanup waits
	t.Cleanup(func() { close(stop); _ = nc.Close(); <-p.done })
	return conn, p
}

func TestConformance(t *testing.T) {
	const limit = 64 << 10
	transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
		return connect(t, &unix.Dialer{ReadLimit: limit})
	}, transporttest.Limits{Read: limit, Write: 8191})
}

func TestSizeError(t *testing.T) {
	conn, p := connect(t, &unix.Dialer{})
	var size *unix.SizeError
	require.ErrorAs(t, conn.Write(t.Context(), transport.Message{Data: make([]byte, 8192)}), &size)
	require.Equal(t, &unix.SizeError{Size: 8192, Limit: 8191}, size)
	require.NoError(t, conn.Write(t.Context(), transport.Message{Data: make([]byte, 8191)}))
	b, err := p.Receive(t.Context())
	require.NoError(t, err)
	require.Len(t, b, 8191)
}

// What the system itself refuses leaves the connection usable.
func TestSystemLimit(t *testing.T) {
	conn, p := connect(t, &unix.Dialer{WriteLimit: 64 << 20})
	require.Error(t, conn.Write(t.Context(), transport.Message{Data: make([]byte, 32<<20)}))
	require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte("{}")}))
	b, err := p.Receive(t.Context())
	require.NoError(t, err)
	require.Equal(t, "{}", string(b))
}

// A connection that is lost for us is for the peer, too, before anybody closes.
func TestLossClosesTheSocket(t *testing.T) {
	conn, p := connect(t, &unix.Dialer{ReadLimit: 10})
	require.NoError(t, p.Send(t.Context(), make([]byte, 11)))
	_, err := conn.Read(t.Context())
	var large *transport.TooLargeError
	require.ErrorAs(t, err, &large)
	<-p.done
	require.ErrorAs(t, conn.Write(t.Context(), transport.Message{Data: []byte("{}")}), &large)
}

func TestDatagram(t *testing.T) {
	path := address(t)
	server, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	require.NoError(t, err)
	defer server.Close()
	conn := dial(t, &unix.Dialer{}, path)
	require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte(`{"a":1}`)}))
	buf := make([]byte, 100)
	n, from, err := server.ReadFromUnix(buf)
	require.NoError(t, err)
	require.Equal(t, `{"a":1}`, string(buf[:n]))
	require.FileExists(t, from.Name)
	_, err = server.WriteToUnix([]byte(`{"b":2}`), from)
	require.NoError(t, err)
	b, err := conn.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, `{"b":2}`, string(b))

	// The loss shows with the next Write, to a Read that waits as well.
	read := make(chan error, 1)
	go func() { // owns one Read, waited for below
		_, err := conn.Read(context.Background())
		read <- err
	}()
	require.NoError(t, server.Close())
	var lost *transport.CloseError
	require.ErrorAs(t, conn.Write(t.Context(), transport.Message{Data: []byte(`{}`)}), &lost)
	require.ErrorAs(t, <-read, &lost)
	require.NoError(t, conn.Close())
	require.NoFileExists(t, from.Name)
	require.NoDirExists(t, filepath.Dir(from.Name))
}

func TestDialErrors(t *testing.T) {
	path := address(t)
	check := func(path, fix string) {
		t.Helper()
		_, err := (&unix.Dialer{}).Dial(t.Context(), "unix://"+path, transport.Janus)
		var e *transport.DialError
		require.ErrorAs(t, err, &e)
		require.Contains(t, e.Fix, fix)
	}
	check(path, "there is no such socket")
	check("/"+strings.Repeat("x", 200), "too long")

	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	check(path, "SOCK_STREAM")
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	require.NoError(t, l.Close())
	require.NoError(t, os.Remove(path))

	l, err = net.Listen("unixpacket", path)
	require.NoError(t, err)
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	require.NoError(t, l.Close())
	check(path, "nobody listens")
}

func TestDialBadURL(t *testing.T) {
	for _, raw := range []string{"unix://", "unix://run/janus", "unix:run", "ws:///run/janus", "unix://u:secret@/run"} {
		_, err := (&unix.Dialer{}).Dial(t.Context(), raw, transport.Janus)
		var e *transport.URLError
		require.ErrorAs(t, err, &e, raw)
		require.NotContains(t, err.Error(), "secret")
	}
}
