//go:build !js

package faults

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

// R5: a gateway that stands still. Its connections stay open and nobody says
// anything; the keepalive has to find out.
func TestJanusFrozen(t *testing.T) {
	t.Parallel()
	for _, stop := range long([]time.Duration{2 * time.Second, 20 * time.Second},
		[]time.Duration{2 * time.Second, 20 * time.Second, 90 * time.Second}) {
		t.Run(stop.String(), func(t *testing.T) {
			t.Parallel()
			detect := stop > 10*time.Second
			gw := gateway(t, withRoom(janusproc.Options{ReclaimTimeout: time.Minute}))
			opts := &client.Options{KeepAlive: 5 * time.Second, Reconnect: client.Reconnect{Budget: 5 * time.Minute}}
			ada, bob := enter(t, gw.WS(), "Ada", opts), enter(t, gw.WS(), "Bob", opts)
			ada.publish(t)
			bob.flows(t)
			require.NoError(t, gw.Pause())
			began := time.Now()
			over := time.After(stop)
			if detect {
				eventually(t, "somebody notices", func() bool { return bob.interrupted.Load() > 0 })
				t.Logf("noticed after %v", time.Since(began))
				require.Less(t, time.Since(began), min(stop, long(20*time.Second, 15*time.Second)))
			}
			<-over
			require.NoError(t, gw.Resume())
			if detect {
				eventually(t, "Bob is back", func() bool { return bob.claimed.Load()+bob.rebuilt.Load() > 0 })
			}
			bob.flows(t)
			t.Logf("after %v of %v Bob was interrupted %d times, claimed %d, rebuilt %d", time.Since(began).Round(time.Millisecond), stop,
				bob.interrupted.Load(), bob.claimed.Load(), bob.rebuilt.Load())
			switch {
			case !detect:
				require.Zero(t, bob.interrupted.Load())
				require.Zero(t, ada.interrupted.Load())
			case stop < time.Minute:
				require.Zero(t, bob.rebuilt.Load(), "the session was still there")
				require.Zero(t, ada.rebuilt.Load())
			}
			require.NoError(t, bob.room.Err())
			require.NoError(t, ada.room.Err())
			require.Empty(t, bob.failures())
		})
	}
}
