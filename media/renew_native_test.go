//go:build !js

package media_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// frames reads n frames of s.
func frames(ctx context.Context, t *testing.T, s *media.SampleSink, n int) (last media.Sample) {
	t.Helper()
	for range n {
		var err error
		last, err = s.Read(ctx)
		require.NoError(t, err)
	}
	return last
}

// TestRenew replaces the connections of two peers: senders, tracks with their
// sinks, and data channels go on.
func TestRenew(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	a, b := newPair(t, nil)
	senders := addAll(t, a, openClip(ctx, t, true))
	data, err := a.OpenData(ctx, "test", &media.DataOptions{Protocol: "p"})
	require.NoError(t, err)
	negotiate(ctx, t, a, b, false)
	sinks := map[media.Kind]*media.SampleSink{}
	var tracks []*media.Track
	for range 2 {
		track := await[*media.TrackAdded](t, b.link).Track
		sink, err := media.NewSampleSink()
		require.NoError(t, err)
		defer sink.Close()
		require.NoError(t, track.Attach(sink))
		sinks[track.Kind] = sink
		tracks = append(tracks, track)
	}
	before := frames(ctx, t, sinks[media.Video], 5)
	frames(ctx, t, sinks[media.Audio], 5)
	require.NoError(t, data.SendText(ctx, "one"))
	first := await[*media.DataOpened](t, b.link).Channel
	got, err := first.ReceiveText(ctx)
	require.NoError(t, err)
	require.Equal(t, "one", got)
	pc, mids := a.Underlying(), []string{senders[0].MID(), senders[1].MID()}
	sent, err := a.Stats(ctx)
	require.NoError(t, err)

	require.NoError(t, a.Renew(ctx))
	require.NoError(t, b.Renew(ctx))
	require.NotSame(t, pc, a.Underlying())
	require.Equal(t, senders, a.Senders())
	require.Equal(t, tracks, b.Tracks())
	<-first.Done() // it belongs to the connection that is gone
	awaitState(t, b.link, media.StateNew)
	negotiate(ctx, t, a, b, false)
	awaitState(t, b.link, media.StateConnected)
	require.Equal(t, mids, []string{senders[0].MID(), senders[1].MID()})

	for len(drained(sinks[media.Video])) > 0 { // what came before
	}
	after := frames(ctx, t, sinks[media.Video], 5)
	require.Greater(t, after.PTS, before.PTS)
	frames(ctx, t, sinks[media.Audio], 5)
	require.NoError(t, data.SendText(ctx, "two"))
	again := await[*media.DataOpened](t, b.link).Channel
	require.Equal(t, "test", again.Label())
	require.Equal(t, "p", again.Protocol())
	got, err = again.ReceiveText(ctx)
	require.NoError(t, err)
	require.Equal(t, "two", got)
	require.NoError(t, again.SendText(ctx, "three"))
	got, err = data.ReceiveText(ctx)
	require.NoError(t, err)
	require.Equal(t, "three", got)
	now, err := a.Stats(ctx)
	require.NoError(t, err)
	require.Greater(t, now.BytesSent, sent.BytesSent)
	for _, track := range tracks {
		select {
		case <-track.Done():
			t.Errorf("%s ended", track.Kind)
		default:
		}
	}
	require.NoError(t, a.Close())
	require.NoError(t, b.Close())
	<-data.Done()
	<-tracks[0].Done()
}

// drained takes what waits in s.
func drained(s *media.SampleSink) (all []media.Sample) {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		v, err := s.Read(now)
		if err != nil {
			return all
		}
		all = append(all, v)
	}
}

// TestRenewLess renews with less to send: what has no place ends, and what came on
// the m-line of another sender does not go on.
func TestRenewLess(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	a, b := newPair(t, nil)
	senders := addAll(t, a, openClip(ctx, t, true))
	negotiate(ctx, t, a, b, false)
	added := map[media.Kind]*media.Track{}
	for range 2 {
		track := await[*media.TrackAdded](t, b.link).Track
		added[track.Kind] = track
	}
	require.NoError(t, senders[0].Remove())
	require.NoError(t, a.Renew(ctx))
	require.NoError(t, b.Renew(ctx))
	negotiate(ctx, t, a, b, false)
	<-added[media.Video].Done()
	<-added[media.Audio].Done()
	require.Equal(t, media.Audio, await[*media.TrackAdded](t, b.link).Track.Kind, "on another m-line")

	require.NoError(t, a.Renew(ctx))
	require.NoError(t, b.Renew(ctx, "0"))
	negotiate(ctx, t, a, b, false)
	require.NotSame(t, added[media.Audio], await[*media.TrackAdded](t, b.link).Track, "the m-line was said to be lost")
}

// TestKeep: who keeps a peer has it through what would end it.
func TestKeep(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	health := func(e end, want client.Health) {
		t.Helper()
		for {
			h, changed := e.Health()
			if h == want {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				require.Equal(t, want, h)
			}
		}
	}
	begin := func(opts *media.Options) (a, b end) {
		a, b = newPair(t, opts)
		addAll(t, a, openClip(ctx, t, true))
		negotiate(ctx, t, a, b, false)
		health(a, client.HealthGood)
		return a, b
	}
	broken := &client.Hangup{Reason: "ICE failed"}

	t.Run("released", func(t *testing.T) {
		a, _ := begin(nil)
		release, ok := a.Keep()
		require.True(t, ok)
		a.link.deliver(broken)
		health(a, client.HealthLost)
		release()
		<-a.Done()
		require.ErrorContains(t, a.Err(), "ICE failed")
		health(a, client.HealthEnded)
		_, ok = a.Keep()
		require.False(t, ok)
	})
	t.Run("renewed", func(t *testing.T) {
		a, b := begin(nil)
		_, ok := a.Keep()
		require.True(t, ok)
		release, ok := a.Keep()
		require.True(t, ok)
		a.link.deliver(&client.Interrupted{})
		health(a, client.HealthAway)
		a.link.deliver(&client.SessionTimeout{})
		a.link.deliver(&client.Resumed{Rebuilt: true})
		health(a, client.HealthLost)
		require.NoError(t, a.Renew(ctx))
		require.NoError(t, b.Renew(ctx))
		a.link.deliver(broken) // about the connection before
		health(a, client.HealthNew)
		negotiate(ctx, t, a, b, false)
		health(a, client.HealthGood)
		release()
		a.link.deliver(&client.Interrupted{})
		a.link.deliver(&client.Resumed{})
		health(a, client.HealthGood)
		a.link.deliver(broken)
		<-a.Done()
	})
	t.Run("deliberate", func(t *testing.T) {
		a, _ := begin(nil)
		_, ok := a.Keep()
		require.True(t, ok)
		a.link.deliver(&client.Hangup{Reason: "Janus API"})
		<-a.Done()
	})
	t.Run("forbidden", func(t *testing.T) {
		a, _ := begin(&media.Options{NoMending: true})
		_, ok := a.Keep()
		require.False(t, ok)
		a.link.deliver(broken)
		<-a.Done()
	})
}

// TestDataLostAlone has the other side close a channel and nothing else: that is its
// end, where nobody keeps it.
func TestDataLostAlone(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	a, b := newPair(t, nil)
	kept, err := a.OpenData(ctx, "kept", nil)
	require.NoError(t, err)
	other, err := a.OpenData(ctx, "other", nil)
	require.NoError(t, err)
	kept.Keep()
	release, ok := a.Keep()
	require.True(t, ok)
	defer release()
	negotiate(ctx, t, a, b, false)
	awaitState(t, a.link, media.StateConnected)
	ends := map[string]*media.DataChannel{}
	for range 2 {
		ch := await[*media.DataOpened](t, b.link).Channel
		ends[ch.Label()] = ch
	}
	<-kept.Opened()
	<-other.Opened()
	require.NoError(t, ends["other"].Close())
	<-other.Done()
	health, changed := a.Health()
	require.Equal(t, client.HealthGood, health)
	require.NoError(t, ends["kept"].Close())
	select {
	case <-changed:
	case <-ctx.Done():
		require.NoError(t, ctx.Err())
	}
	health, _ = a.Health()
	require.Equal(t, client.HealthLost, health)

	require.NoError(t, a.Renew(ctx))
	require.NoError(t, b.Renew(ctx))
	negotiate(ctx, t, a, b, false)
	require.NoError(t, kept.SendText(ctx, "again"))
	again := await[*media.DataOpened](t, b.link).Channel
	require.Equal(t, "kept", again.Label())
	text, err := again.ReceiveText(ctx)
	require.NoError(t, err)
	require.Equal(t, "again", text)
}
