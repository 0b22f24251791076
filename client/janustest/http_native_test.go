//go:build !js

package janustest_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// httpFact is one thing about the REST API, told as exchanges one after the
// other. Lines of a script:
//
//	GET /path -> 200 JSON
//	POST /path JSON -> 404
//
// with paths behind /janus, and JSON and names in it as a fact has them. What
// follows the status is the body, empty where there is nothing. "-> cut" is a
// connection that ends without an answer.
type httpFact struct {
	name   string
	setup  string
	script string
}

const (
	httpBegin = `
		POST / {"janus":"create","transaction":"1"} -> 200 {"janus":"success","transaction":"1","data":{"id":"$S="}}`
	httpAttach = httpBegin + `
		POST /$S {"janus":"attach","transaction":"2","plugin":"janus.plugin.echotest"} -> 200 {"janus":"success","session_id":$S,"transaction":"2","data":{"id":"$H="}}`
	httpMessage = `
		POST /$S/$H {"janus":"message","transaction":"m","body":{"audio":true}} -> 200 {"janus":"ack","session_id":$S,"transaction":"m","hint":"$any"}`
	httpEvent = `{"janus":"event","session_id":$S,"transaction":"m","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}`
)

var httpFacts = []httpFact{
	{name: "what is where", script: `
		GET  -> 404
		GET /ping -> 404
		POST /info {"janus":"ping","transaction":"1"} -> 400
		GET /99 -> 404
		GET /abc -> 404
		GET /99/1 -> 302
		GET /99/1/2 -> 404
		POST /99/1/2 {"janus":"keepalive","transaction":"1"} -> cut
		POST /  -> cut
		PUT / {} -> cut
		DELETE / -> 200 {"janus":"error","error":450}
		OPTIONS / -> 200`},
	{name: "errors are answers", script: `
		POST / {"janus":"ping","transaction":"1"} -> 200 {"janus":"pong","transaction":"1"}
		POST / {"janus":"ping","transaction":"1"}{"janus":"ping","transaction":"2"} -> 200 {"janus":"error","error":454}
		POST / {"janus":"ping" -> 200 {"janus":"error","error":454}
		POST / 5 -> 200 {"janus":"error","error":454}
		POST / [1] -> 200 {"janus":"error","error":455}
		POST / {"janus":"keepalive","transaction":"1"} -> 200 {"janus":"error","transaction":"1","error":457}
		POST /abc {"janus":"keepalive","transaction":"1"} -> 200 {"janus":"error","transaction":"1","error":457}
		POST /0 {"janus":"keepalive","transaction":"1"} -> 200 {"janus":"error","transaction":"1","error":457}
		POST /99 {"janus":"keepalive","transaction":"1"} -> 200 {"janus":"error","session_id":99,"transaction":"1","error":458}
		POST /99/x {"janus":"keepalive","transaction":"1"} -> 200 {"janus":"error","session_id":99,"transaction":"1","error":458}
		POST /99 {"janus":"ping","transaction":"1"} -> 200 {"janus":"error","session_id":99,"transaction":"1","error":458}`},
	{name: "ids in the path and in the body", script: httpAttach + `
		POST / {"janus":"keepalive","transaction":"1","session_id":$S} -> 200 {"janus":"ack","session_id":$S,"transaction":"1"}
		POST /$S {"janus":"keepalive","transaction":"1","session_id":$S} -> 200 {"janus":"ack","session_id":$S,"transaction":"1"}
		POST /$S {"janus":"keepalive","transaction":"1","session_id":"x"} -> 200 {"janus":"ack","session_id":$S,"transaction":"1"}
		POST /$S {"janus":"keepalive","transaction":"1","session_id":7} -> 200 {"janus":"error","error":457}
		POST /$S/$H {"janus":"keepalive","transaction":"1","handle_id":7} -> 200 {"janus":"error","error":457}
		POST /$S {"janus":"hangup","transaction":"1","handle_id":$H} -> 200 {"janus":"success","session_id":$S,"transaction":"1"}`},
	{name: "polls", script: httpAttach + httpMessage + `
		GET /$S -> 200 ` + httpEvent + httpMessage + `
		GET /$S?maxev=1 -> 200 ` + httpEvent + httpMessage + `
		GET /$S?maxev=x&rid=7 -> 200 ` + httpEvent + httpMessage + `
		GET /$S?maxev=5 -> 200 [` + httpEvent + `]
		POST /$S {"janus":"destroy","transaction":"3"} -> 200 {"janus":"success","session_id":$S,"transaction":"3"}
		GET /$S -> 404`},
	{name: "polls need the secret", setup: "auth", script: `
		POST / {"janus":"create","transaction":"1"} -> 200 {"janus":"error","transaction":"1","error":403}
		POST / {"janus":"create","transaction":"1","apisecret":"sek"} -> 200 {"janus":"success","transaction":"1","data":{"id":"$S="}}
		POST /$S {"janus":"attach","transaction":"2","plugin":"janus.plugin.echotest","apisecret":"sek"} -> 200 {"janus":"success","session_id":$S,"transaction":"2","data":{"id":"$H="}}
		POST /$S/$H {"janus":"message","transaction":"m","body":{"audio":true},"apisecret":"sek"} -> 200 {"janus":"ack","session_id":$S,"transaction":"m","hint":"$any"}
		GET /$S -> 403
		GET /$S?apisecret=no -> 403
		GET /99 -> 403
		GET /$S?apisecret=sek -> 200 ` + httpEvent},
}

// runHTTP plays a script against the API at root, with the names of p.
func runHTTP(t *testing.T, p *player, root, script string) {
	t.Helper()
	// Janus closes a socket now and then, which the next request on it may
	// notice too late.
	transport := &http.Transport{DisableKeepAlives: true}
	browser := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		request, want, ok := strings.Cut(p.fill(line), " -> ")
		require.True(t, ok, line)
		method, rest, _ := strings.Cut(request, " ")
		path, body, _ := strings.Cut(rest, " ")
		req, err := http.NewRequestWithContext(t.Context(), method, root+strings.TrimSuffix(path, "/"), strings.NewReader(body))
		require.NoError(t, err)
		resp, err := browser.Do(req)
		if want == "cut" {
			require.Error(t, err, line)
			continue
		}
		require.NoError(t, err, line)
		got, err := io.ReadAll(resp.Body)
		require.NoError(t, err, line)
		_ = resp.Body.Close()
		status, pattern, _ := strings.Cut(want, " ")
		require.Equal(t, status, resp.Status[:3], "%s\n%s", line, got)
		require.Equal(t, "*", resp.Header.Get("Access-Control-Allow-Origin"), line)
		if pattern == "" {
			require.Empty(t, string(got), line)
			continue
		}
		require.Equal(t, "application/json", resp.Header.Get("Content-Type"), line)
		why := p.match(p.parse(pattern), decode(t, got))
		require.Empty(t, why, "%s\n%s", line, got)
	}
}

func TestHTTPFacts(t *testing.T) {
	for _, f := range httpFacts {
		t.Run(f.name, func(t *testing.T) {
			_, a := listen(t, configurations[f.setup])
			runHTTP(t, newPlayer(t, nil), a.HTTP, f.script)
		})
	}
}

func TestJanusHTTPFacts(t *testing.T) {
	for _, f := range httpFacts {
		gw := gateways[f.setup].Get(t)
		t.Run(f.name, func(t *testing.T) { runHTTP(t, newPlayer(t, nil), gw.HTTP(), f.script) })
	}
}

// TestOnePollAtATime answers the other with a keepalive.
func TestOnePollAtATime(t *testing.T) {
	gw, a := listen(t, nil)
	post(t, a, `{"janus":"create","transaction":"1","id":1}`)
	post(t, a, `{"janus":"attach","transaction":"1","session_id":1,"plugin":"janus.plugin.echotest"}`)
	require.Equal(t, []uint64{1}, gw.Sessions())
	bodies := make(chan string, 2)
	for range 2 {
		go func() { // one poll, which the loop below waits for
			resp, err := http.Get(a.HTTP + "/1")
			if err != nil {
				bodies <- err.Error()
				return
			}
			defer resp.Body.Close()
			b, _ := io.ReadAll(resp.Body)
			bodies <- string(b)
		}()
	}
	// Nothing tells when a poll hangs: events until both are answered.
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var got []string
	for len(got) < 2 {
		select {
		case b := <-bodies:
			got = append(got, b)
		case <-tick.C:
			require.NoError(t, gw.Push(1, gw.Handles(1)[0], "webrtcup", nil, nil))
		}
	}
	require.Contains(t, got[0]+got[1], `"webrtcup"`)
	http.DefaultClient.CloseIdleConnections()
}

// TestHTTPFaults shows what becomes of exchanges.
func TestHTTPFaults(t *testing.T) {
	for name, test := range map[string]struct {
		fault    janustest.Fault
		executed bool
		status   int // 0: no answer
		body     string
	}{
		"cut before":        {janustest.Fault{Kind: janustest.CutConn, Frame: 1}, false, 0, ""},
		"reset after":       {janustest.Fault{Kind: janustest.ResetConn, Frame: 1, After: true}, true, 0, ""},
		"cut its answer":    {janustest.Fault{Kind: janustest.CutConn, Direction: janustest.ToClient, Frame: 1}, true, 0, ""},
		"cut behind it":     {janustest.Fault{Kind: janustest.CutConn, Direction: janustest.ToClient, Frame: 1, After: true}, true, 200, ""},
		"truncate":          {janustest.Fault{Kind: janustest.TruncateFrame, Direction: janustest.ToClient, Frame: 1, At: 9}, true, 200, `{"janus":`},
		"split":             {janustest.Fault{Kind: janustest.SplitFrame, Direction: janustest.ToClient, Frame: 1, At: 9}, true, 200, ""},
		"duplicate":         {janustest.Fault{Kind: janustest.DuplicateFrame, Direction: janustest.ToClient, Frame: 1}, true, 200, ""},
		"reorder":           {janustest.Fault{Kind: janustest.ReorderFrame, Frame: 1, For: time.Millisecond}, true, 200, ""},
		"lose":              {janustest.Fault{Kind: janustest.LoseFrame, Frame: 1}, false, 0, ""},
		"lose its answer":   {janustest.Fault{Kind: janustest.LoseFrame, Direction: janustest.ToClient, Frame: 1}, true, 0, ""},
		"fail":              {janustest.Fault{Kind: janustest.FailRequest, Frame: 1}, false, 200, ""},
		"no dials":          {janustest.Fault{Kind: janustest.RefuseDials, Frame: 1, After: true}, true, 200, ""},
		"restart before it": {janustest.Fault{Kind: janustest.RestartGateway, Frame: 1}, false, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			gw, a := listen(t, nil)
			gw.Inject(test.fault)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if strings.HasPrefix(name, "lose") {
				// It owns the patience of the client, which ends with what goes wrong.
				go func() {
					for len(gw.Injected()) == 0 && t.Context().Err() == nil {
						<-time.After(time.Millisecond)
					}
					cancel()
				}()
			}
			c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			req, err := http.NewRequestWithContext(ctx, "POST", a.HTTP, strings.NewReader(`{"janus":"create","transaction":"1"}`))
			require.NoError(t, err)
			resp, err := c.Do(req)
			if test.status == 0 {
				require.Error(t, err)
			} else {
				require.NoError(t, err)
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				require.NoError(t, err)
				require.Equal(t, test.status, resp.StatusCode)
				if test.body != "" {
					require.Equal(t, test.body, string(body))
				} else {
					decode(t, body)
				}
			}
			require.Equal(t, test.executed, len(gw.Sessions()) == 1)
		})
	}
}
