//go:build !js

package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/client/token"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/turntest"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// diagnosis is what a doctor with --json printed, by check.
type diagnosis map[string]map[string]any

// diagnose runs doctor, which has to end with the code.
func diagnose(t *testing.T, r *run, code int, args ...string) diagnosis {
	t.Helper()
	r.do(t, t.Context(), code, append([]string{"--json", "doctor"}, args...)...)
	d := diagnosis{}
	for _, o := range r.objects(t) {
		name, _ := o["check"].(string)
		require.NotContains(t, d, name)
		require.Contains(t, []any{"ok", "warning", "failed", "skipped"}, o["status"])
		require.NotEmpty(t, o["text"])
		mended := o["status"] == "warning" || o["status"] == "failed"
		require.Equal(t, mended, o["fix"] != nil, "%v", o)
		d[name] = o
		t.Log(o["status"], name, o["text"], "|", o["fix"])
	}
	if code == exitOK {
		require.Empty(t, r.stderr.String())
	} else {
		require.Regexp(t, `checks? .*failed`, r.complaint(t))
	}
	return d
}

// is checks the status of a check and what it says with its fix.
func (d diagnosis) is(t *testing.T, name, status string, says ...string) {
	t.Helper()
	require.Contains(t, d, name)
	require.Equal(t, status, d[name]["status"], "%v", d[name])
	for _, text := range says {
		require.Contains(t, fmt.Sprint(d[name]["text"], " fix: ", d[name]["fix"]), text)
	}
}

func TestJanusDoctorHealthy(t *testing.T) {
	gw := gateway.Get(t)
	for _, url := range []string{gw.WS(), gw.HTTP(), gw.Unix()} {
		d := diagnose(t, newRun(t, nil), exitOK, "--plugin", "echotest", "--plugin", "janus.plugin.videoroom", url)
		d.is(t, "url", "ok", url)
		d.is(t, "transport", "ok")
		d.is(t, "gateway", "ok", "Janus WebRTC Server", gw.Name())
		d.is(t, "version", "warning", "1.1.2 has not", "SVC")
		d.is(t, "plugins", "ok", "echotest")
		d.is(t, "sessions", "ok", "60 s; Bifrons sends a keepalive after 20s")
		d.is(t, "reclaim", "warning", "set reclaim_session_timeout")
		d.is(t, "ice", "ok", "half trickle")
		d.is(t, "login", "ok", "wants no credentials")
		d.is(t, "media", "ok", "audio and video came back", "host udp")
		d.is(t, "data", "ok")
		require.NotContains(t, d, "tls")
		require.NotContains(t, d, "clock")
		require.Equal(t, 2.0, d["media"]["details"].(map[string]any)["tracks"])
	}
}

// What people read.
func TestJanusDoctorText(t *testing.T) {
	gw := janustesting.New(t, &janusproc.Options{ReclaimTimeout: 15 * time.Second, FullTrickle: true, SessionTimeout: 3 * time.Second})
	r := newRun(t, nil)
	r.do(t, t.Context(), exitOK, "doctor", gw.WS())
	text := r.stdout.String()
	t.Log("\n" + text)
	require.Regexp(t, `(?m)^ok       transport  WebSocket with the subprotocol janus-protocol$`, text)
	require.Regexp(t, `(?m)^warning  sessions   a silent session times out after 3 s; .*\n +fix: set session_timeout`, text)
	require.Regexp(t, `(?m)^ok       reclaim    a session outlives its connection by 15 s`, text)
	require.Regexp(t, `(?m)^ok       ice        full ICE, full trickle, `, text)
	require.Regexp(t, `(?m)^ok       media      connected in \d+ ms, from host udp `, text)

	r = newRun(t, nil)
	r.do(t, t.Context(), exitConnect, "doctor", "ws://nosuch.invalid/")
	require.Regexp(t, `(?m)^skipped  transport, gateway, .*, data: there is no connection to the gateway\n$`, r.stdout.String())
}

func TestJanusDoctorLogin(t *testing.T) {
	secret := janustesting.New(t, &janusproc.Options{APISecret: "right"})
	stored := janustesting.New(t, &janusproc.Options{TokenAuth: true})
	t.Run("missing secret", func(t *testing.T) {
		d := diagnose(t, newRun(t, nil), exitAuth, secret.WS())
		d.is(t, "login", "failed", "none were given", "give --secret-file")
		d.is(t, "media", "skipped", "there is no session")
	})
	t.Run("missing token", func(t *testing.T) {
		d := diagnose(t, newRun(t, nil), exitAuth, stored.HTTP())
		d.is(t, "login", "failed", "give --token-file")
	})
	t.Run("wrong", func(t *testing.T) {
		r := newRun(t, nil)
		r.env["BIFRONS_API_SECRET"] = "canary"
		d := diagnose(t, r, exitAuth, secret.WS())
		d.is(t, "login", "failed", "does not take what BIFRONS_API_SECRET has", "by --secret-file")
		require.NotContains(t, r.stdout.String()+r.stderr.String(), "canary")
	})
	t.Run("right", func(t *testing.T) {
		r := newRun(t, nil)
		r.env["BIFRONS_API_SECRET"] = "right"
		d := diagnose(t, r, exitOK, "--no-media", secret.WS())
		d.is(t, "login", "ok", "takes what BIFRONS_API_SECRET has")
		require.NotContains(t, d, "media")
	})
	t.Run("needless", func(t *testing.T) {
		r := newRun(t, nil)
		r.env["BIFRONS_TOKEN"] = "canary"
		diagnose(t, r, exitOK, "--no-media", gateway.Get(t).WS()).is(t, "login", "warning", "BIFRONS_TOKEN was given", "leave them out")
	})
	t.Run("drained", func(t *testing.T) {
		r := adminRun(t, secret)
		r.do(t, t.Context(), exitOK, "admin", "accept-new-sessions", "off")
		r = newRun(t, nil)
		r.env["BIFRONS_API_SECRET"] = "right"
		diagnose(t, r, exitFailure, secret.WS()).is(t, "login", "failed", "accept-new-sessions on")
	})
}

func TestJanusDoctorSignedToken(t *testing.T) {
	gw := janustesting.New(t, &janusproc.Options{TokenSecret: "the secret"})
	for _, test := range []struct {
		name, realm  string
		left         time.Duration
		items        []string
		code         int
		clock, login string
		says         string
	}{
		{"good", "janus", time.Hour, []string{echotest.Plugin}, exitOK, "ok", "ok", "more by the gateway's clock"},
		{"expired", "janus", -time.Minute, []string{echotest.Plugin}, exitAuth, "failed", "failed", "expired 1m0s ago by the gateway's clock"},
		{"of a room", "janus.plugin.videoroom", time.Hour, []string{"room=1"}, exitAuth, "failed", "failed", "sign it with the realm janus"},
		{"for no plugin", "janus", time.Hour, nil, exitAuth, "warning", "ok", "sign it for " + echotest.Plugin},
	} {
		t.Run(test.name, func(t *testing.T) {
			signed, err := token.Sign("the secret", test.realm, time.Now().Add(test.left), test.items...)
			require.NoError(t, err)
			r := newRun(t, nil)
			r.env["BIFRONS_TOKEN"] = signed
			d := diagnose(t, r, test.code, gw.HTTP())
			// Both sides count whole seconds.
			text := strings.NewReplacer("59s ago", "1m0s ago", "1m1s ago", "1m0s ago").Replace(fmt.Sprint(d["clock"]["text"], d["clock"]["fix"]))
			require.Contains(t, text, test.says)
			d.is(t, "clock", test.clock)
			d.is(t, "login", test.login)
			if test.login == "ok" && test.code != exitOK {
				d.is(t, "media", "failed", "the token may not use")
			}
			require.NotContains(t, r.stdout.String(), signed)
		})
	}
}

// The way to the gateway: what is there when it is not.
func TestJanusDoctorElsewhere(t *testing.T) {
	gw := gateway.Get(t)
	port := func(raw string) string {
		u, err := url.Parse(raw)
		require.NoError(t, err)
		return u.Host
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Server", "nginx")
		_, _ = io.WriteString(w, "<html><title>Welcome\n here</title></html>")
	}))
	defer page.Close()
	status := func(code int) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://elsewhere/janus?token=canary")
			w.WriteHeader(code)
		}))
		t.Cleanup(s.Close)
		return s.URL + "/janus"
	}
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of plain HTTP
	secure.StartTLS()
	defer secure.Close()
	sockets := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := websocket.Accept(w, r, nil); err == nil {
			_ = c.CloseNow()
		}
	}))
	defer sockets.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	for _, test := range []struct {
		name, url string
		code      int
		check     string
		says      []string
	}{
		{"nobody listens", "ws://" + closed.Addr().String() + "/", exitConnect, "tcp", []string{"connection refused"}},
		{"no such host", "ws://nosuch.invalid:8188/", exitConnect, "tcp", []string{"spelling of the host name"}},
		{"ws to the HTTP port", "ws://" + port(gw.HTTP()) + "/", exitConnect, "transport", []string{"this is Janus over HTTP", "use " + gw.HTTP()}},
		{"http to the WebSocket port", "http://" + port(gw.WS()) + "/janus", exitConnect, "transport", []string{"this is Janus over WebSocket", "use ws://" + port(gw.WS())}},
		{"wrong path", "http://" + port(gw.HTTP()) + "/nosuch", exitConnect, "transport", []string{"this is Janus over HTTP, at /janus", "use " + gw.HTTP()}},
		{"no path", "http://" + port(gw.HTTP()), exitConnect, "transport", []string{"use " + gw.HTTP()}},
		{"admin over WebSocket", gw.AdminWS(), exitConnect, "transport", []string{"admin API of Janus over WebSocket", "bifrons admin"}},
		{"admin over HTTP, client path", "http://" + port(gw.AdminHTTP()) + "/janus", exitConnect, "transport", []string{"admin API of Janus over HTTP"}},
		{"admin over HTTP", gw.AdminHTTP(), exitConnect, "login", []string{"this is the admin API"}},
		{"admin over a Unix socket", gw.AdminUnix(), exitConnect, "login", []string{"this is the admin API"}},
		{"a web server", page.URL + "/janus", exitConnect, "transport", []string{`HTTP status 200 of nginx, HTML with the title "Welcome`, "if it is a proxy"}},
		{"a web server for ws", strings.Replace(page.URL, "http", "ws", 1), exitConnect, "transport", []string{`HTML with the title "Welcome`}},
		{"other WebSockets", strings.Replace(sockets.URL, "http", "ws", 1), exitConnect, "transport", []string{"did not accept the subprotocol janus-protocol"}},
		{"a proxy without a gateway", status(502), exitConnect, "transport", []string{"HTTP status 502", "cannot reach"}},
		{"a proxy with a login", status(401), exitAuth, "transport", []string{"HTTP status 401", "credentials of its own"}},
		{"a redirect", status(301), exitConnect, "transport", []string{"https://elsewhere/janus,"}},
		{"TLS there, none here", strings.Replace(secure.URL, "https", "ws", 1) + "/", exitConnect, "transport", []string{"the server speaks TLS", "use wss://"}},
		{"TLS here, none there", "wss://" + port(gw.WS()) + "/", exitConnect, "tls", nil},
		{"no socket", "unix:///nosuch/socket", exitConnect, "transport", []string{"there is no such socket"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRun(t, nil)
			d := diagnose(t, r, test.code, test.url)
			d.is(t, test.check, "failed", test.says...)
			d.is(t, "media", "skipped")
			require.NotContains(t, r.stdout.String(), "canary")
		})
	}
}

func TestJanusDoctorServers(t *testing.T) {
	gw := gateway.Get(t)
	addr, err := janusproc.MediaAddr()
	if err != nil {
		t.Skip(err)
	}
	turn, err := turntest.Start(addr)
	require.NoError(t, err)
	defer turn.Stop()
	user, password := turn.Credentials()
	host := strings.TrimPrefix(turn.URL(), "turn:")
	r := newRun(t, nil)
	r.env["BIFRONS_TURN_PASSWORD"] = password
	d := diagnose(t, r, exitOK, "--stun", host, "--turn", host, "--turn-user", user, gw.WS())
	d.is(t, "stun", "ok", "sees this machine as "+addr)
	d.is(t, "turn", "ok", "relays at "+addr)
	d.is(t, "media", "ok")
	require.NotContains(t, r.stdout.String(), password)

	r = newRun(t, nil)
	r.env["BIFRONS_TURN_PASSWORD"] = "canary"
	d = diagnose(t, r, exitConnect, "--no-media", "--turn", host, "--turn-user", user, "ws://nosuch.invalid/")
	d.is(t, "turn", "failed", "gave no address", "--turn-user")
	d.is(t, "login", "skipped")
	require.NotContains(t, r.stdout.String(), "canary")
}

func TestJanusDoctorMissing(t *testing.T) {
	gw := janustesting.New(t, &janusproc.Options{DisablePlugins: []string{"echotest"}})
	d := diagnose(t, newRun(t, nil), exitPlugin, "--plugin", "echotest", "--plugin", "videoroom", gw.WS())
	d.is(t, "plugins", "failed", "it has no janus.plugin.echotest, only ")
	d.is(t, "media", "warning", "libjanus_echotest.so")
	d.is(t, "data", "skipped")
}

// unreachable answers offers with an address where nobody is.
type unreachable struct{ t *testing.T }

func (u unreachable) Message(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	require.NoError(u.t, err)
	defer pc.Close()
	require.NoError(u.t, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: m.JSEP.SDP}))
	answer, err := pc.CreateAnswer(nil)
	require.NoError(u.t, err)
	const there = "a=candidate:1 1 udp 2130706431 10.255.0.9 9 typ host\r\n"
	return &janustest.Answer{
		Data:  map[string]string{"echotest": "event", "result": "ok"},
		JSEP:  &client.JSEP{Type: "answer", SDP: strings.ReplaceAll(answer.SDP, "a=mid:", there+"a=mid:")},
		Async: true,
	}, nil
}

func TestDoctorUnreachable(t *testing.T) {
	srv := janustest.NewServer(nil)
	defer srv.Close()
	srv.Handle(echotest.Plugin, unreachable{t})
	d := diagnose(t, newRun(t, srv), exitConnect, "--timeout", "1s", "mem://gateway")
	d.is(t, "media", "failed", "no connection within 1s", " to host udp 10.255.0.9: ", "private addresses alone")
	d.is(t, "data", "skipped")
	pairs := d["media"]["details"].(map[string]any)["pairs"].([]any)
	require.NotEmpty(t, pairs)
	require.Equal(t, "host udp 10.255.0.9", pairs[0].(map[string]any)["remote"])
}

// Ctrl-C ends it between two checks.
func TestDoctorInterrupted(t *testing.T) {
	srv := janustest.NewServer(nil)
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := newRun(t, srv)
	r.app.stdout = &watcher{w: &r.stdout, text: "transport", f: cancel}
	r.do(t, ctx, exitInterrupted, "doctor", "mem://gateway")
	require.Equal(t, "interrupted", r.complaint(t))
	require.NotContains(t, r.stdout.String(), "gateway    ")
}

// A gateway that is frozen takes connections and says nothing.
func TestJanusDoctorFrozen(t *testing.T) {
	gw := janustesting.New(t, nil)
	require.NoError(t, gw.Pause())
	d := diagnose(t, newRun(t, nil), exitConnect, "--timeout", "300ms", gw.WS())
	require.NoError(t, gw.Resume())
	d.is(t, "tcp", "ok")
	d.is(t, "transport", "failed", "no answer")
}

func TestDoctorUsage(t *testing.T) {
	for line, want := range map[string]string{
		"doctor":                           "no URL: give one",
		"doctor --turn host ws://x":        "--turn needs --turn-user, and --turn-password-file or BIFRONS_TURN_PASSWORD",
		"doctor --turn-user me ws://x":     "mean nothing without --turn",
		"doctor --stun http://host ws://x": `"http://host" is neither HOST, HOST:PORT nor a stun: URL`,
		"doctor --timeout 0s ws://x":       "--timeout must be more than zero",
	} {
		r := newRun(t, nil)
		r.do(t, t.Context(), exitUsage, strings.Fields(line)...)
		require.Contains(t, r.complaint(t), want)
	}
}

func TestServerURL(t *testing.T) {
	for in, want := range map[string]string{
		"host": "turn:host:3478", "host:5": "turn:host:5", "::1": "turn:[::1]:3478", "[::1]:5": "turn:[::1]:5",
		"turn:host?transport=tcp": "turn:host?transport=tcp", "turns:host:5349": "turns:host:5349",
	} {
		got, err := serverURL(in, "turn")
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestParseSigned(t *testing.T) {
	for _, bad := range []string{"", "abc", "1,janus", "x,janus:sig", "1:sig"} {
		_, ok := parseSigned(bad)
		require.False(t, ok, bad)
	}
	s, ok := parseSigned("1893456000,janus,a,b:c2ln")
	require.True(t, ok)
	require.Equal(t, signedToken{time.Unix(1893456000, 0), "janus", []string{"a", "b"}}, s)
}
