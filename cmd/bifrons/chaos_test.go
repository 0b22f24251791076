//go:build !js

package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
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
	c, err := newChaos(t.Context(), v, gateway)
	require.NoError(t, err)
	p = openTestPage(t, gateway, c)
	var about pageConfig
	require.NoError(t, json.Unmarshal([]byte(get(t, p.url+"config.json")), &about))
	require.Equal(t, c.proxy.URL(), about.Gateway)
	require.NotEqual(t, gateway, about.Gateway)
	require.Len(t, about.Chaos.Refused, 2)
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
	cl, err := client.Dial(t.Context(), c.proxy.URL(), nil)
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
}

func TestChaosEmbedded(t *testing.T) {
	t.Parallel()
	gw, url, err := startEmbedded(t.Context())
	require.NoError(t, err)
	defer gw.Close()
	harmed(t, unreal{gw}, url)
}

func TestJanusChaos(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{ReclaimTimeout: demoReclaim})
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

func TestChaosRefused(t *testing.T) {
	f := new(frozen)
	p, c, base := openChaos(t, f, "ws://127.0.0.1:9/")
	for path, want := range map[string]int{
		base + "token":            http.StatusNotFound,
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
