//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/turntest"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// administered is a gateway for the tests of bifrons admin, with stored tokens.
func administered(t *testing.T) *janusproc.Server {
	t.Helper()
	return janustesting.New(t, &janusproc.Options{TokenAuth: true, EventLoops: 2})
}

// adminRun returns a run with what the admin API of gw wants.
func adminRun(t *testing.T, gw *janusproc.Server) *run {
	r := newRun(t, nil)
	r.env["BIFRONS_ADMIN_URL"] = gw.AdminWS()
	r.env["BIFRONS_ADMIN_SECRET"] = gw.AdminSecret()
	return r
}

// adminObject runs an admin command with --json and returns its one object.
func adminObject(t *testing.T, gw *janusproc.Server, args ...string) map[string]any {
	t.Helper()
	r := adminRun(t, gw)
	r.do(t, t.Context(), exitOK, append([]string{"--json", "admin"}, args...)...)
	all := r.objects(t)
	require.Len(t, all, 1, args)
	return all[0]
}

// visitor attaches to the echo test, with a token of its own.
func visitor(t *testing.T, gw *janusproc.Server) *echotest.Handle {
	t.Helper()
	c, err := admin.Dial(t.Context(), gw.AdminHTTP(), &admin.Options{Secret: gw.AdminSecret()})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.AddToken(t.Context(), "visitor")
	require.NoError(t, err)
	u, err := client.Dial(t.Context(), gw.WS(), &client.Options{Credentials: client.Static("visitor", "")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, u.Close()) })
	s, err := u.NewSession(t.Context())
	require.NoError(t, err)
	h, err := echotest.Attach(t.Context(), s, &client.AttachOptions{OpaqueID: "here\x1b[31m"})
	require.NoError(t, err)
	return h
}

// sentRequest finds the names of requests in what --trace shows.
var sentRequest = regexp.MustCompile(`\\"janus\\":\\"([a-z0-9_]+)\\",\\"transaction\\"`)

// Every request of the admin API has a command that sends it.
func TestJanusAdminReachesAll(t *testing.T) {
	gw := administered(t)
	turn, err := turntest.Start("127.0.0.1")
	require.NoError(t, err)
	defer turn.Stop()
	stun := strings.TrimPrefix(turn.URL(), "turn:")
	h := visitor(t, gw)
	session, handle := fmt.Sprint(h.Session().ID()), fmt.Sprint(h.ID())
	pcap := filepath.Join(t.TempDir(), "a", "b.pcap")
	sent := map[string]bool{}
	for _, test := range []struct {
		line string
		code int
		want string
	}{
		{"info", exitOK, `name +` + gw.Name()},
		{"ping", exitOK, `^pong in \d+\.\d\d ms\n$`},
		{"status", exitOK, `(?m)^session_timeout +60$`},
		{"loops", exitOK, `^LOOP +HANDLES\n0 +\d\n1 +\d\n$`},
		{"request get_status", exitOK, `"token_auth": true`},
		{"request nonsense", exitFailure, ``},
		{"sessions", exitOK, `(?m)^` + session + `$`},
		{"sessions --long", exitOK, `(?m)^` + session + ` +` + handle + ` +echotest `},
		{"handles " + session, exitOK, `^` + handle + `\n$`},
		{"handle " + session + " " + handle, exitOK, `(?m)^plugin +janus.plugin.echotest$`},
		{"handle --plugin-only " + handle, exitOK, `(?m)^handle +` + handle + `$`},
		{"pcap start --file " + pcap + " " + handle, exitOK, `^capturing handle`},
		{"pcap stop " + handle, exitOK, `^stopped the capture`},
		{"pcap stop " + handle, exitFailure, ``},
		{"text2pcap start --truncate 64 --file " + pcap + ".txt " + session + " " + handle, exitOK, `^capturing handle`},
		{"text2pcap stop " + session + " " + handle, exitOK, `^stopped the capture`},
		{"log-level 3", exitOK, `^log-level is 3\n$`},
		{"no-media-timer 2", exitOK, `is 2`},
		{"slowlink-threshold 4", exitOK, `is 4`},
		{"min-nack-queue 60000", exitOK, `^min-nack-queue is 1000\n$`},
		{"session-timeout 61", exitOK, `^sessions time out after 61 s\n$`},
		{"session-timeout 33 " + session, exitOK, `times out after 33 s`},
		{"session-timeout default " + session, exitOK, `has the timeout of all`},
		{"accept-new-sessions on", exitOK, `is on`},
		{"log-timestamps off", exitOK, `is off`},
		{"log-colors off", exitOK, `is off`},
		{"locking-debug off", exitOK, `is off`},
		{"refcount-debug off", exitOK, `is off`},
		{"libnice-debug off", exitOK, `is off`},
		{"nack-optimizations on", exitOK, `is on`},
		{"tokens add echotest nosuch", exitOK, `^the token may use: echotest\n$`},
		{"tokens allow janus.plugin.videoroom", exitOK, `^the token may use: echotest, videoroom\n$`},
		{"tokens disallow echotest", exitOK, `^the token may use: videoroom\n$`},
		{"tokens list", exitOK, `(?m)^a-token +videoroom$`},
		{"tokens remove", exitOK, `^removed the token\n$`},
		{"tokens allow echotest", exitFailure, ``},
		{`message-plugin videoroom {"request":"list"}`, exitOK, `"videoroom": "success"`},
		{`message-plugin nosuch {"request":"list"}`, exitPlugin, ``},
		{`query-transport http {"request":"connections"}`, exitOK, `"result": 200`},
		{`query-eventhandler sampleevh {"request":"tweak"}`, exitPlugin, ``},
		{`query-logger jsonlog {"request":"info"}`, exitPlugin, ``},
		{`custom-event test {"from":"here"}`, exitOK, `^sent the event`},
		{"custom-logline --level 5 see:ws://here", exitOK, `^logged the line`},
		{"resolve 127.0.0.1", exitOK, `^127.0.0.1 is 127.0.0.1, found in`},
		{"stun-test " + stun, exitOK, `^the gateway is 127.0.0.1:\d+, answered in`},
		{"hangup " + handle, exitOK, `^hung up handle`},
		{"detach " + handle, exitOK, `^detached handle`},
		{"detach " + handle, exitFailure, ``},
		{"destroy " + session, exitOK, `^destroyed session`},
		{"destroy " + session, exitFailure, ``},
	} {
		t.Run(test.line, func(t *testing.T) {
			r := adminRun(t, gw)
			r.env["BIFRONS_TOKEN"] = "a-token"
			r.do(t, t.Context(), test.code, append([]string{"--trace", "admin"}, strings.Fields(test.line)...)...)
			require.Regexp(t, test.want, r.stdout.String())
			for _, m := range sentRequest.FindAllStringSubmatch(r.stderr.String(), -1) {
				sent[m[1]] = true
			}
			require.NotContains(t, r.stderr.String(), gw.AdminSecret())
			require.Equal(t, test.code == exitOK, r.stdout.String() != "")
		})
	}
	// The same table the tests of the package read.
	requests, err := os.ReadFile("../../client/admin/testdata/requests.txt")
	require.NoError(t, err)
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(?:request|former) +(\w+)`).FindAllStringSubmatch(string(requests), -1) {
		known[m[1]] = true
		require.True(t, sent[m[1]], "no command sends %s", m[1])
	}
	require.GreaterOrEqual(t, len(known), 39, "38 that Janus has, and one it had")
}

// What scripts get.
func TestJanusAdminJSON(t *testing.T) {
	gw := administered(t)
	h := visitor(t, gw)
	session, handle := h.Session().ID(), h.ID()
	number := func(id uint64) any { return float64(id) } // both stay below 2^53
	require.Equal(t, gw.Name(), adminObject(t, gw, "info")["server-name"])
	require.Positive(t, adminObject(t, gw, "ping")["rtt_ms"])
	require.Equal(t, 60.0, adminObject(t, gw, "status")["session_timeout"])
	require.Len(t, adminObject(t, gw, "loops")["loops"], 2)
	require.Equal(t, []any{number(session)}, adminObject(t, gw, "sessions")["sessions"])
	require.Equal(t, []any{number(handle)}, adminObject(t, gw, "handles", fmt.Sprint(session))["handles"])
	long := adminObject(t, gw, "sessions", "--long")["handles"].([]any)[0].(map[string]any)
	require.Equal(t, echotest.Plugin, long["plugin"])
	require.Equal(t, "janus.transport.websockets", long["transport"])
	info := adminObject(t, gw, "handle", fmt.Sprint(handle))
	require.Equal(t, number(session), info["session_id"])
	require.Equal(t, "***", info["token"], "a token is a secret")
	require.Equal(t, map[string]any{"ok": true}, adminObject(t, gw, "log-level", "4"))
	require.Equal(t, map[string]any{"min_nack_queue": 300.0}, adminObject(t, gw, "min-nack-queue", "300"))
	tokens := adminObject(t, gw, "tokens", "list")["tokens"].([]any)
	require.Equal(t, "visitor", tokens[0].(map[string]any)["token"])
	require.Equal(t, "success", adminObject(t, gw, "message-plugin", "videoroom", `{"request":"list"}`)["videoroom"])
	require.Equal(t, "127.0.0.1", adminObject(t, gw, "resolve", "127.0.0.1")["ip"])
	file := filepath.Join(t.TempDir(), "request.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"request":"list"}`), 0o600))
	require.Equal(t, "success", adminObject(t, gw, "message-plugin", "videoroom", "@"+file)["videoroom"])

	require.NoError(t, h.Session().Destroy(t.Context()))
	require.Equal(t, []any{}, adminObject(t, gw, "sessions")["sessions"])
	require.Equal(t, []any{}, adminObject(t, gw, "sessions", "--long")["handles"])
	require.Equal(t, map[string]any{"ok": true}, adminObject(t, gw, "accept-new-sessions", "off"))
}

// A watch shows the handle, what changes about it, and its end.
func TestJanusAdminWatch(t *testing.T) {
	gw := administered(t)
	h := visitor(t, gw)
	r := adminRun(t, gw)
	stdout := &watcher{w: &r.stdout, text: `"event":"handle"`}
	r.app.stdout = stdout
	stdout.f = func() {
		require.NoError(t, h.Configure(t.Context(), echotest.Config{Bitrate: new(250000)}))
		again := &watcher{w: &r.stdout, text: `"path":"plugin_specific.bitrate"`, f: func() { require.NoError(t, h.Detach(t.Context())) }}
		r.app.stdout = again
	}
	r.do(t, t.Context(), exitOK, "--json", "admin", "watch", "--interval", "20ms", fmt.Sprint(h.ID()))
	all := r.objects(t)
	require.GreaterOrEqual(t, len(all), 3)
	require.Equal(t, "handle", all[0]["event"])
	require.Equal(t, float64(h.ID()), all[0]["handle"].(map[string]any)["handle_id"])
	require.Equal(t, "changed", all[1]["event"])
	var changes []any
	for _, o := range all {
		list, _ := o["changes"].([]any)
		changes = append(changes, list...)
	}
	require.Contains(t, changes, map[string]any{"path": "plugin_specific.bitrate", "from": "0", "to": "250000"})
	require.Equal(t, "gone", all[len(all)-1]["event"])

	r = adminRun(t, gw)
	r.do(t, t.Context(), exitFailure, "admin", "watch", fmt.Sprint(h.ID()))
	require.Contains(t, r.complaint(t), "no session has a handle")
}

// What people read keeps its columns, and what the gateway says cannot move the
// cursor.
func TestJanusAdminWatchText(t *testing.T) {
	gw := administered(t)
	h := visitor(t, gw)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := adminRun(t, gw)
	r.app.stdout = &watcher{w: &r.stdout, text: "m-line", f: cancel}
	peer, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	defer peer.Close()
	_, err = peer.OpenData(ctx, "data", nil)
	require.NoError(t, err)
	require.NoError(t, h.Start(t.Context(), echotest.Config{}, peer))
	r.do(t, ctx, exitOK, "admin", "watch", fmt.Sprint(h.ID()))
	require.Empty(t, r.stderr.String())
	require.Regexp(t, `(?m)^plugin +janus\.plugin\.echotest$`, r.stdout.String())
	require.Regexp(t, `(?m)^  audio_active +true$`, r.stdout.String())
	require.Regexp(t, `(?m)^m-line 0 +data, in \d+ packets`, r.stdout.String())
	require.Regexp(t, `(?m)^opaque id +here \[31m$`, r.stdout.String())
}

func TestJanusAdminRefusals(t *testing.T) {
	gw := administered(t)
	plain := gateway.Get(t) // without stored tokens
	dir := t.TempDir()
	wrong := filepath.Join(dir, "wrong")
	require.NoError(t, os.WriteFile(wrong, []byte("canary\n"), 0o600))
	html := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<html>a proxy</html>")
	}))
	defer html.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	for _, test := range []struct {
		name, line string
		code       int
		want       string
	}{
		{"wrong secret", "--admin-secret-file " + wrong + " status " + gw.AdminWS(), exitAuth, "does not take what --admin-secret-file " + wrong + " has: use the admin_secret"},
		{"no secret", "status " + gw.AdminHTTP(), exitAuth, "give --admin-secret-file, or set BIFRONS_ADMIN_SECRET"},
		{"client API over HTTP", "status " + gw.HTTP(), exitFailure, "this is the gateway's client API"},
		{"client API over WebSocket", "status " + gw.WS(), exitConnect, "7188"},
		{"no admin API", "status http://" + l.Addr().String() + "/admin", exitConnect, "admin_http = true"},
		{"a proxy", "status " + html.URL + "/admin", exitConnect, "a proxy"},
		{"no stored tokens", "tokens list " + plain.AdminWS(), exitFailure, "token_auth = true and no token_auth_secret"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRun(t, nil)
			if strings.HasPrefix(test.line, "tokens") {
				r.env["BIFRONS_ADMIN_SECRET"] = plain.AdminSecret()
			}
			r.do(t, t.Context(), test.code, append([]string{"admin"}, strings.Fields(test.line)...)...)
			require.Contains(t, r.complaint(t), test.want)
			require.NotContains(t, r.stderr.String(), "canary")
			require.Empty(t, r.stdout.String())
		})
	}
}

func TestAdminUsage(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"", "no command: give "},
		{"nosuch", `unknown command "nosuch": give `},
		{"statsu", `unknown command "statsu"; did you mean status?`},
		{"status", "no URL: give one first, such as http://127.0.0.1:7088/admin, or set BIFRONS_ADMIN_URL (bifrons admin status --help)"},
		{"status ws://x more", `"more" is one argument too many: give [URL]`},
		{"status --timeout 0s ws://x", "--timeout must be more than zero"},
		{"status gateway", `"gateway" is one argument too many`},
		{"handle ws://x", "too few arguments: give [URL] [SESSION] HANDLE (bifrons admin handle --help)"},
		{"tokens", "no command: give list, add, allow, disallow or remove (bifrons admin tokens --help)"},
		{"tokens allow ws://x", "too few arguments: give [URL] PLUGIN..."},
		{"pcap start ws://x 5", `Required flag "file" not set (bifrons admin pcap start --help)`},
		{"status gopher://x", "no transport for scheme"},
	} {
		t.Run(test.line, func(t *testing.T) {
			r := newRun(t, nil)
			r.do(t, t.Context(), exitUsage, append([]string{"admin"}, strings.Fields(test.line)...)...)
			require.Contains(t, r.complaint(t), test.want)
		})
	}
}

// What a request would be refused for is refused before it is sent.
func TestJanusAdminArguments(t *testing.T) {
	gw := gateway.Get(t)
	for _, test := range []struct{ line, want string }{
		{"handle five", `an id is a number, and "five" is none`},
		{"handle 0", "an id is a number"},
		{"handles -- -5", "an id is a number"},
		{"log-level high", `"high" is not a whole number from 0`},
		{"log-colors yes", `"yes" is neither on nor off`},
		{"session-timeout default", `"default" is not a whole number`},
		{"pcap start --file here 5", "--file must be a whole path"},
		{"pcap start --file /tmp/x --truncate -1 5", "--truncate must not be negative"},
		{"stun-test host:0", `"0" is no port`},
		{"stun-test --local-port 70000 host", "--local-port must be"},
		{"custom-logline --level 9 x", "--level must be from 1 to 7"},
		{"watch --interval 0s 5", "--interval must be more than zero"},
		{"message-plugin videoroom list", "the request is not a JSON object"},
		{"message-plugin videoroom null", "the request is not a JSON object"},
		{"tokens add", "no token: give --token-file, or set BIFRONS_TOKEN"},
	} {
		t.Run(test.line, func(t *testing.T) {
			r := adminRun(t, gw)
			r.do(t, t.Context(), exitUsage, append([]string{"admin"}, strings.Fields(test.line)...)...)
			require.Contains(t, r.complaint(t), test.want)
		})
	}
}

func TestCompare(t *testing.T) {
	before := flatten(json.RawMessage(`{"a":{"x":1,"y":2},"b":"s","current_time":5,"list":[1,{"z":null}],"n":9007199254740993}`))
	require.Equal(t, []field{
		{"a.x", "1"}, {"a.y", "2"}, {"b", "s"}, {"current_time", "5"}, {"list", `[1,{"z":null}]`}, {"n", "9007199254740993"},
	}, before)
	now := flatten(json.RawMessage(`{"a":{"x":3,"y":2,"z":true},"c":null,"current_time":6,"list":[1,{"z":null}],"n":9007199254740993}`))
	changes := compare(before, now)
	require.Equal(t, []change{{"a.x", "1", "3"}, {"a.z", "", "true"}, {"b", "s", ""}, {"c", "", "null"}}, changes)
	require.Equal(t, "    1.5 s  a: x 1 → 3, z nothing → true\n    1.5 s  b s → nothing, c nothing → null\n",
		describeChanges(1500*time.Millisecond, changes))
	require.Equal(t, "   12.0 s  d: s a → b, connected now\n   12.0 s  d.in: n 1 → 2\n", describeChanges(12*time.Second, []change{
		{"d.s", "a", "b"}, {"d.in.n", "1", "2"}, {"d.connected", "", "123456"},
	}))
	require.Empty(t, compare(now, now))
	require.Empty(t, flatten(json.RawMessage(`{`)))
	require.True(t, slices.IsSortedFunc(changes, func(a, b change) int { return strings.Compare(a.Path, b.Path) }))
	require.Equal(t, strings.Repeat("x", 60)+"…", brief(strings.Repeat("x", 61)))
}
