//go:build !js

package echotest_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// janus attaches to the echo test of a real Janus. The context bounds the test.
func janus(t *testing.T) (context.Context, *echotest.Handle) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	gw := echotest.Gateway(t)
	c, err := client.Dial(ctx, gw.WS(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	h, err := echotest.Attach(ctx, s, nil)
	require.NoError(t, err)
	return ctx, h
}

// newPeer returns a peer that sends the clip, once or for ever.
func newPeer(ctx context.Context, t *testing.T, h *echotest.Handle, loop bool) (*media.Peer, []media.Source) {
	t.Helper()
	p, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	sources, err := media.File(ctx, &media.FileOptions{Loop: loop, FS: clip.FS}, clip.Video, clip.Audio)
	require.NoError(t, err)
	for _, src := range sources {
		t.Cleanup(func() { require.NoError(t, src.Close()) })
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	return p, sources
}

// tracks waits for the two tracks that come back.
func tracks(ctx context.Context, t *testing.T, h *echotest.Handle) map[media.Kind]*media.Track {
	t.Helper()
	m := map[media.Kind]*media.Track{}
	for len(m) < 2 {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		if added, ok := ev.(*media.TrackAdded); ok {
			m[added.Track.Kind] = added.Track
		}
	}
	return m
}

// await skips events until one of type E.
func await[E client.Event](ctx context.Context, t *testing.T, h *echotest.Handle) E {
	t.Helper()
	for {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		if e, ok := ev.(E); ok {
			return e
		}
	}
}

// TestJanusRecording sends the clip through a real Janus and records what comes
// back: as it is, and with an ICE restart in the middle.
func TestJanusRecording(t *testing.T) {
	for name, restart := range map[string]bool{"plain": false, "ICE restart": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, h := janus(t)
			p, sources := newPeer(ctx, t, h, false)
			file := filepath.Join(t.TempDir(), "echo.webm")
			f, err := os.Create(file)
			require.NoError(t, err)
			rec, err := media.Record(f, nil)
			require.NoError(t, err)
			require.NoError(t, h.Start(ctx, echotest.Config{}, p))
			for _, track := range tracks(ctx, t, h) {
				require.NoError(t, track.Attach(rec))
			}
			if restart {
				require.Eventually(t, func() bool { return rec.Stats().Duration > 1500*time.Millisecond }, 5*time.Second, time.Millisecond)
				before, err := p.Stats(ctx)
				require.NoError(t, err)
				require.NoError(t, h.Restart(ctx))
				require.Eventually(t, func() bool {
					now, err := p.Stats(ctx)
					return err == nil && now.Remote != "" && now.BytesReceived > before.BytesReceived+20000
				}, 5*time.Second, 10*time.Millisecond, "media goes on after the restart")
			}
			for _, src := range sources {
				<-src.Done()
				require.NoError(t, src.Err())
			}
			// The restart costs packets, and a file cannot send the keyframe that
			// would make up for them before the next second.
			video := 95
			if restart {
				video = 60
			}
			require.Eventually(t, func() bool {
				s := rec.Stats()
				return s.Duration > 3800*time.Millisecond && s.VideoFrames >= video
			}, 5*time.Second, 10*time.Millisecond)
			require.NoError(t, rec.Close())
			require.NoError(t, h.Stop(ctx))
			checkRecording(t, file, 4*time.Second, video)
		})
	}
}

// TestJanusMute turns audio and video off and on again, and looks at what comes
// back.
func TestJanusMute(t *testing.T) {
	t.Parallel()
	ctx, h := janus(t)
	p, _ := newPeer(ctx, t, h, true)
	require.NoError(t, h.Start(ctx, echotest.Config{Audio: new(false)}, p))
	counts := map[media.Kind]*counter{}
	attach := func() {
		for len(counts) < 2 {
			added := await[*media.TrackAdded](ctx, t, h)
			counts[added.Track.Kind] = newCounter(t, added.Track)
			if added.Track.Kind == media.Video {
				return
			}
		}
	}
	attach()
	counts[media.Video].grows(t)
	require.NotContains(t, counts, media.Audio, "audio was off from the start")

	require.NoError(t, h.Configure(ctx, echotest.Config{Audio: new(true), Video: new(false)}))
	if counts[media.Audio] == nil {
		added := await[*media.TrackAdded](ctx, t, h)
		counts[added.Track.Kind] = newCounter(t, added.Track)
	}
	counts[media.Audio].grows(t)
	counts[media.Video].rests(t)

	require.NoError(t, h.Configure(ctx, echotest.Config{Video: new(true)}))
	counts[media.Video].grows(t)
	counts[media.Audio].grows(t)
	require.NoError(t, h.Stop(ctx))
}

// TestJanusBitrate sees the limit come back as REMB: when it is set while the
// echo runs, and in answer to an estimate of ours.
func TestJanusBitrate(t *testing.T) {
	t.Parallel()
	ctx, h := janus(t)
	p := newREMBPeer(t)
	require.NoError(t, h.Start(ctx, echotest.Config{Bitrate: new(64000)}, p))
	await[*client.WebRTCUp](ctx, t, h)
	require.Eventually(t, func() bool { return p.pc.ConnectionState() == webrtc.PeerConnectionStateConnected },
		10*time.Second, time.Millisecond, "the gateway may be up a moment before us")
	p.estimate(t, 1e6)
	p.expect(ctx, t, 64000)
	require.NoError(t, h.Configure(ctx, echotest.Config{Bitrate: new(256000)}))
	p.expect(ctx, t, 256000)
	require.NoError(t, h.Stop(ctx))
}

func TestJanusData(t *testing.T) {
	t.Parallel()
	ctx, h := janus(t)
	p, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	ch, err := p.OpenData(ctx, "test", nil)
	require.NoError(t, err)
	require.NoError(t, h.Start(ctx, echotest.Config{}, p))

	var sent [][]byte
	for range 20 {
		for _, size := range []int{1, 16 << 10, 60 << 10} {
			b := make([]byte, size)
			_, _ = rand.Read(b) // never fails
			sent = append(sent, b)
		}
	}
	failed := make(chan error, 1)
	go func() { // sends; ends with the last message, and failed is read below
		for _, b := range sent {
			if err := ch.Send(ctx, b); err != nil {
				failed <- err
				return
			}
		}
		failed <- ch.SendText(ctx, "häh?")
	}()
	for i, want := range sent {
		got, err := ch.Receive(ctx)
		require.NoError(t, err)
		require.False(t, got.Text)
		require.True(t, bytes.Equal(want, got.Bytes), "message %d of %d bytes", i, len(want))
	}
	got, err := ch.Receive(ctx)
	require.NoError(t, err)
	require.True(t, got.Text)
	require.Equal(t, echotest.TextPrefix+"häh?", string(got.Bytes))
	require.NoError(t, <-failed)
	require.NoError(t, h.Stop(ctx))
}

// TestJanusStartFails starts with a setting the plugin refuses. Without the
// hangup of Start the next offer would be error 490.
func TestJanusStartFails(t *testing.T) {
	t.Parallel()
	ctx, h := janus(t)
	bad, _ := newPeer(ctx, t, h, true)
	require.ErrorIs(t, h.Start(ctx, echotest.Config{Substream: new(3)}, bad), echotest.ErrInvalidElement)
	<-bad.Done() // the hangup ended it
	good, _ := newPeer(ctx, t, h, true)
	require.NoError(t, h.Start(ctx, echotest.Config{}, good))
	await[*client.WebRTCUp](ctx, t, h)
	require.NoError(t, h.Stop(ctx))
}

// TestJanusAgainAndAgain starts right after each stop, which the gateway bears
// because Stop waits for the hangup, and Start a little longer.
func TestJanusAgainAndAgain(t *testing.T) {
	t.Parallel()
	ctx, h := janus(t)
	for range 10 {
		p, _ := newPeer(ctx, t, h, true)
		require.NoError(t, h.Start(ctx, echotest.Config{}, p))
		await[*client.WebRTCUp](ctx, t, h)
		require.NoError(t, h.Stop(ctx))
		await[*echotest.Done](ctx, t, h)
		require.Equal(t, "Janus API", await[*client.Hangup](ctx, t, h).Reason)
	}
}

// TestJanusRenegotiate adds a track to a running echo.
func TestJanusRenegotiate(t *testing.T) {
	t.Parallel()
	ctx, h := janus(t)
	p, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	sources, err := media.File(ctx, &media.FileOptions{Loop: true, FS: clip.FS}, clip.Audio, clip.Video)
	require.NoError(t, err)
	for _, src := range sources {
		t.Cleanup(func() { require.NoError(t, src.Close()) })
	}
	_, err = p.Add(sources[0], nil)
	require.NoError(t, err)
	require.NoError(t, h.Start(ctx, echotest.Config{AudioCodec: new("opus")}, p))
	require.Equal(t, media.Audio, await[*media.TrackAdded](ctx, t, h).Track.Kind)
	_, err = p.Add(sources[1], nil)
	require.NoError(t, err)
	require.NoError(t, h.Renegotiate(ctx))
	require.Equal(t, media.Video, await[*media.TrackAdded](ctx, t, h).Track.Kind)
	require.NoError(t, h.Stop(ctx))
}
