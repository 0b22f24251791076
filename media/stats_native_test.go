//go:build !js

package media_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestStatsAnytime looks at a peer while it connects.
func TestStatsAnytime(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	for range 5 {
		a, b := newPair(t, nil)
		addAll(t, a, openClip(ctx, t, true))
		connected := make(chan struct{})
		go func() { // ends with the negotiation and the first way found; waited for below
			defer close(connected)
			for {
				s, err := a.Stats(ctx)
				if err != nil || s.Remote != "" {
					return
				}
			}
		}()
		negotiate(ctx, t, a, b, false)
		<-connected
		s, err := a.Stats(ctx)
		require.NoError(t, err)
		require.NotEmpty(t, s.Local)
		require.NoError(t, a.Close())
	}
}
