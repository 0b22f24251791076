//go:build !js

package videoroom_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	embedded "github.com/bifrons-rtc/bifrons/client/janustest/gateway"
)

// others are the bodies that need what the embedded gateway does not do.
var others = map[string]bool{"Forward": true, "RemotePublisher": true}

// TestEmbedded runs the bodies against the embedded gateway, one for each.
func TestEmbedded(t *testing.T) {
	for name, body := range bodies {
		if others[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body(t)
		})
	}
	t.Run("Interleavings", TestJanusInterleavings)
}

// running are the embedded gateways of the tests that run, by their names.
var running sync.Map

// embeddedGateway returns the URL of the test's own embedded gateway; false if the
// test is for the real one.
func embeddedGateway(t *testing.T, opts *embedded.Options) (url string, ok bool) {
	t.Helper()
	if !strings.HasPrefix(t.Name(), "TestEmbedded/") {
		return "", false
	}
	if url, ok := running.Load(t.Name()); ok {
		return url.(string), true
	}
	gw := embedded.New(t, opts)
	address, err := gw.Listen()
	require.NoError(t, err)
	running.Store(t.Name(), address.WS)
	t.Cleanup(func() { running.Delete(t.Name()) })
	return address.WS, true
}
