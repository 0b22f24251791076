//go:build !js

package echotest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest/gateway"
)

// embedded starts the gateway that needs no Janus.
func embedded(t *testing.T) string {
	t.Helper()
	a, err := gateway.New(t, nil).Listen()
	require.NoError(t, err)
	return a.WS
}

// TestEmbedded runs the tests against a real Janus on the gateway that stands in
// for it.
func TestEmbedded(t *testing.T) {
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body(t)
		})
	}
	t.Run("recording", TestJanusRecording)
	t.Run("bitrate", TestJanusBitrate)
	t.Run("layers", TestJanusLayers)
	t.Run("refused", TestJanusRefused)
}
