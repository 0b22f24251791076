//go:build !js

package media_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// TestGlare has both sides add pictures at once, again and again: b gives its
// offer up for a's, and makes it again.
func TestGlare(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	sources := openClip(ctx, t, true)
	for _, e := range []end{a, b} {
		_, err := e.Add(sources[1], nil)
		require.NoError(t, err)
	}
	negotiate(ctx, t, a, b, false)
	awaitState(t, a.link, media.StateConnected)
	for i := range 3 {
		for _, e := range []end{a, b} {
			_, err := e.Add(sources[0], nil)
			require.NoError(t, err)
		}
		offer, err := a.Offer(ctx, i == 2)
		require.NoError(t, err)
		_, err = b.Offer(ctx, i == 1)
		require.NoError(t, err)
		answer, err := b.Answer(ctx, offer)
		require.NoError(t, err)
		require.NoError(t, a.Accept(ctx, answer))
		negotiate(ctx, t, b, a, i == 1)
	}
	for _, e := range []end{a, b} {
		for n := 0; n < 3; {
			track := await[*media.TrackAdded](t, e.link).Track
			sink := newSink(t)
			require.NoError(t, track.Attach(sink))
			_, err := sink.Read(ctx)
			require.NoError(t, err)
			if track.Kind == media.Video {
				n++
			}
		}
	}
	require.ErrorIs(t, a.Accept(ctx, &client.JSEP{Type: "answer", SDP: "v=0"}), media.ErrState, "nothing waits")
}

// TestGlareNumbersCodecs has a sender that gave its offer up take the numbers that
// the other side has for the codecs.
func TestGlareNumbersCodecs(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	sources := openClip(ctx, t, true)
	addAll(t, a, sources[1:])
	addAll(t, b, sources[1:])
	negotiate(ctx, t, a, b, false)
	awaitState(t, b.link, media.StateConnected)
	addAll(t, a, sources[:1])
	sender := addAll(t, b, sources[:1])[0]
	offer, err := a.Offer(ctx, false)
	require.NoError(t, err)
	_, err = b.Offer(ctx, false)
	require.NoError(t, err)
	for _, line := range []string{"SAVPF 97", "a=rtpmap:97", "a=fmtp:97", "a=rtcp-fb:97"} {
		offer.SDP = strings.ReplaceAll(offer.SDP, line, strings.Replace(line, "97", "105", 1))
	}
	answer, err := b.Answer(ctx, offer)
	require.NoError(t, err)
	require.Contains(t, answer.SDP, "a=rtpmap:105 VP8")
	require.Equal(t, uint8(105), media.PayloadType(sender))
}
