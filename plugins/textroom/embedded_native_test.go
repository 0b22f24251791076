//go:build !js

package textroom_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest/gateway"
)

// embedded starts an embedded gateway for one test and returns its URL.
func embedded(t *testing.T, opts *gateway.Options) string {
	t.Helper()
	address, err := gateway.New(t, opts).Listen()
	require.NoError(t, err)
	return address.WS
}

// TestEmbedded runs what runs against the real Janus against the embedded gateway.
func TestEmbedded(t *testing.T) {
	for name, body := range map[string]func(context.Context, *testing.T, string){
		"chat": chat, "join errors": joinErrors, "restart": restart, "rejoin": rejoin, "again and again": againAndAgain,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body(bounded(t), t, embedded(t, nil))
		})
	}
	t.Run("string ids", func(t *testing.T) {
		t.Parallel()
		stringIDs(bounded(t), t, embedded(t, &gateway.Options{StringIDs: true}))
	})
}

func TestEmbeddedRooms(t *testing.T) {
	for name, body := range roomBodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			manage(t, embedded(t, nil), body)
		})
	}
}
