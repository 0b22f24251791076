//go:build !js

package janustest_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
)

var update = flag.Bool("update", false, "write testdata/echotest.jsonl anew")

// TestJanusRecordAndReplay records at a real Janus, over each of its
// transports, and replays without it.
func TestJanusRecordAndReplay(t *testing.T) {
	gw := realGateway.Get(t)
	for _, url := range []string{gw.HTTP(), gw.Unix(), gw.WS()} {
		trace := recordAndReplay(t, func(o *client.Options) (*client.Client, error) {
			return client.Dial(t.Context(), url, o)
		})
		if *update && url == gw.WS() {
			require.NoError(t, os.WriteFile("testdata/echotest.jsonl", trace, 0o644))
		}
	}
}
