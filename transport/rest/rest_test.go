//go:build !js

package rest_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/stretchr/testify/require"
)

// canary is what no error may show.
const canary = "s3cr3t-canary"

// TestSocketsAreReused counts the sockets of two connections with three
// sessions between them: one for requests, one for each poll, and now and then
// one that net/http dials while another becomes free.
func TestSocketsAreReused(t *testing.T) {
	f := newFake(t)
	a, b := &rest.Dialer{}, &rest.Dialer{} // zero Dialers share a pool
	t.Cleanup(a.CloseIdle)
	one, two := f.dial(t, a), f.dial(t, b)
	for range 20 {
		for _, c := range []transport.Conn{one, two} {
			require.NoError(t, c.Write(t.Context(), transport.Message{Session: 1, Data: []byte(`{}`)}))
			<-f.queue
		}
	}
	require.EqualValues(t, 1, f.accepted.Load(), "requests one after the other use one socket")

	// A connection that closes leaves the sockets to the others.
	require.NoError(t, two.Close())
	two = f.dial(t, b)
	require.EqualValues(t, 1, f.accepted.Load())

	one.(transport.SessionPoller).Poll(1, transport.Auth{})
	one.(transport.SessionPoller).Poll(2, transport.Auth{})
	two.(transport.SessionPoller).Poll(3, transport.Auth{})
	for i := range 60 {
		require.NoError(t, f.Send(t.Context(), []byte(`{"janus":"event"}`)))
		if i%10 == 0 {
			require.NoError(t, one.Write(t.Context(), transport.Message{Data: []byte(`{}`)}))
			<-f.queue
		}
	}
	require.Eventually(t, func() bool { return len(f.events) == 0 }, 30*time.Second, time.Millisecond)
	require.LessOrEqual(t, f.accepted.Load(), int32(8))
}

// Parallel requests open about as many sockets as there are at once: net/http
// may dial one while another becomes free.
func TestSocketsAreKept(t *testing.T) {
	f := newFake(t)
	d := &rest.Dialer{MaxConns: 8}
	t.Cleanup(d.CloseIdle)
	conn := f.dial(t, d)
	for range 5 {
		var wg sync.WaitGroup
		for range 40 { // each owns one request and is waited for
			wg.Go(func() {
				if err := conn.Write(t.Context(), transport.Message{Data: []byte(`{}`)}); err != nil {
					t.Error(err)
				}
			})
		}
		for range 40 {
			<-f.queue
		}
		wg.Wait()
	}
	require.LessOrEqual(t, f.accepted.Load(), int32(16))
}

// The page that comes with an error is read to its end, too.
func TestSocketsSurviveErrorPages(t *testing.T) {
	f := newFake(t)
	info := f.Config.Handler
	f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "GET" {
			info.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, strings.Repeat("<html>", 5000))
	})
	d := &rest.Dialer{}
	t.Cleanup(d.CloseIdle)
	conn := f.dial(t, d)
	for range 10 {
		require.Error(t, conn.Write(t.Context(), transport.Message{Data: []byte(`{}`)}))
	}
	require.EqualValues(t, 1, f.accepted.Load())
}

func TestRequests(t *testing.T) {
	f := newFake(t)
	d := &rest.Dialer{Header: http.Header{"X-Api-Key": {"k"}}, MaxEvents: 3}
	t.Cleanup(d.CloseIdle)
	conn, err := d.Dial(t.Context(), strings.Replace(f.URL, "//", "//user:pw@", 1)+"/janus?via=proxy", transport.Janus)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.Write(t.Context(), transport.Message{Session: 5, Handle: 6, Data: []byte(`{"a":1}`)}))
	require.Equal(t, `{"a":1}`, string(<-f.queue))
	conn.(transport.SessionPoller).Poll(5, transport.Auth{Token: "a&b"})
	for _, want := range []string{"GET /janus/info", "POST /janus/5/6", "GET /janus/5"} {
		r := <-f.requests
		require.Equal(t, want, r.Method+" "+r.URL.Path)
		require.Equal(t, "proxy", r.URL.Query().Get("via"))
		require.Equal(t, "k", r.Header.Get("X-Api-Key"))
		user, pw, _ := r.BasicAuth()
		require.Equal(t, "user:pw", user+":"+pw)
		switch want {
		case "POST /janus/5/6":
			require.Equal(t, "application/json", r.Header.Get("Content-Type"))
		case "GET /janus/5":
			require.Equal(t, "3", r.URL.Query().Get("maxev"))
			require.Equal(t, "a&b", r.URL.Query().Get("token"))
		}
	}
	require.Equal(t, http.Header{"X-Api-Key": {"k"}}, d.Header, "the Dialer is only read")
}

// secretly adds every part to base that can hold a secret.
func secretly(base string) string {
	return strings.Replace(base, "://", "://"+canary+":"+canary+"2@", 1) + "/janus?token=" + canary + "#" + canary
}

func page(code int, header ...string) func(t *testing.T) string {
	return func(t *testing.T) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "<html>\nyou asked for "+r.URL.String()+"</html>")
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
}

func secure(t *testing.T) *httptest.Server {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"janus":"server_info"}`)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) //nolint:forbidigo // http.Server wants one
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func TestDialErrors(t *testing.T) {
	for _, test := range []struct {
		name   string
		server func(t *testing.T) string
		api    transport.API
		cause  string
		fix    string
	}{
		{"wrong path", page(404), transport.Janus, "HTTP status 404", "is the path right?"},
		{"a web site", page(200), transport.Janus, "HTTP status 200", "http://host:8088/janus"},
		{"redirect", page(302, "Location", "https://example.org/?token="+canary), transport.Janus, "HTTP status 302", "redirects"},
		{"bad gateway", page(502), transport.Admin, "HTTP status 502", "does not reach Janus"},
		{"unknown authority", func(t *testing.T) string { return secure(t).URL }, transport.Janus, "unknown authority", "RootCAs"},
		{"plain behind https", func(t *testing.T) string {
			return strings.Replace(page(200)(t), "http", "https", 1)
		}, transport.Janus, "TLS", "dial http://"},
		{"nobody there", func(t *testing.T) string { return unused(t) }, transport.Janus, "connection refused", "the default is 8088"},
		{"nobody there for admin", func(t *testing.T) string { return unused(t) }, transport.Admin, "connection refused", "7088"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &rest.Dialer{}
			t.Cleanup(d.CloseIdle)
			_, err := d.Dial(t.Context(), secretly(test.server(t)), test.api)
			var e *transport.DialError
			require.ErrorAs(t, err, &e)
			require.Contains(t, e.Err.Error(), test.cause)
			require.Contains(t, e.Fix, test.fix)
			for inner := err; inner != nil; inner = errors.Unwrap(inner) {
				require.NotContains(t, inner.Error(), canary)
				require.NotContains(t, inner.Error(), "\n")
			}
		})
	}
}

func unused(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return "http://" + l.Addr().String()
}

func TestDialTimeout(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts and says nothing
	require.NoError(t, err)
	defer l.Close()
	d := &rest.Dialer{DialTimeout: 30 * time.Millisecond}
	t.Cleanup(d.CloseIdle)
	_, err = d.Dial(t.Context(), "http://"+l.Addr().String(), transport.Janus)
	require.ErrorIs(t, err, transport.ErrDialTimeout)
	require.ErrorContains(t, err, "30ms")
}

func TestDialBadURL(t *testing.T) {
	for _, raw := range []string{"ws://host/", "http:///janus", "http://ho st/", "http://u:" + canary + "@h:x/?" + canary} {
		_, err := (&rest.Dialer{}).Dial(t.Context(), raw, transport.Janus)
		var e *transport.URLError
		require.ErrorAs(t, err, &e, raw)
		require.Contains(t, e.Reason, "http://host:8088/janus")
		require.NotContains(t, err.Error(), canary)
	}
}

func TestDialTLS(t *testing.T) {
	s := secure(t)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	d := &rest.Dialer{TLSConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(d.CloseIdle)
	conn, err := d.Dial(t.Context(), s.URL, transport.Janus)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
}

func TestDialThroughProxy(t *testing.T) {
	f := newFake(t)
	proxy, err := url.Parse(f.URL)
	require.NoError(t, err)
	d := &rest.Dialer{Proxy: http.ProxyURL(proxy)}
	t.Cleanup(d.CloseIdle)
	conn, err := d.Dial(t.Context(), "http://gateway.invalid/janus", transport.Janus)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
}

// A server that moves requests elsewhere does not get the credentials there.
func TestRedirectIsNotFollowed(t *testing.T) {
	other := newFake(t)
	f := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "GET" {
			_, _ = io.WriteString(w, `{"janus":"server_info"}`)
			return
		}
		http.Redirect(w, r, other.URL+"/janus", http.StatusTemporaryRedirect)
	}))
	t.Cleanup(f.Close)
	d := &rest.Dialer{}
	t.Cleanup(d.CloseIdle)
	conn, err := d.Dial(t.Context(), f.URL, transport.Janus)
	require.NoError(t, err)
	defer conn.Close()
	err = conn.Write(t.Context(), transport.Message{Data: []byte(`{"token":"x"}`)})
	var status *transport.StatusError
	require.ErrorAs(t, err, &status)
	require.Equal(t, 307, status.Code)
	require.Zero(t, other.accepted.Load())
}

// A request that nobody accepted is certain, one whose answer was cut is not.
func TestUncertainty(t *testing.T) {
	f := newFake(t)
	d := &rest.Dialer{}
	t.Cleanup(d.CloseIdle)
	conn, err := d.Dial(t.Context(), f.URL+"/janus?key="+canary, transport.Janus)
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	f.dropped.Store(true)
	err = conn.Write(t.Context(), transport.Message{Data: []byte(`{}`)})
	require.ErrorIs(t, err, transport.ErrUncertain)
	require.NotContains(t, err.Error(), canary)
	f.Server.Close()
	d.CloseIdle()
	err = conn.Write(t.Context(), transport.Message{Data: []byte(`{}`)})
	require.Error(t, err)
	require.NotErrorIs(t, err, transport.ErrUncertain)
	require.ErrorContains(t, err, "connection refused")
	require.NotContains(t, err.Error(), canary)
}

// Answers come with and without a length.
func TestAnswerSizes(t *testing.T) {
	for _, chunked := range []bool{false, true} {
		for _, test := range []struct {
			limit int64
			size  int
			ok    bool
		}{{0, 4 << 20, true}, {0, 4<<20 + 1, false}, {-1, 5 << 20, true}, {20, 20, true}, {20, 21, false}} {
			probed := false
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !probed {
					probed = true
					_, _ = io.WriteString(w, `{}`)
					return
				}
				if chunked {
					w.(http.Flusher).Flush()
				}
				_, _ = io.WriteString(w, `{"a":"`+strings.Repeat("x", test.size-8)+`"}`)
			}))
			d := &rest.Dialer{ReadLimit: test.limit}
			conn, err := d.Dial(t.Context(), s.URL, transport.Janus)
			require.NoError(t, err)
			err = conn.Write(t.Context(), transport.Message{Data: []byte(`{}`)})
			got, readErr := conn.Read(t.Context())
			if test.ok {
				require.NoError(t, err)
				require.NoError(t, readErr)
				require.Len(t, got, test.size)
			} else {
				var large *transport.TooLargeError
				require.ErrorIs(t, err, transport.ErrUncertain)
				require.ErrorAs(t, readErr, &large)
			}
			require.NoError(t, conn.Close())
			d.CloseIdle()
			s.Close()
		}
	}
}
