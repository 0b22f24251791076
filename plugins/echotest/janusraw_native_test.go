//go:build !js

package echotest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/rawpeer"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// TestJanusLayers sends a video in three sizes and chooses which comes back.
func TestJanusLayers(t *testing.T) {
	t.Parallel()
	ctx, h := attach(t, gatewayURL(t))
	require.NoError(t, h.Start(ctx, echotest.Config{}, rawpeer.New(t, rawpeer.Options{Simulcast: true})))
	for _, layer := range []int{0, 2, 1} {
		require.NoError(t, h.Configure(ctx, echotest.Config{Substream: &layer}))
		for {
			ev := await[*echotest.LayerChanged](ctx, t, h)
			require.Equal(t, "vp8", ev.VideoCodec)
			if ev.Substream != nil && *ev.Substream == layer {
				break
			}
		}
	}
	require.NoError(t, h.Stop(ctx))
}

// TestJanusSlowLink loses packets on the way to the gateway.
func TestJanusSlowLink(t *testing.T) {
	t.Parallel()
	ctx, h := attach(t, janustesting.New(t, &janusproc.Options{SlowLinkThreshold: 3}).WS())
	require.NoError(t, h.Start(ctx, echotest.Config{}, rawpeer.New(t, rawpeer.Options{Lossy: true})))
	require.Equal(t, "audio", await[*echotest.SlowLink](ctx, t, h).Media)
	require.GreaterOrEqual(t, await[*client.SlowLink](ctx, t, h).Lost, 3)
	require.NoError(t, h.Stop(ctx))
}

// TestJanusRefused sends what the plugin refuses, and does not wait for that.
func TestJanusRefused(t *testing.T) {
	t.Parallel()
	ctx, h := attach(t, gatewayURL(t))
	require.NoError(t, h.Send(ctx, map[string]any{"bitrate": "much"}, nil))
	require.ErrorIs(t, await[*echotest.Error](ctx, t, h).Err, echotest.ErrInvalidElement)
}
