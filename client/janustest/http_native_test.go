//go:build !js

package janustest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest"
)

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
					require.True(t, json.Valid(body), "%s", body)
				}
			}
			require.Equal(t, test.executed, len(gw.Sessions()) == 1)
		})
	}
}
