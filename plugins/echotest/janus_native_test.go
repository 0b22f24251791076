//go:build !js

package echotest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// gatewayURL is where the real Janus is; within TestEmbedded it is the gateway
// that stands in for it.
func gatewayURL(t *testing.T) string {
	t.Helper()
	if strings.HasPrefix(t.Name(), "TestEmbedded") {
		return embedded(t)
	}
	return echotest.Gateway(t).WS()
}

// endless returns the clip, sound first.
func endless(ctx context.Context, t *testing.T) []media.Source {
	t.Helper()
	return openClip(ctx, t, true)
}

func openClip(ctx context.Context, t *testing.T, loop bool) []media.Source {
	t.Helper()
	sources, err := media.File(ctx, &media.FileOptions{Loop: loop, FS: clip.FS}, clip.Audio, clip.Video)
	require.NoError(t, err)
	for _, src := range sources {
		t.Cleanup(func() { require.NoError(t, src.Close()) })
	}
	return sources
}

func TestJanus(t *testing.T) {
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body(t)
		})
	}
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

// TestJanusRecording sends the clip through a real Janus and records what comes
// back: as it is, and with an ICE restart in the middle.
func TestJanusRecording(t *testing.T) {
	for name, restart := range map[string]bool{"plain": false, "ICE restart": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, h := attach(t, gatewayURL(t))
			p, sources := emptyPeer(t, h), openClip(ctx, t, false)
			for _, src := range sources {
				_, err := p.Add(src, nil)
				require.NoError(t, err)
			}
			file := filepath.Join(t.TempDir(), "echo.webm")
			f, err := os.Create(file)
			require.NoError(t, err)
			rec, err := media.Record(f, nil)
			require.NoError(t, err)
			began := time.Now()
			require.NoError(t, h.Start(ctx, echotest.Config{}, p))
			for _, track := range tracks(ctx, t, h) {
				require.NoError(t, track.Attach(rec))
			}
			if restart {
				require.Eventually(t, func() bool { return rec.Stats().Duration > 1500*time.Millisecond }, 30*time.Second, time.Millisecond)
				before, err := p.Stats(ctx)
				require.NoError(t, err)
				require.NoError(t, h.Restart(ctx))
				require.Eventually(t, func() bool {
					now, err := p.Stats(ctx)
					return err == nil && now.Remote != "" && now.BytesReceived > before.BytesReceived+20000
				}, 30*time.Second, 10*time.Millisecond, "media goes on after the restart")
			}
			for _, src := range sources {
				<-src.Done()
				require.NoError(t, src.Err())
			}
			// The restart costs packets, and a file cannot send the keyframe that
			// would make up for them before the next second.
			video, audio, played := 95, 150, time.Since(began)
			if restart {
				video = 60
			}
			if played > 6*time.Second { // on a machine that is too busy to play in time, and loses packets
				video, audio = 25, 50
			}
			require.Eventually(t, func() bool {
				s := rec.Stats()
				return s.Duration > 3800*time.Millisecond && s.VideoFrames >= video
			}, 30*time.Second, 10*time.Millisecond)
			require.NoError(t, rec.Close())
			require.NoError(t, h.Stop(ctx))
			// What played for longer than it should is as long as that at most.
			checkRecording(t, file, 3600*time.Millisecond, max(4400*time.Millisecond, played), video, audio)
		})
	}
}

// TestJanusBitrate sees the limit come back as REMB: when it is set while the
// echo runs, and in answer to an estimate of ours.
func TestJanusBitrate(t *testing.T) {
	t.Parallel()
	ctx, h := attach(t, gatewayURL(t))
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
