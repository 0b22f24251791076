//go:build !js

package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// harm asks the server of the page for something, and returns the status.
func harm(t *testing.T, method, url string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

// openChaos serves a page with a gateway to harm, and returns the URL to post to.
func openChaos(t *testing.T, v victim, gateway string) (p *page, c *chaos, base string) {
	t.Helper()
	c, err := newChaos(t.Context(), v, gateway, "s3")
	require.NoError(t, err)
	p = openTestPage(t, gateway, c)
	var about pageConfig
	require.NoError(t, json.Unmarshal([]byte(get(t, p.url+"config.json")), &about))
	require.Equal(t, c.proxy.URL(), about.Gateway)
	require.NotEqual(t, gateway, about.Gateway)
	require.Equal(t, "BIFRONS_API_SECRET=s3 ", about.Chaos.Terminal)
	return p, c, p.url + about.Chaos.Path
}

// survives waits for what a handle hears of a loss and its end.
func survives(t *testing.T, h *client.Handle) *client.Resumed {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		if ev, ok := ev.(*client.Resumed); ok {
			return ev
		}
	}
}

// harmed does to a gateway what can be done, and looks what its client makes of it.
func harmed(t *testing.T, v victim, gateway string) {
	_, c, base := openChaos(t, v, gateway)
	defer c.close()
	again := func(context.Context, *client.Handle) error { return nil }
	var asked atomic.Int32
	cl, err := client.Dial(t.Context(), c.proxy.URL(), &client.Options{Credentials: func(context.Context) (client.Credentials, error) {
		asked.Add(1)
		return client.Credentials{Token: get(t, base+"token")}, nil
	}})
	require.NoError(t, err)
	defer cl.Close()
	s, err := cl.NewSession(t.Context())
	require.NoError(t, err)
	h, err := s.Attach(t.Context(), echoName, &client.AttachOptions{Restore: again})
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, harm(t, http.MethodPost, base+"drop"))
	require.False(t, survives(t, h).Rebuilt, "the gateway keeps a session for a while")
	require.Equal(t, http.StatusNoContent, harm(t, http.MethodPost, base+"restart"))
	require.True(t, survives(t, h).Rebuilt)
	require.EqualValues(t, 1, asked.Load(), "the token is as good as before")

	old := get(t, base+"token")
	require.Equal(t, http.StatusNoContent, harm(t, http.MethodPost, base+"token"))
	require.NotEqual(t, old, get(t, base+"token"))
	_, err = h.Request(t.Context(), map[string]any{"audio": true}, nil)
	require.NoError(t, err)
	require.EqualValues(t, 2, asked.Load())
	refused, err := client.Dial(t.Context(), c.proxy.URL(), &client.Options{Credentials: client.Static(old, "")})
	require.NoError(t, err)
	defer refused.Close()
	_, err = refused.NewSession(t.Context())
	require.ErrorIs(t, err, client.Unauthorized)

	loses(t, s, c, base)
}

// loses has packets of media lost, of which the connection is made of what is
// left.
func loses(t *testing.T, s *client.Session, c *chaos, base string) {
	t.Helper()
	h, err := echotest.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	peer, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, peer.Close()) }()
	sources, err := media.File(t.Context(), &media.FileOptions{Loop: true, FS: clip.FS}, clip.Audio)
	require.NoError(t, err)
	defer func() { require.NoError(t, sources[0].Close()) }()
	_, err = peer.Add(sources[0], nil)
	require.NoError(t, err)
	require.NoError(t, h.Start(t.Context(), echotest.Config{}, peer))
	passes := func(packets int) {
		t.Helper()
		before := c.detour.Stats().Passed
		require.Eventually(t, func() bool { return c.detour.Stats().Passed > before+packets }, time.Minute, time.Millisecond)
	}
	passes(50) // more than it takes to connect
	require.Zero(t, c.detour.Stats().Lost)
	require.Equal(t, http.StatusNoContent, harm(t, http.MethodPost, base+"loss"))
	require.Equal(t, http.StatusConflict, harm(t, http.MethodPost, base+"loss"))
	passes(50)
	require.Positive(t, c.detour.Stats().Lost)
}

func TestChaosEmbedded(t *testing.T) {
	t.Parallel()
	gw, url, err := startEmbedded(t.Context(), "s3")
	require.NoError(t, err)
	defer gw.Close()
	harmed(t, unreal{gw}, url)
}

func TestJanusChaos(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{ReclaimTimeout: demoReclaim, APISecret: "s3", TokenAuth: true})
	harmed(t, killable{gw}, gw.WS())
}

// frozen is a gateway of which nothing else is known.
type frozen struct {
	calls []string
	err   error
}

func (f *frozen) Freeze() error                 { f.calls = append(f.calls, "freeze"); return f.err }
func (f *frozen) Thaw() error                   { f.calls = append(f.calls, "thaw"); return f.err }
func (f *frozen) Restart(context.Context) error { f.calls = append(f.calls, "restart"); return f.err }

func (f *frozen) AddToken(context.Context, string) error    { return f.err }
func (f *frozen) RemoveToken(context.Context, string) error { return f.err }

func TestChaosRefused(t *testing.T) {
	f := new(frozen)
	p, c, base := openChaos(t, f, "ws://127.0.0.1:9/")
	for path, want := range map[string]int{
		base:                      http.StatusNotFound,
		base + "restart/":         http.StatusNotFound,
		p.url + "chaos/restart":   http.StatusNotFound,
		p.url + "chaos//restart":  http.StatusNotFound,
		p.url + "chaos/x/restart": http.StatusNotFound,
		p.url + "restart":         http.StatusMethodNotAllowed,
	} {
		require.Equal(t, want, harm(t, http.MethodPost, path), path)
	}
	for _, method := range []string{"GET", "HEAD", "PUT", "OPTIONS"} {
		require.Equal(t, http.StatusMethodNotAllowed, harm(t, method, base+"restart"), method)
	}
	require.Empty(t, f.calls)
	f.err = errors.New("it is gone")
	for range 2 {
		require.Equal(t, http.StatusInternalServerError, harm(t, http.MethodPost, base+"freeze"))
		require.Equal(t, http.StatusInternalServerError, harm(t, http.MethodPost, base+"restart"))
		require.Equal(t, http.StatusInternalServerError, harm(t, http.MethodPost, base+"token"))
	}
	f.err = nil
	require.Equal(t, http.StatusNoContent, harm(t, http.MethodPost, base+"freeze"))
	require.Equal(t, http.StatusConflict, harm(t, http.MethodPost, base+"freeze"))
	require.Equal(t, http.StatusConflict, harm(t, http.MethodPost, base+"restart"))
	c.close() // before the time
	require.Equal(t, "freeze restart freeze restart freeze thaw", strings.Join(f.calls, " "))
}

// No other site can ask: it knows no secret, and has another name.
func TestChaosOfAnotherSite(t *testing.T) {
	f := new(frozen)
	_, c, base := openChaos(t, f, "ws://127.0.0.1:9/")
	defer c.close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"restart", nil)
	require.NoError(t, err)
	r.Host = "evil.example"
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	require.NoError(t, err)
	require.Equal(t, http.StatusMisdirectedRequest, resp.StatusCode)
	require.Empty(t, resp.Header.Get("Access-Control-Allow-Origin"))
	require.NoError(t, resp.Body.Close())
	require.Empty(t, f.calls)
}
