//go:build !js

package media_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/transport/v4/vnet"
	"github.com/stretchr/testify/require"
)

// What could not be sent for a while is sent soon after, however long that was.
func TestDataAfterASilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := testContext(t)
		var silent atomic.Bool
		a, b := network(t, func(vnet.Chunk) bool { return !silent.Load() })
		near, far := openChannel(ctx, t, a, b, nil)
		silent.Store(true)
		require.NoError(t, near.SendText(ctx, "x"))
		<-time.After(16 * time.Second)
		silent.Store(false)
		back := time.Now()
		_, err := far.Receive(ctx)
		require.NoError(t, err)
		require.LessOrEqual(t, time.Since(back), 3*time.Second)
		// One after the other: who waits for a lock, as pion does that closes both
		// ends at once, stops the clock of the bubble.
		require.NoError(t, a.Close())
		synctest.Wait()
	})
}
