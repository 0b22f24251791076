package admin

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
)

func TestWatchHandle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, nil)
		start := time.Now()
		go func() { // the gateway, up to the end of the handle
			for n := range 5 {
				m := f.expect("handle_info")
				if n == 4 {
					f.refuse(m, 459)
					return
				}
				f.success(m, `,"info":{"handle_id":2}`)
			}
		}()
		var at []time.Duration
		var err error
		for info, watchErr := range c.WatchHandle(t.Context(), 1, 2, nil) {
			at = append(at, time.Since(start))
			if err = watchErr; err != nil {
				require.Nil(t, info)
				continue // it ends by itself
			}
			require.EqualValues(t, 2, info.HandleID)
			if len(at) == 2 {
				time.Sleep(2500 * time.Millisecond) //nolint:forbidigo // virtual time
			}
		}
		require.ErrorIs(t, err, client.HandleNotFound)
		// At 1 s the loop took its time until 3.5 s: one look was left out.
		require.Equal(t, []time.Duration{0, time.Second, 3500 * time.Millisecond, 4 * time.Second, 5 * time.Second}, at)
	})
}

func TestWatchHandleEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, nil)
		answer := func() { f.success(f.expect("handle_info"), `,"info":{}`) }
		go answer()
		for _, err := range c.WatchHandle(t.Context(), 1, 2, nil) {
			require.NoError(t, err)
			break // leaves nothing behind
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go answer()
		rounds := 0
		for _, err := range c.WatchHandle(ctx, 1, 2, &WatchOptions{Interval: time.Hour, PluginOnly: true}) {
			if rounds++; rounds == 2 {
				require.ErrorIs(t, err, context.Canceled)
				continue
			}
			require.NoError(t, err)
			cancel()
		}
		require.Equal(t, 2, rounds)
		go answer()
		rounds = 0
		start := time.Now()
		for _, err := range c.WatchHandle(t.Context(), 1, 2, &WatchOptions{Interval: time.Hour}) {
			if rounds++; rounds == 2 {
				require.ErrorIs(t, err, client.ErrClosed)
				continue
			}
			require.NoError(t, err)
			require.NoError(t, f.conn.Close())
		}
		require.Equal(t, 2, rounds)
		require.Zero(t, time.Since(start), "the loss is known before the next look")
	})
}
