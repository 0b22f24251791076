//go:build !js

package janustest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/conform"
)

// FuzzHTTP sends any request to the REST API: what answers is JSON, or nothing.
func FuzzHTTP(f *testing.F) {
	for _, seed := range conform.Seeds() {
		f.Add("POST", "/", seed)
	}
	for _, line := range conform.Exchanges() {
		method, rest, _ := strings.Cut(line, " ")
		path, body, _ := strings.Cut(rest, " ")
		f.Add(method, path, []byte(body))
	}
	f.Add("POST", "/", []byte(`{"janus":"create","transaction":"1","id":5}`))
	f.Add("GET", "/5?maxev=3&token=%", []byte(nil))
	gw := janustest.NewServer(nil)
	f.Cleanup(gw.Close)
	a, err := gw.Listen()
	require.NoError(f, err)
	browser := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	f.Fuzz(func(t *testing.T, method, path string, body []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		poll := method == "" || method == http.MethodGet
		if poll {
			ctx, cancel = context.WithTimeout(ctx, 20*time.Millisecond) // a poll may wait for ever
			defer cancel()
		}
		req, err := http.NewRequestWithContext(ctx, method, a.HTTP+path, bytes.NewReader(body))
		if err != nil {
			return
		}
		resp, err := browser.Do(req)
		if err != nil {
			require.False(t, !poll && errors.Is(err, context.DeadlineExceeded), "%s %s hangs", method, path)
			return
		}
		defer resp.Body.Close()
		got, err := io.ReadAll(resp.Body)
		if err == nil && len(got) > 0 && resp.StatusCode == http.StatusOK {
			require.True(t, json.Valid(got), "%s", got)
		}
	})
}
