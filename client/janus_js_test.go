package client

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
)

func TestBrowserEverything(t *testing.T) {
	gw := page.Janus(t)
	for name, url := range map[string]string{"ws": gw.WS, "http": gw.HTTP} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			c, err := Dial(ctx, url, nil)
			require.NoError(t, err)
			everything(ctx, t, c, gw.Name)
			require.NoError(t, c.Close())
			require.Zero(t, c.calls.pending())
		})
	}
}

// TestBrowserClaim has another connection take the session over.
func TestBrowserClaim(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	gw := page.Janus(t)
	one, err := Dial(ctx, gw.WS, nil)
	require.NoError(t, err)
	defer one.Close()
	s, err := one.NewSession(ctx)
	require.NoError(t, err)
	two, err := Dial(ctx, gw.WS, nil)
	require.NoError(t, err)
	defer two.Close()
	claimed, err := two.ClaimSession(ctx, s.ID())
	require.NoError(t, err)
	require.Equal(t, s.ID(), claimed.ID())
	_, err = claimed.Attach(ctx, echoTest, nil)
	require.NoError(t, err)
	require.NoError(t, claimed.Destroy(ctx))
}
