//go:build !js

package faults

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/turntest"
	"github.com/bifrons-rtc/bifrons/internal/udpfault"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// R10: media and data over a bad network: a relay between us and the TURN server
// that all packets go through. At 5 packets lost of 100, or 200 ms of delay that
// varies by 50, the connection stays; data arrive whole and in order whatever is
// lost, and what was recorded can be decoded without a complaint.
func TestJanusLoss(t *testing.T) {
	gw := gateway(t, nil)
	for name, c := range map[string]struct {
		faults udpfault.Faults
		stays  bool
	}{
		"1 of 100":  {udpfault.Faults{Loss: 1}, true},
		"5 of 100":  {udpfault.Faults{Loss: 5}, true},
		"20 of 100": {udpfault.Faults{Loss: 20}, false},
		"200 ms":    {udpfault.Faults{Delay: 200 * time.Millisecond, Jitter: 50 * time.Millisecond}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lossy(t, gw, c.faults, c.stays)
		})
	}
}

// badNetwork returns a relay, and what makes a peer use nothing else.
func badNetwork(t *testing.T) (*udpfault.Relay, *media.Options) {
	t.Helper()
	ip, err := janusproc.MediaAddr()
	require.NoError(t, err)
	server, err := turntest.Start(ip)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	relay, err := udpfault.Listen(server.URL()[len("turn:"):], 1, udpfault.Faults{})
	require.NoError(t, err)
	t.Cleanup(relay.Close)
	user, pass := server.Credentials()
	return relay, &media.Options{RelayOnly: true, ICEServers: []media.ICEServer{
		{URLs: []string{"turn:" + relay.Addr() + "?transport=udp"}, Username: user, Credential: pass}}}
}

func lossy(t *testing.T, gw *janusproc.Server, faults udpfault.Faults, stays bool) {
	t.Helper()
	relay, opts := badNetwork(t)
	h, err := echotest.Attach(bounded(t, patience), newSession(t, gw.WS(), nil), nil)
	require.NoError(t, err)
	peer, err := media.NewPeer(h, opts)
	require.NoError(t, err)
	defer func() { require.NoError(t, peer.Close()) }()
	sources, err := media.File(bounded(t, patience), &media.FileOptions{Loop: true, FS: clip.FS}, clip.Audio, clip.Video)
	require.NoError(t, err)
	for _, s := range sources {
		defer func() { require.NoError(t, s.Close()) }()
		_, err := peer.Add(s, nil)
		require.NoError(t, err)
	}
	channel, err := peer.OpenData(bounded(t, patience), "x", nil)
	require.NoError(t, err)
	name := filepath.Join(t.TempDir(), "echo.webm")
	file, err := os.Create(name)
	require.NoError(t, err)
	recorder, err := media.Record(file, nil)
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	var broken atomic.Int32
	wg.Go(func() {
		for ev, err := range h.Events(ctx) {
			if err != nil {
				return
			}
			switch ev := ev.(type) {
			case *media.TrackAdded:
				if err := ev.Track.Attach(recorder); err != nil {
					t.Errorf("attach the recorder: %v", err)
				}
			case *media.StateChanged:
				if ev.State == "disconnected" || ev.State == "failed" {
					broken.Add(1)
				}
			case *client.Hangup:
				broken.Add(1)
			}
		}
	})
	require.NoError(t, h.Start(bounded(t, patience), echotest.Config{}, peer))
	select {
	case <-channel.Opened():
	case <-bounded(t, patience).Done():
		t.Fatal("the data channel did not open")
	}
	relay.Set(faults)
	began, messages := time.Now(), long(40, 400)
	wg.Go(func() {
		for n := range messages {
			if err := channel.Send(ctx, fmt.Appendf(nil, "%d", n)); err != nil {
				t.Errorf("send: %v", err)
				return
			}
		}
	})
	for n := range messages {
		d, err := channel.Receive(bounded(t, patience))
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(n), string(d.Bytes))
	}
	after(t, time.Until(began.Add(long(6*time.Second, time.Minute))))
	stats := recorder.Stats()
	require.NoError(t, recorder.Close())
	t.Logf("%d messages; %+v; relay %+v; broken %d times", messages, stats, relay.Stats(), broken.Load())
	if stays {
		require.Zero(t, broken.Load())
	}
	require.Positive(t, stats.AudioFrames)
	require.Positive(t, stats.VideoFrames)
	decodes(t, name)
}

// decodes checks that ffmpeg has nothing to say about a file.
func decodes(t *testing.T, name string) {
	t.Helper()
	out, err := exec.CommandContext(bounded(t, patience), "ffmpeg", "-hide_banner", "-nostdin", "-v", "error", "-i", name,
		"-fps_mode", "passthrough", "-enc_time_base:v", "1:1000", "-f", "null", "-").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Empty(t, string(out))
}
