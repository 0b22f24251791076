//go:build !js

package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/transport"
)

// bounded is the context of a test that talks to a real server.
func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func dialJanus(t *testing.T, url string, opts *Options) *Client {
	t.Helper()
	c, err := Dial(bounded(t), url, opts)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		require.Zero(t, c.calls.pending())
	})
	return c
}

// everyTransport runs f over each way into one gateway.
func everyTransport(t *testing.T, srv *janusproc.Server, f func(t *testing.T, url string)) {
	for name, url := range map[string]string{"ws": srv.WS(), "http": srv.HTTP(), "unix": srv.Unix()} {
		t.Run(name, func(t *testing.T) { f(t, url) })
	}
}

// admin sends a request to the admin API, where this package has no client.
func admin(t *testing.T, srv *janusproc.Server, request string, session, handle uint64, fields map[string]any) map[string]any {
	t.Helper()
	body := map[string]any{"janus": request, "transaction": "t", "admin_secret": srv.AdminSecret()}
	if session != 0 {
		body["session_id"] = session
	}
	if handle != 0 {
		body["handle_id"] = handle
	}
	for k, v := range fields {
		body[k] = v
	}
	data, err := json.Marshal(body)
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(bounded(t), http.MethodPost, srv.AdminHTTP(), bytes.NewReader(data))
	require.NoError(t, err)
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	var answer map[string]any
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	require.Equal(t, "success", answer["janus"], "%v", answer)
	return answer
}

// TestJanusMissingPlugin is told of a missing plugin by the gateway, and then knows.
func TestJanusMissingPlugin(t *testing.T) {
	t.Parallel()
	ctx := bounded(t)
	var attaches int
	c := dialJanus(t, janustesting.New(t, &janusproc.Options{DisablePlugins: []string{"videoroom"}}).WS(), &Options{
		KeepAlive: -1,
		Trace: &Trace{Sent: func(data []byte) {
			if bytes.Contains(data, []byte(`"attach"`)) {
				attaches++
			}
		}},
	})
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	for range 2 {
		_, err = s.Attach(ctx, "janus.plugin.videoroom", nil)
		require.ErrorIs(t, err, PluginNotFound)
		require.ErrorContains(t, err, "echotest")
	}
	require.Equal(t, 1, attaches, "nothing is sent when the plugins are known")
	_, err = s.Attach(ctx, echoTest, nil)
	require.NoError(t, err)
	require.True(t, c.Known().DataChannels)
	require.NoError(t, c.Known().CheckVersion("x", 1000))
}

func TestJanusEverything(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, url string) {
		everything(bounded(t), t, dialJanus(t, url, nil), srv.Name())
	})
}

func TestJanusServerEndsThings(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, url string) {
		ctx := bounded(t)
		c := dialJanus(t, url, nil)
		s, err := c.NewSession(ctx)
		require.NoError(t, err)
		h, err := s.Attach(ctx, echoTest, nil)
		require.NoError(t, err)
		admin(t, srv, "detach_handle", s.ID(), h.ID(), nil)
		for {
			ev, err := h.Next(ctx)
			require.NoError(t, err)
			if _, ok := ev.(*Detached); ok {
				break
			}
		}
		_, err = h.Next(ctx)
		require.ErrorIs(t, err, ErrDetached)

		h, err = s.Attach(ctx, echoTest, nil)
		require.NoError(t, err)
		admin(t, srv, "destroy_session", s.ID(), 0, nil)
		_, err = h.Request(ctx, map[string]any{"audio": true}, nil)
		require.ErrorIs(t, err, SessionNotFound)
	})
}

func TestJanusSessionTimeout(t *testing.T) {
	// Each has a Janus of its own: one that ends a session on a Unix socket while a
	// client closes such a connection may answer nobody any more. Its watchdog and
	// its Unix transport take two locks in opposite order (janus_check_sessions in
	// janus.c, janus_transport_gone under clients_mutex in janus_pfunix.c).
	for name, url := range map[string]func(*janusproc.Server) string{
		"ws": (*janusproc.Server).WS, "http": (*janusproc.Server).HTTP, "unix": (*janusproc.Server).Unix,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timesOut(t, url(janustesting.New(t, &janusproc.Options{SessionTimeout: time.Second})))
		})
	}
}

func timesOut(t *testing.T, url string) {
	ctx := bounded(t)
	c := dialJanus(t, url, &Options{KeepAlive: -1})
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	h, err := s.Attach(ctx, echoTest, nil)
	require.NoError(t, err)
	// Janus may tell of the handle before it tells of the session.
	select {
	case <-h.Done():
		require.True(t, errors.Is(h.Err(), ErrSessionTimeout) || errors.Is(h.Err(), ErrDetached), "%v", h.Err())
	case <-ctx.Done():
		t.Fatal("the handle goes on")
	}
	select {
	case <-s.Done():
	case <-ctx.Done():
		t.Fatal("the session goes on")
	}
	if strings.HasPrefix(url, "unix:") && errors.Is(s.Err(), ErrClosed) {
		return // Janus ended the connection with the session
	}
	require.ErrorIs(t, s.Err(), ErrSessionTimeout)
}

// TestJanusRebuild has a session that timed out come back with the settings its
// plugin declared.
func TestJanusRebuild(t *testing.T) {
	srv := janustesting.New(t, &janusproc.Options{SessionTimeout: time.Second})
	everyTransport(t, srv, func(t *testing.T, url string) {
		if strings.HasPrefix(url, "unix:") {
			return // there Janus ends the connection with the session
		}
		t.Parallel()
		ctx := bounded(t)
		c := dialJanus(t, url, &Options{KeepAlive: -1})
		s, err := c.NewSession(ctx)
		require.NoError(t, err)
		h, err := s.Attach(ctx, echoTest, &AttachOptions{Restore: func(ctx context.Context, h *Handle) error {
			_, err := h.Request(ctx, map[string]any{"bitrate": 123_000}, nil)
			return err
		}})
		require.NoError(t, err)
		session, handle := s.ID(), h.ID()
		for {
			ev, err := h.Next(ctx)
			require.NoError(t, err)
			if resumed, ok := ev.(*Resumed); ok {
				require.NoError(t, resumed.Err)
				break
			}
		}
		require.NotEqual(t, session, s.ID())
		require.NotEqual(t, handle, h.ID())
		info := admin(t, srv, "handle_info", s.ID(), h.ID(), nil)["info"].(map[string]any)
		require.EqualValues(t, 123_000, info["plugin_specific"].(map[string]any)["bitrate"])
	})
}

func TestJanusRebuildAtWill(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, url string) {
		ctx := bounded(t)
		s, err := dialJanus(t, url, nil).NewSession(ctx)
		require.NoError(t, err)
		h, err := s.Attach(ctx, echoTest, nil)
		require.NoError(t, err)
		session := s.ID()
		require.NoError(t, s.Rebuild(ctx))
		require.NotEqual(t, session, s.ID())
		require.NotContains(t, admin(t, srv, "list_sessions", 0, 0, nil)["sessions"], float64(session), "nothing is left behind")
		_, err = h.Request(ctx, map[string]any{"audio": true}, nil)
		require.NoError(t, err)
	})
}

func TestJanusKeepAlive(t *testing.T) {
	srv := janustesting.New(t, &janusproc.Options{SessionTimeout: 6 * time.Second})
	everyTransport(t, srv, func(t *testing.T, url string) {
		t.Parallel()
		c := dialJanus(t, url, nil)
		s, err := c.NewSession(bounded(t))
		require.NoError(t, err)
		// Past the timeout and the two watchdog ticks of 2 s that Janus needs.
		ctx, cancel := context.WithTimeout(t.Context(), 11*time.Second)
		defer cancel()
		ev, err := s.Next(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded, "the session ended: %v", ev)
		_, err = s.Attach(bounded(t), echoTest, nil)
		require.NoError(t, err)
	})
}

func TestJanusAuthentication(t *testing.T) {
	const secret = "the-secret-nobody-may-see"
	attach := func(t *testing.T, url string, cred CredentialsFunc) error {
		c, err := Dial(bounded(t), url, &Options{Credentials: cred})
		if err != nil {
			return err
		}
		defer c.Close()
		s, err := c.NewSession(bounded(t))
		if err != nil {
			return err
		}
		if _, err = s.Attach(bounded(t), echoTest, nil); err != nil {
			return err
		}
		return s.Destroy(bounded(t))
	}
	check := func(t *testing.T, url string, cred CredentialsFunc, want error) {
		t.Helper()
		err := attach(t, url, cred)
		require.NotContains(t, fmt.Sprint(err), secret)
		if want == nil {
			require.NoError(t, err)
			return
		}
		require.ErrorIs(t, err, want)
	}
	t.Run("api secret", func(t *testing.T) {
		srv := janustesting.New(t, &janusproc.Options{APISecret: secret})
		everyTransport(t, srv, func(t *testing.T, url string) {
			check(t, url, Static("", secret), nil)
			check(t, url, Static("", secret+"x"), Unauthorized)
			check(t, url, nil, Unauthorized)
		})
	})
	t.Run("stored tokens", func(t *testing.T) {
		srv := janustesting.New(t, &janusproc.Options{TokenAuth: true})
		admin(t, srv, "add_token", 0, 0, map[string]any{"token": secret})
		admin(t, srv, "add_token", 0, 0, map[string]any{"token": secret + "-room", "plugins": []string{"janus.plugin.videoroom"}})
		everyTransport(t, srv, func(t *testing.T, url string) {
			check(t, url, Static(secret, ""), nil)
			check(t, url, Static(secret+"x", ""), Unauthorized)
			check(t, url, nil, Unauthorized)
			check(t, url, Static(secret+"-room", ""), UnauthorizedPlugin)
		})
	})
}

func TestJanusTokenReplacedOnTheWay(t *testing.T) {
	srv := janustesting.New(t, &janusproc.Options{TokenAuth: true})
	admin(t, srv, "add_token", 0, 0, map[string]any{"token": "first"})
	everyTransport(t, srv, func(t *testing.T, url string) {
		admin(t, srv, "add_token", 0, 0, map[string]any{"token": "first"})
		token := "first"
		var mu sync.Mutex
		c := dialJanus(t, url, &Options{Credentials: func(context.Context) (Credentials, error) {
			mu.Lock()
			defer mu.Unlock()
			return Credentials{Token: token}, nil
		}})
		s, err := c.NewSession(bounded(t))
		require.NoError(t, err)
		admin(t, srv, "add_token", 0, 0, map[string]any{"token": "second"})
		admin(t, srv, "remove_token", 0, 0, map[string]any{"token": "first"})
		mu.Lock()
		token = "second"
		mu.Unlock()
		h, err := s.Attach(bounded(t), echoTest, nil)
		require.NoError(t, err, "the new token is fetched and used")
		_, err = h.Request(bounded(t), map[string]any{"audio": true}, nil)
		require.NoError(t, err, "events come too")
	})
}

// TestJanusThousandHandles: many handles on one session, all used at once.
func TestJanusThousandHandles(t *testing.T) {
	ctx := bounded(t)
	c := dialJanus(t, gateway.Get(t).WS(), nil)
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	const n = 1000
	errs := make(chan error, n)
	for range n {
		go func() {
			h, err := s.Attach(ctx, echoTest, nil)
			if err == nil {
				var resp Response
				if resp, err = h.Request(ctx, map[string]any{"audio": true}, nil); err == nil && !resp.Async {
					err = fmt.Errorf("not an event: %s", resp.Data)
				}
			}
			errs <- err
		}()
	}
	for range n {
		require.NoError(t, <-errs)
	}
	require.Len(t, s.all(), n)
	require.NoError(t, s.Destroy(ctx))
}

func TestJanusClaim(t *testing.T) {
	srv := janustesting.New(t, &janusproc.Options{ReclaimTimeout: 10 * time.Second})
	ctx := bounded(t)
	first := dialJanus(t, srv.WS(), nil)
	s, err := first.NewSession(ctx)
	require.NoError(t, err)
	h, err := s.Attach(ctx, echoTest, nil)
	require.NoError(t, err)
	require.NoError(t, first.Close())

	second := dialJanus(t, srv.WS(), nil)
	_, err = second.ClaimSession(ctx, 12345)
	require.ErrorIs(t, err, SessionNotFound)
	again, err := second.ClaimSession(ctx, s.ID())
	require.NoError(t, err)
	h, err = again.Adopt(h.ID(), echoTest, nil)
	require.NoError(t, err)
	_, err = h.Request(ctx, map[string]any{"audio": true}, nil)
	require.NoError(t, err)
	require.NoError(t, h.Hangup(ctx))
	ev, err := h.Next(ctx)
	require.NoError(t, err)
	require.Contains(t, string(ev.Base().Raw), "done")
}

func TestJanusDies(t *testing.T) {
	srv := janustesting.New(t, nil)
	everyTransport(t, srv, func(t *testing.T, url string) {
		require.NoError(t, srv.Restart(bounded(t)))
		c := dialJanus(t, url, &Options{Reconnect: Reconnect{Off: true}})
		s, err := c.NewSession(bounded(t))
		require.NoError(t, err)
		srv.Kill()
		ev, err := s.Next(bounded(t))
		require.NoError(t, err)
		require.IsType(t, &Interrupted{}, ev)
		_, err = s.Attach(bounded(t), echoTest, nil)
		require.ErrorIs(t, err, ErrClosed)
		<-c.Done()
	})
}

// TestJanusRestarts kills the gateway under a session, which comes back with what
// its plugin declared.
func TestJanusRestarts(t *testing.T) {
	srv := janustesting.New(t, nil)
	everyTransport(t, srv, func(t *testing.T, url string) {
		ctx := bounded(t)
		c := dialJanus(t, url, nil)
		s, err := c.NewSession(ctx)
		require.NoError(t, err)
		h, err := s.Attach(ctx, echoTest, &AttachOptions{Restore: func(ctx context.Context, h *Handle) error {
			_, err := h.Request(ctx, map[string]any{"bitrate": 123_000}, nil)
			return err
		}})
		require.NoError(t, err)
		srv.Kill()
		require.NoError(t, srv.Restart(ctx))
		var ev Event
		for resumed := (*Resumed)(nil); resumed == nil; resumed, _ = ev.(*Resumed) {
			ev, err = h.Next(ctx)
			require.NoError(t, err)
		}
		require.True(t, ev.(*Resumed).Rebuilt)
		require.NoError(t, ev.(*Resumed).Err)
		info := admin(t, srv, "handle_info", s.ID(), h.ID(), nil)["info"].(map[string]any)
		require.EqualValues(t, 123_000, info["plugin_specific"].(map[string]any)["bitrate"])
	})
}

// TestJanusReclaims loses the connection while the gateway keeps the session.
func TestJanusReclaims(t *testing.T) {
	srv := janustesting.New(t, &janusproc.Options{ReclaimTimeout: 30 * time.Second})
	conns := make(chan transport.Conn, 2)
	transports := DefaultTransports()
	transports["ws"] = watched{transports["ws"], conns}
	ctx := bounded(t)
	c := dialJanus(t, srv.WS(), &Options{Transports: transports})
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	h, err := s.Attach(ctx, echoTest, nil)
	require.NoError(t, err)
	session, handle := s.ID(), h.ID()
	(<-conns).Close()
	for {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		if resumed, ok := ev.(*Resumed); ok {
			require.False(t, resumed.Rebuilt)
			break
		}
	}
	require.Equal(t, []uint64{session, handle}, []uint64{s.ID(), h.ID()})
	_, err = h.Request(ctx, map[string]any{"audio": true}, nil)
	require.NoError(t, err)
}

// watched is a Dialer that shows the connections it makes.
type watched struct {
	transport.Dialer
	conns chan<- transport.Conn
}

func (w watched) Dial(ctx context.Context, url string, api transport.API) (transport.Conn, error) {
	conn, err := w.Dialer.Dial(ctx, url, api)
	if err == nil {
		w.conns <- conn
	}
	return conn, err
}
