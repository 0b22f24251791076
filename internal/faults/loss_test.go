//go:build !js

package faults

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// R10: media and data over a bad network. At 5 packets lost of 100, or 200 ms of
// delay that varies by 50, or where no more than 256 kbit/s go through, which is
// less than we send, the connection stays; data arrive whole and in order whatever
// is lost, and what was recorded can be decoded without a complaint. Behind a relay
// before the TURN server; in the long form over links that the kernel makes bad as
// well.
func TestJanusLoss(t *testing.T) {
	gw := gateway(t, nil)
	for name, c := range map[string]struct {
		faults udpfault.Faults
		breaks bool // it may
	}{
		"1 of 100":   {faults: udpfault.Faults{Loss: 1}},
		"5 of 100":   {faults: udpfault.Faults{Loss: 5}},
		"20 of 100":  {faults: udpfault.Faults{Loss: 20}, breaks: true},
		"200 ms":     {faults: udpfault.Faults{Delay: 200 * time.Millisecond, Jitter: 50 * time.Millisecond}},
		"256 kbit/s": {faults: udpfault.Faults{Rate: 256_000}},
		"1 Mbit/s":   {faults: udpfault.Faults{Rate: 1_000_000}},
	} {
		messages := long(40, 400)
		if c.faults.Rate > 0 {
			messages = 40 // for which media leaves little room
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			relay, opts := badNetwork(t)
			lossy(t, gw.WS(), opts, messages, c.breaks, func() { relay.Set(c.faults) })
			t.Logf("relay %+v", relay.Stats())
		})
		if !soak || c.faults.Delay > 0 { // which kernels seldom make
			continue
		}
		t.Run("link "+name, func(t *testing.T) {
			t.Parallel()
			n, url := network(t)
			lossy(t, url, nil, messages, c.breaks, func() {
				require.NoError(t, n.Loss(t.Context(), c.faults.Loss))
				require.NoError(t, n.Rate(t.Context(), c.faults.Rate/1000))
			})
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

// lossy has an echo of sound, picture and data go on when the network turns bad.
func lossy(t *testing.T, url string, opts *media.Options, messages int, breaks bool, turn func()) {
	t.Helper()
	h, err := echotest.Attach(bounded(t, patience), newSession(t, url, nil), nil)
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
	turn()
	began := time.Now()
	filler := strings.Repeat(" ", 500) // so that not all of them fit into one packet
	wg.Go(func() {
		for n := range messages {
			if err := channel.Send(ctx, fmt.Appendf(nil, "%d%s", n, filler)); err != nil {
				t.Errorf("send: %v", err)
				return
			}
		}
	})
	late := patience
	if breaks {
		late *= 2 // what Janus loses six times it does not send again for a minute
	}
	for n := range messages {
		d, err := channel.Receive(bounded(t, late))
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(n, filler), string(d.Bytes))
	}
	after(t, time.Until(began.Add(long(6*time.Second, time.Minute))))
	stats := recorder.Stats()
	require.NoError(t, recorder.Close())
	t.Logf("%d messages; %+v; broken %d times", messages, stats, broken.Load())
	if !breaks {
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
