//go:build !js

package faultproxy

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

// echo is a WebSocket server that says what it hears, and an HTTP one.
func echo(t *testing.T) (server *httptest.Server, heard *atomic.Int32) {
	heard = new(atomic.Int32)
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "" {
			heard.Add(1)
			_, _ = io.Copy(w, r.Body)
			return
		}
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"janus-protocol"}})
		if err != nil {
			return
		}
		defer c.CloseNow()
		for {
			kind, b, err := c.Read(context.Background())
			if err != nil {
				return
			}
			heard.Add(1)
			if c.Write(context.Background(), kind, b) != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	return server, heard
}

func listen(t *testing.T, f *Faults, target string) *Proxy {
	t.Helper()
	p, err := Listen(f, target)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

const long = 30 * time.Second

func TestWebSocket(t *testing.T) {
	text := func(a ...string) []string {
		for i := range a {
			a[i] = `"` + strings.Repeat(a[i], 100) + `"`
		}
		return a
	}
	all := text("a", "b", "c", "d")
	for name, c := range map[string]struct {
		fault Fault
		want  []string // nil: whatever
		cause error    // nil: not lost
	}{
		"pass":      {Fault{}, all, nil},
		"drop":      {Fault{Frame: 1, Kind: Drop}, text("a", "c", "d"), nil},
		"duplicate": {Fault{Frame: 1, Kind: Duplicate}, text("a", "b", "b", "c", "d"), nil},
		"delay":     {Fault{Frame: 1, Kind: Delay, For: 20 * time.Millisecond}, all, nil},
		"reorder":   {Fault{Frame: 1, Kind: Reorder, For: long}, text("a", "c", "b", "d"), nil},
		"truncate":  {Fault{Frame: 1, Kind: Truncate, At: 5}, []string{all[0], `"bbbb`, all[2], all[3]}, nil},
		"flip":      {Fault{Frame: 1, Kind: Flip, At: 8}, []string{all[0], `"c` + all[1][2:], all[2], all[3]}, nil},
		"split":     {Fault{Frame: 1, Kind: Split, At: 5}, all, nil},
		"merge":     {Fault{Frame: 1, Kind: Merge, For: long}, all, nil},
		"reset":     {Fault{Frame: 1, Kind: Reset}, nil, syscall.ECONNRESET},
		"end":       {Fault{Frame: 1, Kind: End, After: true}, nil, io.EOF},
		"silence":   {Fault{Frame: 1, Kind: Silence}, text("a"), context.DeadlineExceeded},
	} {
		for _, dir := range []Direction{ToServer, ToClient} {
			t.Run(name+" "+dir.String(), func(t *testing.T) {
				t.Parallel()
				server, _ := echo(t)
				fault := c.fault
				fault.Dir = dir
				f := New(fault)
				conn, err := (&ws.Dialer{}).Dial(t.Context(), listen(t, f, "ws"+server.URL[4:]).URL(), transport.Janus)
				require.NoError(t, err)
				defer conn.Close()
				var got []string
				for i, s := range all {
					if i == 1 && c.fault.Kind == Silence {
						b, err := conn.Read(t.Context()) // before it would be lost on its way
						require.NoError(t, err)
						got = append(got, string(b))
					}
					err := conn.Write(t.Context(), transport.Message{Data: []byte(s)})
					require.True(t, err == nil || c.cause != nil, "%v", err)
				}
				wait := long
				if c.fault.Kind == Silence {
					wait = 200 * time.Millisecond // until nothing more comes
				}
				ctx, cancel := context.WithTimeout(t.Context(), wait)
				defer cancel()
				for c.cause != nil || len(got) < len(c.want) {
					var b []byte
					if b, err = conn.Read(ctx); err != nil {
						break
					}
					got = append(got, string(b))
				}
				if c.want != nil {
					require.Equal(t, c.want, got)
				}
				if c.cause == nil || !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) { // else a write noticed it first
					require.ErrorIs(t, err, c.cause)
				}
				if c.cause == nil {
					require.Equal(t, 4, f.Frames(0, ToServer))
				}
			})
		}
	}
}

// On a socket, where a client masks what it says, messages in several frames and
// what is no text stay.
func TestWebSocketRewrite(t *testing.T) {
	server, _ := echo(t)
	f := New(Fault{Conn: AnyConn, Frame: 1, Kind: Split, At: 2})
	f.Rewrite(rewrite)
	c, resp, err := websocket.Dial(t.Context(), listen(t, f, "ws"+server.URL[4:]).URL(), nil)
	require.NoError(t, err)
	require.Nil(t, resp.Body)
	defer c.CloseNow()
	for _, m := range []struct {
		kind       websocket.MessageType
		said, want string
	}{
		{websocket.MessageText, "first", "first?!"},
		{websocket.MessageText, "split", "split?!"},
		{websocket.MessageBinary, "bytes", "bytes"},
	} {
		require.NoError(t, c.Write(t.Context(), m.kind, []byte(m.said)))
		_, got, err := c.Read(t.Context())
		require.NoError(t, err)
		require.Equal(t, m.want, string(got))
	}
}

// A connection that went silent ends with the side that closes it, and the
// other side does not hear of that.
func TestSilenceIsHalfOpen(t *testing.T) {
	server, heard := echo(t)
	f := New(Fault{Frame: 1, Kind: Silence, After: true})
	p := listen(t, f, "ws"+server.URL[4:])
	conn, err := (&ws.Dialer{}).Dial(t.Context(), p.URL(), transport.Janus)
	require.NoError(t, err)
	for range 3 {
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte("1")}))
	}
	require.Eventually(t, func() bool { return heard.Load() == 2 }, long, time.Millisecond)
	require.NoError(t, conn.Close())
	require.Len(t, f.Log(), 2, "opened and silent, not closed: %v", f.Log())
	f.Refuse(Reset)
	_, err = (&ws.Dialer{}).Dial(t.Context(), p.URL(), transport.Janus)
	var refused *transport.DialError // for a reset, or for a socket that was closed because of it
	require.ErrorAs(t, err, &refused)
	f.Refuse(Silence)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = (&ws.Dialer{}).Dial(ctx, p.URL(), transport.Janus)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	f.Refuse(Pass)
	conn, err = (&ws.Dialer{}).Dial(t.Context(), p.URL(), transport.Janus)
	require.NoError(t, err)
	f.Cut(End)
	_, err = conn.Read(t.Context())
	require.ErrorIs(t, err, io.EOF)
	require.NoError(t, conn.Close())
	require.Equal(t, int32(2), heard.Load())
}

func TestHTTP(t *testing.T) {
	for name, c := range map[string]struct {
		fault Fault
		want  string
		heard int32
		err   error
	}{
		"pass":         {Fault{}, "abcd", 1, nil},
		"drop":         {Fault{Kind: Drop}, "", 0, context.Canceled},
		"drop answer":  {Fault{Kind: Drop, Dir: ToClient}, "", 1, context.Canceled},
		"duplicate":    {Fault{Kind: Duplicate}, "abcd", 2, nil},
		"delay":        {Fault{Kind: Delay, For: time.Millisecond}, "abcd", 1, nil},
		"reorder":      {Fault{Kind: Reorder, Dir: ToClient}, "abcd", 1, nil},
		"truncate":     {Fault{Kind: Truncate, At: 2}, "ab", 1, nil},
		"cut answer":   {Fault{Kind: Truncate, At: 2, Dir: ToClient}, "ab", 1, nil},
		"flip":         {Fault{Kind: Flip, At: 1}, "cbcd", 1, nil},
		"flip answer":  {Fault{Kind: Flip, At: 1, Dir: ToClient}, "cbcd", 1, nil},
		"split answer": {Fault{Kind: Split, At: 1, Dir: ToClient}, "abcd", 1, nil},
		"reset":        {Fault{Kind: Reset}, "", 0, syscall.ECONNRESET},
		"reset after":  {Fault{Kind: Reset, After: true}, "", 1, syscall.ECONNRESET},
		"end answer":   {Fault{Kind: End, Dir: ToClient}, "", 1, io.EOF},
		"silence":      {Fault{Kind: Silence}, "", 0, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, heard := echo(t)
			f := New(c.fault)
			p := listen(t, f, server.URL)
			ctx, cancel := context.WithTimeout(t.Context(), long)
			defer cancel()
			if errors.Is(c.err, context.Canceled) { // once it has happened
				go func() {
					for ctx.Err() == nil && (len(f.Log()) < 2 || heard.Load() < c.heard) {
						runtime.Gosched()
					}
					cancel()
				}()
			}
			got, err := post(ctx, t, p.URL())
			require.ErrorIs(t, err, c.err)
			require.Equal(t, c.want, got)
			require.Equal(t, c.heard, heard.Load())
			got, err = post(t.Context(), t, p.URL())
			require.NoError(t, err)
			require.Equal(t, "abcd", got)
			f.Refuse(End)
			_, err = post(t.Context(), t, p.URL())
			require.Error(t, err)
		})
	}
}

func post(ctx context.Context, t *testing.T, url string) (string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, "POST", url, strings.NewReader("abcd"))
	require.NoError(t, err)
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	resp, err := tr.RoundTrip(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return string(b), err
}

// A long poll under way is cut as well.
func TestHTTPCut(t *testing.T) {
	polled, quit := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(polled)
		<-quit
	}))
	defer server.Close()
	defer close(quit)
	f := New()
	p := listen(t, f, server.URL)
	go func() {
		<-polled
		f.Cut(Reset)
	}()
	_, err := post(t.Context(), t, p.URL())
	require.ErrorIs(t, err, syscall.ECONNRESET)
}

// What is too large is cut off, and not passed in part.
func TestHTTPTooLarge(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(make([]byte, maxFrame+1))
	}))
	defer server.Close()
	url := listen(t, New(), server.URL).URL()
	for _, size := range []int{1, maxFrame + 1} {
		resp, err := http.Post(url, "text/plain", bytes.NewReader(make([]byte, size)))
		if err == nil {
			require.NoError(t, resp.Body.Close())
		}
		require.Error(t, err)
	}
}

// Connections that nobody answers do not pile up.
func TestSilentSocketsEnd(t *testing.T) {
	server, _ := echo(t)
	f := New()
	p := listen(t, f, server.URL)
	f.Refuse(Silence)
	silent := func() int {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.sockets)
	}
	for range 3 {
		c, err := net.Dial("tcp4", p.addr)
		require.NoError(t, err)
		require.Eventually(t, func() bool { return silent() == 1 }, long, time.Millisecond)
		require.NoError(t, c.Close())
		require.Eventually(t, func() bool { return silent() == 0 }, long, time.Millisecond)
	}
}

func TestListenRefusesSchemes(t *testing.T) {
	for _, url := range []string{"wss://x", "://"} {
		_, err := Listen(New(), url)
		require.ErrorContains(t, err, "faultproxy:")
	}
}

func TestFrame(t *testing.T) {
	for _, size := range []int{0, 1, 125, 126, 127, 1 << 16} {
		for _, masked := range []bool{false, true} {
			f := frame{first: 0x81, masked: masked, mask: [4]byte{1, 2, 3, 4}, payload: bytes.Repeat([]byte{7}, size)}
			if !masked {
				f.mask = [4]byte{}
			}
			got, err := readFrame(bytes.NewReader(f.appendTo(nil)))
			require.NoError(t, err)
			require.Equal(t, f, got)
		}
	}
	_, err := readFrame(bytes.NewReader([]byte{0x81, 127, 0xff, 0, 0, 0, 0, 0, 0, 0}))
	require.ErrorIs(t, err, errTooLarge)
	ping := frame{first: 0x89, payload: []byte("xy")}
	require.Len(t, ping.split(1), 1, "a ping is not split")
	for _, f := range []frame{{}, ping} {
		require.NotPanics(t, func() { f.flip(1 << 40); f.truncate(1 << 40); f.split(1 << 40) })
	}
}

// FuzzFrame reads whatever comes as frames, and writes the same again.
func FuzzFrame(f *testing.F) {
	f.Add([]byte{0x81, 0x83, 1, 2, 3, 4, 'a', 'b', 'c'})
	f.Add([]byte{0x01, 126, 0, 1, 'x', 0x80, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytes.NewReader(data)
		for {
			before := r.Len()
			got, err := readFrame(r)
			if err != nil {
				return
			}
			again, err := readFrame(bytes.NewReader(got.appendTo(nil)))
			require.NoError(t, err)
			require.Equal(t, got, again)
			require.Less(t, r.Len(), before)
		}
	})
}
