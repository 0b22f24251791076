//go:build !js

package ws_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/ws"
	"github.com/stretchr/testify/require"
)

// canary is what no error may show.
const canary = "s3cr3t-canary"

// secretly adds every part to base that can hold a secret.
func secretly(base string) string {
	scheme, rest, _ := strings.Cut(base, "://")
	return scheme + "://" + canary + ":" + canary + "2@" + rest + "/path?token=" + canary + "#" + canary
}

// dialError dials and returns the error, which must be a *DialError with a fix.
func dialError(ctx context.Context, t *testing.T, d *ws.Dialer, base string, api transport.API) *transport.DialError {
	t.Helper()
	conn, err := d.Dial(ctx, secretly(base), api)
	if err == nil {
		_ = conn.Close()
	}
	var e *transport.DialError
	require.ErrorAs(t, err, &e)
	require.NotContains(t, err.Error(), canary)
	require.NotContains(t, err.Error(), "\n")
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		require.NotContains(t, inner.Error(), canary)
	}
	return e
}

func handler(f http.HandlerFunc) func(t *testing.T) string {
	return func(t *testing.T) string {
		s := httptest.NewServer(f)
		t.Cleanup(s.Close)
		return "ws" + strings.TrimPrefix(s.URL, "http")
	}
}

func status(code int) func(t *testing.T) string {
	return handler(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "<html>\nyou asked for "+r.URL.String()+"</html>", code)
	})
}

// listen answers every connection with serve, without HTTP.
func listen(serve func(net.Conn)) func(t *testing.T) string {
	return func(t *testing.T) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		done := make(chan struct{})
		// It owns the listener and one connection after the other, ends with the
		// listener, and Cleanup waits.
		go func() {
			defer close(done)
			for {
				nc, err := l.Accept()
				if err != nil {
					return
				}
				serve(nc)
				_ = nc.Close()
			}
		}()
		t.Cleanup(func() { _ = l.Close(); <-done })
		return "ws://" + l.Addr().String()
	}
}

func request1(nc net.Conn) { _, _ = http.ReadRequest(bufio.NewReader(nc)) }

func TestDialErrors(t *testing.T) {
	for _, test := range []struct {
		name   string
		server func(t *testing.T) string
		api    transport.API
		cause  string
		fix    string
	}{
		{"not found", status(404), transport.Janus, "HTTP status 404", "8188"},
		{"answers 200", status(200), transport.Janus, "HTTP status 200", "HTTP port (8088)"},
		{"forbidden", status(403), transport.Janus, "HTTP status 403", "credentials"},
		{"bad gateway", status(502), transport.Janus, "HTTP status 502", "proxy"},
		{"other subprotocol", handler(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Sec-WebSocket-Protocol", "chat")
			nc, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(nc, "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "+
				accept(r)+"\r\nSec-WebSocket-Protocol: chat\r\n\r\n")
			_ = nc.Close()
		}), transport.Janus, "subprotocol janus-protocol", "is it Janus?"},
		{"no subprotocol", handler(func(w http.ResponseWriter, r *http.Request) {
			nc, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(nc, "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "+accept(r)+"\r\n\r\n")
			_ = nc.Close()
		}), transport.Admin, "subprotocol janus-admin-protocol", "is it Janus?"},
		{"hangs up", listen(request1), transport.Janus, "EOF", "the admin API is on port 7188"},
		{"hangs up on admin", listen(request1), transport.Admin, "EOF", "the client API is on port 8188"},
		{"not HTTP", listen(func(nc net.Conn) {
			request1(nc)
			_, _ = io.WriteString(nc, "220 mail.example.org ESMTP\r\n")
		}), transport.Janus, "did not answer with HTTP", "8188"},
		{"TLS behind ws", func(t *testing.T) string {
			s := newServer(t, quiet((*httptest.Server).StartTLS))
			return "ws" + strings.TrimPrefix(s.URL, "https")
		}, transport.Janus, "HTTP status 400", "8188"},
		{"plain behind wss", func(t *testing.T) string {
			return "wss" + strings.TrimPrefix(newServer(t, quiet((*httptest.Server).Start)).url(), "ws")
		}, transport.Janus, "TLS", "dial ws://"},
		{"unknown authority", func(t *testing.T) string {
			return newServer(t, quiet((*httptest.Server).StartTLS)).url()
		}, transport.Janus, "unknown authority", "RootCAs"},
		{"nobody there", func(t *testing.T) string {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			require.NoError(t, l.Close())
			return "ws://" + l.Addr().String()
		}, transport.Janus, "connection refused", "is Janus running"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := dialError(t.Context(), t, &ws.Dialer{}, test.server(t), test.api)
			require.Contains(t, e.Err.Error(), test.cause)
			require.Contains(t, e.Fix, test.fix)
		})
	}
}

func TestDialRefusedMatchesErrno(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	e := dialError(t.Context(), t, &ws.Dialer{}, "ws://"+l.Addr().String(), transport.Janus)
	require.ErrorIs(t, e, syscall.ECONNREFUSED)
}

func TestDialUnknownHost(t *testing.T) {
	// No real name server: it might answer, or never.
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "gateway.invalid", IsNotFound: true}}
		},
	}}
	e := dialError(t.Context(), t, &ws.Dialer{HTTPClient: client}, "ws://gateway.invalid", transport.Janus)
	require.Contains(t, e.Error(), "no such host")
	require.Contains(t, e.Fix, "does not resolve")
}

// What is not known is passed on as it is, without the layers that show a URL.
func TestDialUnknownError(t *testing.T) {
	boom := errors.New("boom")
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, boom },
	}}
	e := dialError(t.Context(), t, &ws.Dialer{HTTPClient: client}, "ws://gateway.invalid", transport.Janus)
	require.Equal(t, boom, e.Err)
	client.Transport = &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("no way to ?token=" + canary)
		},
	}
	e = dialError(t.Context(), t, &ws.Dialer{HTTPClient: client}, "ws://gateway.invalid", transport.Janus)
	require.Equal(t, "no way to ?***", e.Err.Error())
}

func TestDialWrongName(t *testing.T) {
	s := newServer(t, quiet((*httptest.Server).StartTLS))
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	d := &ws.Dialer{TLSConfig: &tls.Config{RootCAs: pool, ServerName: "other.example.org"}}
	e := dialError(t.Context(), t, d, s.url(), transport.Janus)
	require.Contains(t, e.Error(), "other.example.org")
	require.Contains(t, e.Fix, "ServerName")
}

func TestDialTimeouts(t *testing.T) {
	silent := listen(func(nc net.Conn) { _, _ = io.Copy(io.Discard, nc) })(t)

	d := &ws.Dialer{HandshakeTimeout: 30 * time.Millisecond}
	e := dialError(context.Background(), t, d, silent, transport.Janus)
	require.ErrorIs(t, e, transport.ErrDialTimeout)
	require.Contains(t, e.Error(), "30ms")
	require.Contains(t, e.Fix, "no answer")

	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	e = dialError(ctx, t, &ws.Dialer{HandshakeTimeout: time.Nanosecond}, silent, transport.Janus)
	require.ErrorIs(t, e, context.DeadlineExceeded)
	require.NotErrorIs(t, e, transport.ErrDialTimeout)

	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	e = dialError(ctx, t, &ws.Dialer{}, silent, transport.Janus)
	require.ErrorIs(t, e, context.Canceled)
}

func TestDialBadURL(t *testing.T) {
	for raw, want := range map[string]string{
		"http://host/":                   "scheme",
		"ws:///path":                     "no host",
		"ws://u:" + canary + "@ho st/?x": "does not parse",
		"ws://ho st/":                    "ws://host:8188/",
		"ws://host:port/?" + canary:      "does not parse",
	} {
		_, err := (&ws.Dialer{}).Dial(t.Context(), raw, transport.Janus)
		var e *transport.URLError
		require.ErrorAs(t, err, &e, raw)
		require.Contains(t, e.Reason, want, raw)
		require.NotContains(t, err.Error(), canary)
	}
}

func TestDialSubprotocolAndHeader(t *testing.T) {
	for api, want := range map[transport.API]string{
		transport.Janus: "janus-protocol", transport.Admin: "janus-admin-protocol",
	} {
		seen := make(chan http.Header, 1)
		url := handler(func(w http.ResponseWriter, r *http.Request) { seen <- r.Header.Clone() })(t)
		d := &ws.Dialer{Header: http.Header{"X-Api-Key": {"k"}}}
		_, err := d.Dial(t.Context(), strings.Replace(url, "//", "//user:pass@", 1), api)
		require.Error(t, err)
		h := <-seen
		require.Equal(t, want, h.Get("Sec-WebSocket-Protocol"))
		require.Empty(t, h.Get("Sec-WebSocket-Extensions"), "compression is off")
		require.Equal(t, "k", h.Get("X-Api-Key"))
		require.NotEmpty(t, h.Get("Authorization"), "user information is sent as basic auth")
		require.Equal(t, &ws.Dialer{Header: http.Header{"X-Api-Key": {"k"}}}, d, "the Dialer is only read")
	}
}

func TestDialThroughProxy(t *testing.T) {
	s := newServer(t, (*httptest.Server).Start)
	proxy, err := url.Parse(s.URL)
	require.NoError(t, err)
	d := &ws.Dialer{Proxy: http.ProxyURL(proxy)}
	conn, err := d.Dial(t.Context(), "ws://gateway.invalid/", transport.Janus)
	require.NoError(t, err)
	newPeer(t, <-s.conns)
	require.NoError(t, conn.Close())
}

// quiet keeps the server from logging the handshakes it cannot make.
func quiet(start func(*httptest.Server)) func(*httptest.Server) {
	return func(s *httptest.Server) {
		s.Config.ErrorLog = discard()
		start(s)
	}
}
