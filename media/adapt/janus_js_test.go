package adapt_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/media/adapt"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// TestBrowserLayers has a real Janus send back what fits the place it is shown in.
func TestBrowserLayers(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c, err := client.Dial(ctx, page.Janus(t).WS, nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	echo, err := echotest.Attach(ctx, s, nil)
	require.NoError(t, err)
	peer, err := media.NewPeer(echo, nil)
	require.NoError(t, err)
	defer peer.Close()
	camera, err := media.Device(ctx, media.DeviceRequest{Video: true})
	require.NoError(t, err)
	defer camera[0].Close()
	sender, err := peer.Add(camera[0], &media.SendOptions{Simulcast: true})
	require.NoError(t, err)
	require.NoError(t, echo.Start(ctx, echotest.Config{}, peer))

	var full int
	receives := func(what string, ok func(height int) bool) {
		t.Helper()
		require.Eventually(t, func() bool {
			s, err := peer.Stats(ctx)
			require.NoError(t, err)
			in := s.Stream(sender.MID(), false)
			if in == nil || in.Height == 0 {
				return false
			}
			full = max(full, in.Height)
			return ok(in.Height)
		}, time.Minute, 100*time.Millisecond, what)
	}
	receives("the largest", func(height int) bool {
		s, err := peer.Stats(ctx)
		require.NoError(t, err)
		return height == s.Stream(sender.MID(), true).Height && height >= 480
	})
	r := adapt.Receive(peer, sender.MID(), func(ctx context.Context, l adapt.Layer) error {
		return echo.Configure(ctx, echotest.Config{Substream: &l.Substream, Temporal: &l.Temporal})
	}, nil)
	defer r.Stop()
	r.Shown(full / 4)
	// Chromium sends two layers of so small a picture: the gateway takes the lower one.
	receives("a smaller one", func(height int) bool { return height < full })
	require.Zero(t, r.Layer().Substream)
	r.Shown(0)
	receives("the largest again", func(height int) bool { return height == full })
	require.NoError(t, echo.Stop(ctx))
}
