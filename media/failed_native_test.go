//go:build !js

package media_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/transport/v4/vnet"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
)

// A path that breaks is seen as disconnected, then failed, and an ICE restart
// mends it once there is a path again.
func TestPathBreaks(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	var broken atomic.Bool
	a, b := network(t, func(vnet.Chunk) bool { return !broken.Load() }, func(s *webrtc.SettingEngine) {
		s.SetICETimeouts(200*time.Millisecond, 200*time.Millisecond, 20*time.Millisecond)
	})
	src := newSource(t, media.Opus)
	_, err := a.Add(src, nil)
	require.NoError(t, err)
	negotiate(ctx, t, a, b, false)
	awaitState(t, a.link, media.StateConnected)
	awaitState(t, b.link, media.StateConnected)

	broken.Store(true)
	for _, e := range []end{a, b} {
		awaitState(t, e.link, media.StateDisconnected)
		require.ErrorContains(t, awaitState(t, e.link, media.StateFailed).Err, "TURN", "the fix")
		require.Equal(t, media.StateFailed, e.State())
	}

	broken.Store(false)
	negotiate(ctx, t, a, b, true)
	awaitState(t, a.link, media.StateConnected)
	awaitState(t, b.link, media.StateConnected)
	go feed(ctx, src)
	sink := newSink(t)
	attachAll(t, b, sink, 1)
	_, err = sink.Read(ctx)
	require.NoError(t, err)
}
