//go:build !js

package admin

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
)

// modules is where Debian has the event handlers and loggers of Janus; the star
// is the architecture.
const modules = "/usr/lib/*/janus"

// TestJanusModules has a gateway with an event handler and a logger, which
// janusproc has not: they come with a restart.
func TestJanusModules(t *testing.T) {
	events := make(chan map[string]any, 1)
	backend := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		var batch []map[string]any
		if json.Unmarshal(body, &batch) != nil {
			batch = make([]map[string]any, 1)
			_ = json.Unmarshal(body, &batch[0])
		}
		for _, ev := range batch {
			if ev["type"] == float64(4) { // external
				select {
				case events <- ev:
				default:
				}
			}
		}
	}))
	defer backend.Close()
	logged := filepath.Join(t.TempDir(), "log.json")
	srv := janustesting.New(t, &janusproc.Options{Append: map[string]string{
		"janus.jcfg": `events: { broadcast = true, disable = "libjanus_jsonlog.so" }
loggers: { disable = "libjanus_sampleevh.so" }`,
		"janus.eventhandler.sampleevh.jcfg": `general: { enabled = true, events = "external", backend = "` + backend.URL + `" }`,
		"janus.logger.jsonlog.jcfg":         `general: { enabled = true, filename = "` + logged + `" }`,
	}})
	folder := filepath.Join(srv.Dir(), "none")
	require.NoError(t, os.Mkdir(folder, 0o700))
	for _, object := range []string{"events/libjanus_sampleevh.so", "loggers/libjanus_jsonlog.so"} {
		found, err := filepath.Glob(filepath.Join(modules, object))
		require.NoError(t, err)
		require.NotEmpty(t, found, "Debian's Janus has a module %s", object)
		require.NoError(t, os.Symlink(found[0], filepath.Join(folder, filepath.Base(object))))
	}
	srv.Kill()
	require.NoError(t, srv.Restart(bounded(t)))

	const handler, logger = "janus.eventhandler.sampleevh", "janus.logger.jsonlog"
	everyTransport(t, srv, func(t *testing.T, c *Client) {
		ctx := bounded(t)
		info, err := c.Info(ctx)
		require.NoError(t, err)
		require.Contains(t, info.EventHandlers, handler)
		require.Contains(t, info.Loggers, logger)

		_, err = c.QueryEventHandler(ctx, handler, fields{"request": "tweak", "events": "external"})
		require.NoError(t, err)
		_, err = c.QueryEventHandler(ctx, handler, fields{"request": "nonsense"})
		require.ErrorIs(t, err, client.PluginCode{Plugin: handler, Code: 411})
		_, err = c.QueryEventHandler(ctx, "janus.eventhandler.nope", nil)
		require.ErrorIs(t, err, client.PluginNotFound)

		resp, err := c.QueryLogger(ctx, logger, fields{"request": "info"})
		require.NoError(t, err)
		require.JSONEq(t, `{"result":200}`, string(resp))
		_, err = c.QueryLogger(ctx, logger, fields{"request": "nonsense"})
		require.ErrorIs(t, err, client.PluginCode{Plugin: logger, Code: 411})
		_, err = c.QueryLogger(ctx, "janus.logger.nope", nil)
		require.ErrorIs(t, err, client.PluginNotFound)

		require.NoError(t, c.CustomEvent(ctx, "test", fields{"from": t.Name()}))
		select {
		case ev := <-events:
			require.Equal(t, map[string]any{"schema": "test", "data": map[string]any{"from": t.Name()}}, ev["event"])
		case <-ctx.Done():
			t.Fatal("the event did not get to the handler")
		}
		require.ErrorIs(t, c.Call(ctx, Request{Name: "custom_event", Body: fields{"schema": "s"}}, nil), client.MissingElement)

		hidden := "hidden " + t.Name()
		require.NoError(t, c.CustomLogline(ctx, hidden, 7))
		for level, line := range map[int]string{0: "information " + t.Name(), 2: "an error " + t.Name()} {
			require.NoError(t, c.CustomLogline(ctx, line, level))
			// A thread of its own writes the log.
			require.Eventually(t, func() bool { return strings.Contains(srv.Log(), line) }, 30*time.Second, time.Millisecond)
		}
		require.False(t, strings.Contains(srv.Log(), hidden), "the level of the log is 4")
		require.ErrorIs(t, c.Call(ctx, Request{Name: "custom_logline"}, nil), client.MissingElement)
	})
}
