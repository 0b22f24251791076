package transportjs_test

import (
	"context"
	"encoding/json"
	"runtime"
	"slices"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/transport"
	transportjs "github.com/bifrons-rtc/bifrons/transport_js"
	"github.com/stretchr/testify/require"
)

// transports is what a page can dial.
func transports() transport.Registry {
	w, f := transportjs.WebSocket{}, transportjs.Fetch{}
	return transport.Registry{"ws": w, "wss": w, "http": f, "https": f}
}

func dial(t *testing.T, url string) *client.Client {
	return dialWith(t, url, client.Reconnect{})
}

func dialWith(t *testing.T, url string, again client.Reconnect) *client.Client {
	c, err := client.Dial(t.Context(), url, &client.Options{Transports: transports(), Reconnect: again})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

func TestBrowserJanus(t *testing.T) {
	gw := page.Janus(t)
	for name, url := range map[string]string{"WebSocket": gw.WS, "Fetch": gw.HTTP} {
		t.Run(name, func(t *testing.T) {
			balanced(t)
			c := dial(t, url)
			info, err := c.Info(t.Context())
			require.NoError(t, err)
			require.Equal(t, gw.Name, info.ServerName)
			s, err := c.NewSession(t.Context())
			require.NoError(t, err)
			h, err := s.Attach(t.Context(), "janus.plugin.echotest", nil)
			require.NoError(t, err)
			answer, err := h.Request(t.Context(), map[string]any{"audio": true}, nil)
			require.NoError(t, err)
			require.True(t, answer.Async) // it came through the poll
			require.Contains(t, string(answer.Data), `"ok"`)
			require.Contains(t, gw.Sessions(t), s.ID())
			require.NoError(t, s.Destroy(t.Context()))
			require.NotContains(t, gw.Sessions(t), s.ID())
			require.NoError(t, c.Close())
		})
	}
}

func TestBrowserJanusAdmin(t *testing.T) {
	balanced(t)
	gw := page.Janus(t)
	for _, url := range []string{gw.AdminWS, gw.AdminHTTP} {
		conn, err := transports().Dial(t.Context(), url, transport.Admin)
		require.NoError(t, err)
		require.NoError(t, conn.Write(t.Context(), transport.Message{
			Data: []byte(`{"janus":"list_sessions","transaction":"t1","admin_secret":"` + gw.AdminSecret + `"}`)}))
		b, err := conn.Read(t.Context())
		require.NoError(t, err)
		var answer map[string]any
		require.NoError(t, json.Unmarshal(b, &answer))
		require.Equal(t, "success", answer["janus"])
		require.NoError(t, conn.Close())
	}
	// The other API's port answers, but not to us.
	_, err := transportjs.WebSocket{}.Dial(t.Context(), gw.AdminWS, transport.Janus)
	require.ErrorContains(t, err, "7188 does not do")
	conn, err := transportjs.Fetch{}.Dial(t.Context(), gw.AdminHTTP, transport.Janus)
	require.NoError(t, err) // info is the same for both
	require.NoError(t, conn.Close())
}

// The gateway ends, and comes back.
func TestBrowserJanusRestart(t *testing.T) {
	balanced(t)
	gw := page.NewJanus(t, nil)
	c := dialWith(t, gw.WS, client.Reconnect{Off: true})
	gw.Do(t, "kill")
	<-c.Done()
	var lost *transport.CloseError
	require.ErrorAs(t, c.Err(), &lost)
	require.Equal(t, 1006, lost.Code)
	gw.Do(t, "restart")
	_, err := dial(t, gw.WS).Ping(t.Context())
	require.NoError(t, err)
}

// held returns how many JavaScript values Go holds.
func held() int {
	tables := js.Global().Get("goForTest")
	if !tables.Truthy() {
		return 0 // Node's has no name
	}
	runtime.GC()
	runtime.Gosched() // finalizers
	runtime.GC()
	return tables.Get("_values").Length() - tables.Get("_idPool").Length()
}

// TestBrowserCycles connects again and again, and leaves nothing behind.
func TestBrowserCycles(t *testing.T) {
	balanced(t)
	gw := page.Janus(t)
	cycle := func(url string) {
		c, err := client.Dial(t.Context(), url, &client.Options{Transports: transports()})
		require.NoError(t, err)
		s, err := c.NewSession(t.Context())
		require.NoError(t, err)
		require.NoError(t, s.Destroy(t.Context()))
		require.NoError(t, c.Close())
	}
	cycle(gw.WS)
	cycle(gw.HTTP)
	before := held()
	const cycles = 100
	for range cycles {
		cycle(gw.WS)
		cycle(gw.HTTP)
	}
	after := held()
	t.Logf("JavaScript values held by Go: %d, after %d cycles %d", before, cycles, after)
	require.LessOrEqual(t, after, before+16)
}

// leavingSessions are as many as take all of a browser's sockets with their
// polls, so that the last requests have to wait for the page to be gone.
const leavingSessions = 6

// A page that is closed or loaded again leaves no session behind, even where
// the gateway would keep it.
func TestBrowserLeaving(t *testing.T) {
	page.Env(t, "BIFRONS_BROWSER")
	gw := page.NewJanus(t, map[string]any{"ReclaimTimeout": 30 * time.Second})
	for name, url := range map[string]string{"WebSocket": gw.WS, "Fetch": gw.HTTP} {
		t.Run(name, func(t *testing.T) {
			tab := page.Open(t, page.Options{Run: "TestInTabLeaving", Env: map[string]string{"URL": url}})
			require.Contains(t, tab.Said(t, "ready 1"), "ready 1")
			before := gw.Sessions(t)
			require.Len(t, before, leavingSessions)
			tab.Reload(t)
			within(t, 2*time.Second, "the sessions of before the reload are gone", func() bool {
				return !slices.ContainsFunc(gw.Sessions(t), func(id uint64) bool { return slices.Contains(before, id) })
			})
			require.Contains(t, tab.Said(t, "ready 2"), "ready 2")
			tab.Close(t)
			within(t, 2*time.Second, "the sessions of the closed page are gone", func() bool { return len(gw.Sessions(t)) == 0 })
		})
	}
}

func within(t *testing.T, d time.Duration, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(d); !is(); {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", d, what)
		}
	}
}

func TestInTabLeaving(t *testing.T) {
	page.Inside(t)
	w := transportjs.Watch()
	defer w.Close()
	c := dial(t, page.Env(t, "URL"))
	var sessions []*client.Session
	for range leavingSessions {
		s, err := c.NewSession(t.Context())
		require.NoError(t, err)
		sessions = append(sessions, s)
	}
	store := js.Global().Get("sessionStorage") // it outlives a reload
	store.Set("runs", store.Get("runs").String()+"I")
	t.Logf("ready %d", strings.Count(store.Get("runs").String(), "I"))
	for {
		change, err := w.Next(t.Context())
		require.NoError(t, err)
		if change == transportjs.Leaving {
			for _, s := range sessions {
				// It ends with the page.
				go func() { _ = s.Destroy(context.Background()) }()
			}
		}
	}
}
