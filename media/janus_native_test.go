//go:build !js

package media_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/media"
)

// attach attaches to a plugin of a Janus, and returns a peer for the handle.
func attach(ctx context.Context, t *testing.T, gw *janusproc.Server, plugin string) (*client.Handle, *media.Peer) {
	t.Helper()
	c, err := client.Dial(ctx, gw.WS(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	h, err := s.Attach(ctx, "janus.plugin."+plugin, nil)
	require.NoError(t, err)
	p, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return h, p
}

func TestJanusRecord(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	ctx := testContext(t)
	h, p := attach(ctx, t, gw, "echotest")
	sources := openClip(ctx, t, false)
	for _, src := range sources {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	rec, name := newRecording(t)
	require.NoError(t, start(ctx, h, p, both, false))
	for range 2 {
		ev := next[*media.TrackAdded](ctx, t, h)
		require.NotEmpty(t, ev.Track.MID)
		require.Equal(t, "janus", ev.Track.StreamID)
		require.NoError(t, ev.Track.Attach(rec))
	}
	for _, s := range sources {
		<-s.Done()
		require.NoError(t, s.Err())
	}
	require.Eventually(t, func() bool { return rec.Stats().VideoFrames >= 99 }, 30*time.Second, 10*time.Millisecond)
	i := checkRecording(t, rec, name, 4*time.Second)
	require.Less(t, (i.Track(media.Video).Start - i.Track(media.Audio).Start).Abs(), 80*time.Millisecond)
	s, err := p.Stats(ctx)
	require.NoError(t, err)
	require.Len(t, s.Streams, 4)
	require.NotZero(t, s.RTT)
	require.InDelta(t, 100, s.Stream(p.Senders()[0].MID(), false).Frames, 1)
}

func TestJanusRecordThroughRestart(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	ctx := testContext(t)
	h, p := attach(ctx, t, gw, "echotest")
	for _, src := range openClip(ctx, t, true) {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	rec, name := newRecording(t)
	require.NoError(t, start(ctx, h, p, both, false))
	for range 2 {
		require.NoError(t, next[*media.TrackAdded](ctx, t, h).Track.Attach(rec))
	}
	reach := func(d time.Duration) {
		require.Eventually(t, func() bool { return rec.Stats().Duration >= d }, 30*time.Second, 5*time.Millisecond)
	}
	reach(1500 * time.Millisecond)
	before, err := p.Stats(ctx)
	require.NoError(t, err)
	require.NoError(t, start(ctx, h, p, both, true))
	reach(4 * time.Second)
	after, err := p.Stats(ctx)
	require.NoError(t, err)
	require.NotEqual(t, before.Local, after.Local, "another port")
	i := checkRecording(t, rec, name, rec.Stats().Duration)
	t.Logf("gaps: video %v, audio %v", i.Track(media.Video).LongestGap, i.Track(media.Audio).LongestGap)
	require.Less(t, i.Track(media.Audio).LongestGap, time.Second)
}

func TestJanusFullTrickle(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{FullTrickle: true})
	ctx := testContext(t)
	h, p := attach(ctx, t, gw, "echotest")
	for _, src := range openClip(ctx, t, true) {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	begin := time.Now()
	require.NoError(t, start(ctx, h, p, both, false))
	for {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		require.NotEqual(t, "trickle", ev.Base().Kind, "the peer keeps them")
		if _, ok := ev.(*media.TrackAdded); ok {
			break
		}
	}
	t.Logf("first packet after %v", time.Since(begin))
	require.Less(t, time.Since(begin), 900*time.Millisecond, "no candidate was lost")
}

func TestJanusRefusesCodec(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	ctx := testContext(t)
	h, p := attach(ctx, t, gw, "echotest")
	for _, src := range openClip(ctx, t, true) {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	err := start(ctx, h, p, map[string]any{"videocodec": "h264"}, false)
	var refused *media.CodecError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, media.Video, refused.Kind)
	require.Equal(t, "VP8", refused.Codec)
	require.Equal(t, media.Audio, next[*media.TrackAdded](ctx, t, h).Track.Kind, "the rest works")
}

func TestJanusMute(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	ctx := testContext(t)
	h, p := attach(ctx, t, gw, "echotest")
	sources := openClip(ctx, t, true)
	video, err := p.Add(sources[0], nil)
	require.NoError(t, err)
	require.NoError(t, start(ctx, h, p, both, false))
	require.True(t, next[*client.MediaState](ctx, t, h).Receiving)
	require.NoError(t, video.Mute(true))
	require.False(t, next[*client.MediaState](ctx, t, h).Receiving)
	require.NoError(t, video.Mute(false))
	require.True(t, next[*client.MediaState](ctx, t, h).Receiving)
}

func TestJanusData(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	h, p := attach(ctx, t, gateway.Get(t), "echotest")
	testData(ctx, t, h, p)
}

func TestJanusOffers(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	h, p := attach(ctx, t, gateway.Get(t), "textroom")
	testOffers(ctx, t, h, p)
}

func TestJanusHangsUp(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	h, p := attach(ctx, t, gateway.Get(t), "echotest")
	addAll(t, end{Peer: p}, openClip(ctx, t, true))
	testHangsUp(ctx, t, h, p)
}

func TestJanusDetached(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	h, p := attach(ctx, t, gateway.Get(t), "echotest")
	addAll(t, end{Peer: p}, openClip(ctx, t, true))
	testDetached(ctx, t, h, p)
}
