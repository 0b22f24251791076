//go:build !js

package videoroom_test

import (
	"context"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/rawpeer"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// smallest is the width of the smallest of the three sizes that simulcast sends,
// and the others are twice and four times that.
const smallest = rawpeer.Smallest

// simulcast returns a peer that sends in three sizes.
func simulcast(_ context.Context, t *testing.T, _ media.Link) client.Negotiator {
	t.Helper()
	return rawpeer.New(t, rawpeer.Options{Simulcast: true})
}

// newWidths returns what waits until a track is so many pixels wide.
func newWidths(t *testing.T, track *media.Track) func(context.Context, *testing.T, int) {
	t.Helper()
	sink, err := media.NewSampleSink()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	require.NoError(t, track.Attach(sink))
	return func(ctx context.Context, t *testing.T, width int) {
		t.Helper()
		for {
			frame, err := sink.Read(ctx)
			require.NoError(t, err)
			if int(binary.LittleEndian.Uint16(frame.Data[6:])) == width {
				return
			}
		}
	}
}

// speaker returns a peer that sends sound, and a function that makes it loud or
// silent.
func speaker(t *testing.T, _ media.Link) (client.Negotiator, func(loud bool)) {
	t.Helper()
	p := rawpeer.New(t, rawpeer.Options{})
	return p, func(loud bool) { p.Level(map[bool]int32{true: 10, false: 127}[loud]) }
}

// TestJanusSlowLink loses packets on the way to the gateway.
func TestJanusSlowLink(t *testing.T) {
	t.Parallel()
	ctx := bounded(t)
	s := session(ctx, t, janustesting.New(t, &janusproc.Options{SlowLinkThreshold: 3}).WS())
	room := newRoom(ctx, t, s, videoroom.CreateRequest{})
	pub := offering(ctx, t, s, room, func(media.Link) client.Negotiator { return rawpeer.New(t, rawpeer.Options{Lossy: true}) })
	var ours *videoroom.SlowLink
	var core *client.SlowLink
	for ours == nil || core == nil {
		ev, err := pub.Next(ctx)
		require.NoError(t, err)
		switch ev := ev.(type) {
		case *videoroom.SlowLink:
			ours = ev
		case *client.SlowLink:
			core = ev
		}
	}
	require.Equal(t, "audio", core.Media)
	require.False(t, core.Uplink, "it is the gateway that misses them")
	require.GreaterOrEqual(t, core.Lost, 3)
}
