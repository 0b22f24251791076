//go:build !js

package media_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
)

// An offer that does not name its SSRCs leaves Janus only the mid in the packets
// to tell sound from pictures.
func TestJanusTellsStreamsByTheirMID(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	h, p := attach(ctx, t, gateway.Get(t), "echotest")
	for _, src := range openClip(ctx, t, true) {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	offer, err := p.Offer(ctx, false)
	require.NoError(t, err)
	lines := strings.Split(offer.SDP, "\r\n")
	named := len(lines)
	lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "a=ssrc") })
	require.Less(t, len(lines), named)
	offer.SDP = strings.Join(lines, "\r\n")
	r, err := h.Request(ctx, both, offer)
	require.NoError(t, err)
	require.NoError(t, p.Accept(ctx, r.JSEP))
	kinds := []media.Kind{next[*media.TrackAdded](ctx, t, h).Track.Kind, next[*media.TrackAdded](ctx, t, h).Track.Kind}
	require.ElementsMatch(t, []media.Kind{media.Audio, media.Video}, kinds)
}
