//go:build !js

package faults

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

// steady is longer than a connection has to be open for its loss to be a new one,
// with a first try at once.
const steady = 2500 * time.Millisecond

// R4: a gateway that is killed and comes back, again and again, under two people
// in a video room. Whoever publishes does so again, and the other receives it
// again, and nobody did anything for it. In the long form they are in the room
// within 1.5 s after the gateway listens, 95 of 100 times, and media flows within
// 3 s.
func TestJanusKilled(t *testing.T) {
	gw := gateway(t, withRoom(janusproc.Options{}))
	ada, bob := enter(t, gw.WS(), "Ada", nil), enter(t, gw.WS(), "Bob", nil)
	ada.publish(t)
	bob.flows(t)
	var joins, flows []time.Duration
	for range long(6, 100) {
		after(t, steady)
		gw.Kill()
		require.NoError(t, gw.Restart(bounded(t, patience)))
		began, before := time.Now(), bob.frames.Load()
		w := watcher(t, gw.WS(), nil)
		ctx := bounded(t, patience)
		eventually(t, "both are in the room", func() bool { return present(ctx, w, 2) })
		joins = append(joins, time.Since(began))
		eventually(t, "media flows again", func() bool { return bob.frames.Load() > before })
		flows = append(flows, time.Since(began))
		bob.flows(t)
		require.NoError(t, w.Session().Client().Close())
	}
	require.NoError(t, ada.room.Err())
	require.NoError(t, bob.room.Err())
	require.Empty(t, ada.failures())
	require.Empty(t, bob.failures())
	require.GreaterOrEqual(t, bob.rebuilt.Load(), int64(len(joins)))
	t.Logf("%d times; in the room after %v (median), %v (95 %%); media after %v, %v", len(joins),
		percentile(joins, 50), percentile(joins, 95), percentile(flows, 50), percentile(flows, 95))
	if soak {
		require.LessOrEqual(t, percentile(joins, 95), 1500*time.Millisecond)
		require.LessOrEqual(t, percentile(flows, 95), 3*time.Second)
	}
}
