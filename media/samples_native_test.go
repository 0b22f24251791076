//go:build !js

package media_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
)

func newSource(t *testing.T, mime string) *media.SampleSource {
	t.Helper()
	s, err := media.NewSampleSource(media.Codec{MIME: mime})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func newSink(t *testing.T) *media.SampleSink {
	t.Helper()
	s, err := media.NewSampleSink()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// sound is an Opus packet of 20 ms.
func sound(n int) media.Sample {
	return media.Sample{Data: []byte{31 << 3, byte(n)}, PTS: time.Duration(n) * 20 * time.Millisecond, Duration: 20 * time.Millisecond}
}

// picture is something like a VP8 frame.
func picture(n int, key bool) media.Sample {
	data := bytes.Repeat([]byte{byte(n)}, 3000)
	data[0] = 1
	if key {
		copy(data, []byte{0, 2, 0, 0x9d, 0x01, 0x2a, 64, 0, 48, 0})
	}
	return media.Sample{Data: data, PTS: time.Duration(n) * 40 * time.Millisecond, Duration: 40 * time.Millisecond}
}

// feed writes sound until ctx ends or the source is closed.
func feed(ctx context.Context, s *media.SampleSource) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for n := 0; s.Write(ctx, sound(n)) == nil; n++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		case <-s.Done():
			return
		}
	}
}

// join connects src to a sink.
func join(ctx context.Context, t *testing.T, src media.Source) (a, b end, s *media.Sender, sink *media.SampleSink) {
	t.Helper()
	a, b = newPair(t, nil)
	s, err := a.Add(src, nil)
	require.NoError(t, err)
	negotiate(ctx, t, a, b, false)
	awaitState(t, a.link, media.StateConnected)
	return a, b, s, newSink(t)
}

func TestSamplesArriveAsTheyWere(t *testing.T) {
	t.Parallel()
	unit := append([]byte{0, 0, 0, 1, 0x65}, bytes.Repeat([]byte{7}, 3000)...)
	vp9 := append([]byte{0x82, 0x49, 0x83, 0x42, 0x20, 0x03, 0xf0, 0x02, 0xf0}, bytes.Repeat([]byte{7}, 3000)...)
	for mime, data := range map[string][]byte{
		media.VP8: picture(0, true).Data, media.VP9: vp9, media.H264: unit, media.Opus: sound(0).Data,
	} {
		t.Run(mime, func(t *testing.T) {
			ctx := testContext(t)
			src := newSource(t, mime)
			_, b, _, sink := join(ctx, t, src)
			for n := range 20 {
				require.NoError(t, src.Write(ctx, media.Sample{Data: data, PTS: time.Duration(n) * 20 * time.Millisecond}))
			}
			attachAll(t, b, sink, 1)
			for n := range 20 {
				s, err := sink.Read(ctx)
				require.NoError(t, err)
				require.Equal(t, data, s.Data)
				require.True(t, s.Keyframe)
				require.InDelta(t, time.Duration(n)*20*time.Millisecond, s.PTS, float64(time.Millisecond))
				if mime == media.Opus {
					require.Equal(t, 20*time.Millisecond, s.Duration)
				}
			}
		})
	}
}

func TestSampleTimes(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	src := newSource(t, media.Opus)
	_, b, _, sink := join(ctx, t, src)
	const ms = time.Millisecond
	for _, s := range []media.Sample{
		{PTS: 5 * time.Hour, Duration: 20 * ms},
		{PTS: 5*time.Hour + 10*ms, Duration: 20 * ms}, // overlaps, as it likes
		{PTS: 0, Duration: 20 * ms},                   // follows
		{PTS: 0, Duration: 20 * ms},
		{PTS: 5*time.Hour + 100*ms},
		{},
	} {
		s.Data = sound(0).Data
		require.NoError(t, src.Write(ctx, s))
	}
	attachAll(t, b, sink, 1)
	for _, want := range []time.Duration{0, 10 * ms, 30 * ms, 50 * ms, 100 * ms, 100 * ms} {
		s, err := sink.Read(ctx)
		require.NoError(t, err)
		require.InDelta(t, want, s.PTS, float64(ms/10))
	}
}

func TestSampleSource(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	_, err := media.NewSampleSource(media.Codec{MIME: "video/what"})
	require.Error(t, err)
	src := newSource(t, "VIDEO/vp8")
	require.Equal(t, media.Codec{MIME: media.VP8, Kind: media.Video, ClockRate: 90000}, src.Codec())
	require.Equal(t, media.Video, src.Kind())

	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, src.Write(short, picture(0, true)), context.DeadlineExceeded, "nobody is connected")

	a, b := newPair(t, nil)
	_, err = a.Add(src, nil)
	require.NoError(t, err)
	wrote := make(chan error, 1)
	go func() { wrote <- src.Write(ctx, picture(0, true)) }()
	negotiate(ctx, t, a, b, false)
	require.NoError(t, <-wrote)

	track := await[*media.TrackAdded](t, b.link).Track
	require.NoError(t, track.RequestKeyframe())
	<-src.KeyframeRequests()

	require.NoError(t, src.Close())
	require.NoError(t, src.Close())
	<-src.Done()
	require.ErrorIs(t, src.Err(), media.ErrClosed)
	require.ErrorIs(t, src.Write(ctx, picture(0, true)), media.ErrClosed)
}

func TestSampleSink(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	src := newSource(t, media.Opus)
	_, b, _, sink := join(ctx, t, src)
	require.NoError(t, src.Write(ctx, sound(0)))
	track := attachAll(t, b, sink, 1)[0]
	require.ErrorIs(t, track.Attach(sink), media.ErrState, "it has a track")
	_, err := sink.Read(ctx)
	require.NoError(t, err)

	// Too slow a reader learns what it lost.
	for n := 1; n <= 300; n++ {
		require.NoError(t, src.Write(ctx, sound(n)))
		// Sound that is lost is not sent again: leave the network time.
		require.Eventually(t, func() bool {
			s, err := b.Stats(ctx)
			return err == nil && n-int(s.Stream(track.MID, false).Packets) < 10
		}, 30*time.Second, time.Millisecond)
	}
	require.Eventually(t, func() bool {
		s, err := b.Stats(ctx)
		return err == nil && s.Stream(track.MID, false).Packets == 301
	}, 30*time.Second, time.Millisecond)
	_, err = sink.Read(ctx)
	var dropped *media.DroppedError
	require.ErrorAs(t, err, &dropped)
	require.Equal(t, 44, dropped.Count)
	s, err := sink.Read(ctx)
	require.NoError(t, err)
	require.Equal(t, sound(45).Data, s.Data)

	// Another sink takes over; this one may get another track.
	other := newSink(t)
	require.NoError(t, track.Attach(other))
	require.NoError(t, src.Write(ctx, sound(301)))
	s, err = other.Read(ctx)
	require.NoError(t, err)
	require.Equal(t, sound(301).Data, s.Data)
	require.NoError(t, track.Attach(nil))
	require.NoError(t, track.Attach(sink))

	require.NoError(t, other.Close())
	_, err = other.Read(ctx)
	require.ErrorIs(t, err, media.ErrClosed)
	require.ErrorIs(t, track.Attach(other), media.ErrClosed)

	// The end of the track ends the sink, once it is empty.
	require.NoError(t, b.Close())
	for err = nil; err == nil; {
		_, err = sink.Read(ctx)
	}
	require.ErrorIs(t, err, media.ErrClosed)
	require.ErrorIs(t, track.Attach(sink), media.ErrClosed)
}

func TestMute(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	src := newSource(t, media.VP8)
	_, b, sender, sink := join(ctx, t, src)
	write := func(n int, key bool) { require.NoError(t, src.Write(ctx, picture(n, key))) }
	read := func() media.Sample {
		s, err := sink.Read(ctx)
		require.NoError(t, err)
		return s
	}
	write(0, false) // nothing to begin with
	write(1, true)
	attachAll(t, b, sink, 1)
	require.Equal(t, picture(1, true).Data, read().Data)
	write(2, false)
	require.Equal(t, picture(2, false).Data, read().Data)
	require.NoError(t, sender.Mute(true))
	write(3, false)
	write(4, true)
	for len(src.KeyframeRequests()) > 0 {
		<-src.KeyframeRequests()
	}
	require.NoError(t, sender.Mute(false))
	<-src.KeyframeRequests()
	write(5, false)
	write(6, true)
	s := read()
	require.Equal(t, picture(6, true).Data, s.Data, "a picture makes no sense before a keyframe")
	require.InDelta(t, 200*time.Millisecond, s.PTS, float64(time.Millisecond), "time went on")
	st, err := b.Stats(ctx)
	require.NoError(t, err)
	require.Zero(t, st.Stream("0", false).Lost)
}

func TestReplace(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	one, two := newSource(t, media.Opus), newSource(t, media.Opus)
	_, b, sender, sink := join(ctx, t, one)
	require.NoError(t, one.Write(ctx, sound(1)))
	attachAll(t, b, sink, 1)
	first, err := sink.Read(ctx)
	require.NoError(t, err)

	require.NoError(t, sender.Replace(ctx, two))
	require.NoError(t, sender.Replace(ctx, two))
	require.NoError(t, one.Write(ctx, sound(2)), "to nobody")
	require.NoError(t, two.Write(ctx, sound(5000)))
	s, err := sink.Read(ctx)
	require.NoError(t, err)
	require.Equal(t, sound(5000).Data, s.Data)
	require.Greater(t, s.PTS, first.PTS)
	require.Less(t, s.PTS, first.PTS+5*time.Second, "timestamps go on")

	require.NoError(t, sender.Replace(ctx, nil))
	require.NoError(t, two.Write(ctx, sound(5001)), "to nobody")
	require.NoError(t, sender.Replace(ctx, one))
	require.NoError(t, one.Write(ctx, sound(3)))
	s, err = sink.Read(ctx)
	require.NoError(t, err)
	require.Equal(t, sound(3).Data, s.Data)

	var refused *media.CodecError
	require.ErrorAs(t, sender.Replace(ctx, newSource(t, media.VP8)), &refused)
	require.ErrorContains(t, refused, "negotiated for opus")
	require.NoError(t, one.Write(ctx, sound(4)))
	s, err = sink.Read(ctx)
	require.NoError(t, err)
	require.Equal(t, sound(4).Data, s.Data)
	st, err := b.Stats(ctx)
	require.NoError(t, err)
	require.Zero(t, st.Stream("0", false).Lost, "one stream to the receiver")
}

func TestOneSourceForTwoPeers(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	src := newSource(t, media.Opus)
	a, b, _, sink := join(ctx, t, src)
	_, d, _, other := join(ctx, t, src)
	require.NoError(t, src.Write(ctx, sound(1)))
	attachAll(t, b, sink, 1)
	attachAll(t, d, other, 1)
	for _, s := range []*media.SampleSink{sink, other} {
		_, err := s.Read(ctx)
		require.NoError(t, err)
	}
	require.NoError(t, a.Close())
	require.NoError(t, src.Write(ctx, sound(2)))
	_, err := other.Read(ctx)
	require.NoError(t, err)
}
