package transportjs_test

import (
	"context"
	"errors"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/transport"
	transportjs "github.com/bifrons-rtc/bifrons/transport_js"
	"github.com/stretchr/testify/require"
)

// canary is what no error may show.
const canary = "s3cr3t-canary"

// secretly adds every part to a URL that can hold a secret.
func secretly(url string) string {
	return strings.Replace(url, "://", "://"+canary+":"+canary+"2@", 1) + "?token=" + canary + "#" + canary
}

func clean(t *testing.T, err error) {
	t.Helper()
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		require.NotContains(t, inner.Error(), canary)
		require.NotContains(t, inner.Error(), "\n")
	}
}

func TestBrowserDialErrors(t *testing.T) {
	balanced(t)
	peers, nobody := page.Env(t, "BIFRONS_PEER"), page.Env(t, "BIFRONS_NOBODY")
	ws, fetch := transportjs.WebSocket{}, transportjs.Fetch{}
	browser := js.Global().Get("window").Truthy()
	for _, test := range []struct {
		name   string
		dialer transport.Dialer
		url    string
		api    transport.API
		cause  string
		fix    string
		page   bool // Node does otherwise
	}{
		{"nobody", ws, "ws://" + nobody + "/", transport.Janus, "no reason", "is Janus running", false},
		{"nobody for admin", ws, "ws://" + nobody + "/", transport.Admin, "no reason", "admin_ws = true", false},
		{"nobody, secure", ws, "wss://" + nobody + "/", transport.Janus, "no reason", "open https://" + nobody + "/ in a tab", false},
		{"other subprotocol", ws, "ws://" + peers + "/odd/noproto/", transport.Janus, "no reason", "is Janus running", false},
		{"no WebSocket", ws, "ws://" + peers + "/odd/site/", transport.Janus, "no reason", "8188", false},
		{"nobody, HTTP", fetch, "http://" + nobody + "/janus", transport.Janus, "", "the default is 8088", false},
		{"nobody, HTTP for admin", fetch, "http://" + nobody + "/admin", transport.Admin, "", "7088", false},
		{"no CORS", fetch, "http://" + peers + "/odd/nocors", transport.Janus, "(CORS)", "Access-Control-Allow-Origin", true},
		{"credentials for all", transportjs.Fetch{Credentials: "include"}, "http://" + peers + "/odd/site", transport.Janus, "(CORS)", "allow_origin", true},
		{"web site", fetch, "http://" + peers + "/odd/site", transport.Janus, "HTTP status 200", "http://host:8088/janus", false},
		{"redirect", fetch, "http://" + peers + "/odd/redirect", transport.Janus, "HTTP status 302", "redirects", true},
		{"bad gateway", fetch, "http://" + peers + "/odd/502", transport.Janus, "HTTP status 502", "does not reach Janus", false},
		{"wrong path", fetch, "http://" + peers + "/odd/x", transport.Janus, "HTTP status 404", "is the path right?", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.page && !browser {
				t.Skip("a browser's matter")
			}
			_, err := test.dialer.Dial(t.Context(), secretly(test.url), test.api)
			t.Log(err)
			var e *transport.DialError
			require.ErrorAs(t, err, &e)
			require.Contains(t, e.Err.Error(), test.cause)
			require.Contains(t, e.Fix, test.fix)
			clean(t, err)
		})
	}
}

func TestDialBadURL(t *testing.T) {
	for url, reason := range map[string]string{
		"http://host/":                         "the scheme is not ws or wss",
		"ws:///path":                           "no host",
		"ws://":                                "it does not parse",
		"ws:host":                              "no host",
		"ws://ho st/":                          "it does not parse",
		"//host/":                              "it does not parse",
		"ws://u:" + canary + "@h:x/?" + canary: "it does not parse",
	} {
		_, err := transportjs.WebSocket{}.Dial(t.Context(), url, transport.Janus)
		var e *transport.URLError
		require.ErrorAs(t, err, &e, url)
		require.Equal(t, reason+"; write it as ws://host:8188/", e.Reason, url)
		clean(t, err)
	}
	_, err := transportjs.Fetch{}.Dial(t.Context(), "ws://host/", transport.Janus)
	require.ErrorContains(t, err, "the scheme is not http or https; write it as http://host:8088/janus")
}

func TestBrowserFetchHeader(t *testing.T) {
	balanced(t)
	url := "http://user:p%40ss@" + page.Env(t, "BIFRONS_PEER") + "/odd/auth"
	header := map[string]string{"X-Api-Key": "k"}
	conn, err := transportjs.Fetch{Header: header}.Dial(t.Context(), url, transport.Janus)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	require.Equal(t, map[string]string{"X-Api-Key": "k"}, header, "the Dialer is only read")
	_, err = transportjs.Fetch{}.Dial(t.Context(), url, transport.Janus)
	var status *transport.StatusError
	require.ErrorAs(t, err, &status)
	require.Equal(t, 401, status.Code)
	require.NotContains(t, err.Error(), "user")
}

// Node without the flag has no WebSocket.
func TestDialWithoutWebSocket(t *testing.T) {
	old := js.Global().Get("WebSocket")
	js.Global().Delete("WebSocket")
	defer js.Global().Set("WebSocket", old)
	_, err := transportjs.WebSocket{}.Dial(t.Context(), "ws://host/", transport.Janus)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.ErrorContains(t, err, "--experimental-websocket")
}

func TestBrowserDialTimeout(t *testing.T) {
	balanced(t)
	peers := page.Env(t, "BIFRONS_PEER")
	for url, dialer := range map[string]transport.Dialer{
		"ws://" + peers + "/odd/hang/":  transportjs.WebSocket{HandshakeTimeout: 30 * time.Millisecond},
		"http://" + peers + "/odd/hang": transportjs.Fetch{DialTimeout: 30 * time.Millisecond},
	} {
		_, err := dialer.Dial(t.Context(), url, transport.Janus)
		require.ErrorIs(t, err, transport.ErrDialTimeout)
		require.ErrorContains(t, err, "30ms")
		require.ErrorContains(t, err, "firewall")
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		_, err = dialer.Dial(ctx, url, transport.Janus)
		require.ErrorIs(t, err, context.Canceled)
		_, err = dialer.Dial(ctx, url, transport.Janus)
		require.ErrorIs(t, err, context.Canceled)
	}
}

// A page on https: is not at hand; one that says so will do.
func TestBrowserMixedContent(t *testing.T) {
	if !js.Global().Get("document").Truthy() {
		t.Skip("a page's matter")
	}
	page.Env(t, "BIFRONS_BROWSER")
	// The constructor of a page on https: throws this.
	old := js.Global().Get("WebSocket")
	defer js.Global().Set("WebSocket", old)
	js.Global().Set("WebSocket", js.Global().Get("Function").New(`throw new DOMException("insecure ws://u:`+canary+`@h/", "SecurityError")`))
	_, err := transportjs.WebSocket{}.Dial(t.Context(), "ws://u:"+canary+"@h/", transport.Janus)
	require.EqualError(t, err, "transport: dial ws://h/: a page that was loaded over https: may not use ws: (dial wss://, which takes a gateway or a proxy with a certificate)")
	clean(t, err)
}

func TestBrowserPolicy(t *testing.T) {
	balanced(t)
	if !js.Global().Get("document").Truthy() {
		t.Skip("a page's matter")
	}
	tab := page.Open(t, page.Options{
		Run: "TestInTabPolicy",
		CSP: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:; connect-src 'self' " + page.Env(t, "BIFRONS_PEER_CONTROL"),
	})
	require.Contains(t, tab.Wait(t), "--- PASS: TestInTabPolicy")
}

func TestInTabPolicy(t *testing.T) {
	page.Inside(t)
	peers := page.Env(t, "BIFRONS_PEER")
	for url, dialer := range map[string]transport.Dialer{
		"ws://" + peers + "/odd/site/":  transportjs.WebSocket{},
		"http://" + peers + "/odd/site": transportjs.Fetch{},
	} {
		_, err := dialer.Dial(t.Context(), url+"?"+canary, transport.Janus)
		t.Log(err)
		require.ErrorContains(t, err, "Content-Security-Policy forbids it")
		require.ErrorContains(t, err, "add "+url[:len(url)-len("/odd/site")-strings.Count(url, "ws")]+" to its connect-src")
		clean(t, err)
	}
	err := transportjs.CheckTimers(t.Context())
	t.Log(err)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.ErrorContains(t, err, "worker-src blob:")
}
