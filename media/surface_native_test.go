//go:build !js

package media_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
)

func TestNoPage(t *testing.T) { testNoPage(t) }

// What an encoder would do says that there is none.
func TestNoEncoder(t *testing.T) {
	ctx := testContext(t)
	a, _ := newPair(t, nil)
	video := openClip(ctx, t, true)[0]
	require.Nil(t, video.Underlying())
	for _, o := range []media.SendOptions{
		{MaxBitrate: 1}, {MaxFrameRate: 1}, {Simulcast: true}, {ScalabilityMode: "L1T2"},
	} {
		_, err := a.Add(video, &o)
		require.ErrorIs(t, err, errors.ErrUnsupported)
	}
	var refused *media.CodecError
	_, err := a.Add(video, &media.SendOptions{Codecs: []string{"VP9"}})
	require.ErrorAs(t, err, &refused)
	require.Empty(t, a.Senders())
	s, err := a.Add(video, &media.SendOptions{Codecs: []string{"VP9", "vp8"}})
	require.NoError(t, err)
	require.ErrorIs(t, s.Configure(ctx, media.SendParameters{MaxBitrate: new(1)}), errors.ErrUnsupported)
	require.ErrorIs(t, s.DTMF(ctx, "1", time.Second, time.Second), errors.ErrUnsupported)
	require.False(t, s.Muted())
	require.NoError(t, s.Mute(true))
	require.True(t, s.Muted())
}
