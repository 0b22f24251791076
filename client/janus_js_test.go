package client

import (
	"context"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
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

// TestBrowserBusyPage has the page call Go without a pause for longer than a
// gateway may be silent. No event is handled in that time, and no ack read.
func TestBrowserBusyPage(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := Dial(ctx, page.Janus(t).WS, &Options{KeepAlive: 200 * time.Millisecond})
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	epoch := c.link.Load()
	for range 3 {
		resolved := js.Global().Get("Promise").Call("resolve")
		for began := time.Now(); time.Since(began) < 2*time.Second; {
			_, err = jsx.Await(ctx, resolved) // goes on in the same turn of the page
			require.NoError(t, err)
		}
		_, err = s.Attach(ctx, echoTest, nil)
		require.NoError(t, err)
	}
	require.Same(t, epoch, c.link.Load(), "the connection is the one there was")
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
