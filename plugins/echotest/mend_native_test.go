//go:build !js

package echotest_test

import (
	"context"
	"crypto/rand"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// sampled attaches a sink to the track of a kind.
func sampled(t *testing.T, track *media.Track) *media.SampleSink {
	t.Helper()
	sink, err := media.NewSampleSink()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	require.NoError(t, track.Attach(sink))
	return sink
}

// flows reads frames until n came that were sent after the call.
func flows(ctx context.Context, t *testing.T, sink *media.SampleSink, n int) {
	t.Helper()
	now, cancel := context.WithCancel(ctx)
	cancel()
	for {
		if _, err := sink.Read(now); err != nil && now.Err() != nil {
			break // what had come before
		}
	}
	for range n {
		_, err := sink.Read(ctx)
		require.NoError(t, err)
	}
}

// TestJanusKilled kills the gateway and starts it again, twice: the echo runs on
// with the same peer, the same senders and the same tracks.
func TestJanusKilled(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, nil)
	ctx, h := attach(t, gw.WS())
	p := sendingPeer(ctx, t, h)
	data, err := p.OpenData(ctx, "test", nil)
	require.NoError(t, err)
	require.NoError(t, h.Start(ctx, echotest.Config{Bitrate: new(512_000)}, p))
	all := tracks(ctx, t, h)
	senders := p.Senders()
	video, audio := sampled(t, all[media.Video]), sampled(t, all[media.Audio])
	flows(ctx, t, video, 5)
	for range 2 {
		gw.Kill()
		require.NoError(t, gw.Restart(ctx))
		resumed := await[*client.Resumed](ctx, t, h)
		require.True(t, resumed.Rebuilt)
		require.NoError(t, resumed.Err)
		await[*client.WebRTCUp](ctx, t, h)
		flows(ctx, t, video, 5)
		flows(ctx, t, audio, 5)
		require.Equal(t, senders, p.Senders())
		require.ElementsMatch(t, []*media.Track{all[media.Video], all[media.Audio]}, p.Tracks())
		require.NoError(t, data.SendText(ctx, "again"))
		answer, err := data.ReceiveText(ctx)
		require.NoError(t, err)
		require.Equal(t, echotest.TextPrefix+"again", answer)
	}
	require.NoError(t, h.Restart(ctx), "and it can be changed as before")
	require.NoError(t, h.Stop(ctx))
	<-p.Done()
}

// TestJanusRecordingGoesOn kills the gateway in the middle of a recording.
func TestJanusRecordingGoesOn(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, nil)
	ctx, h := attach(t, gw.WS())
	p := sendingPeer(ctx, t, h)
	file := filepath.Join(t.TempDir(), "gap.webm")
	f, err := os.Create(file)
	require.NoError(t, err)
	rec, err := media.Record(f, nil)
	require.NoError(t, err)
	require.NoError(t, h.Start(ctx, echotest.Config{}, p))
	for _, track := range tracks(ctx, t, h) {
		require.NoError(t, track.Attach(rec))
	}
	reach := func(s media.RecordStats) {
		t.Helper()
		require.Eventually(t, func() bool {
			now := rec.Stats()
			return now.VideoFrames >= s.VideoFrames+40 && now.AudioFrames >= s.AudioFrames+80
		}, 30*time.Second, 10*time.Millisecond)
	}
	reach(media.RecordStats{})
	gw.Kill()
	before := rec.Stats()
	require.NoError(t, gw.Restart(ctx))
	await[*client.WebRTCUp](ctx, t, h)
	reach(before)
	whole := time.Since(rec.Stats().Started)
	require.NoError(t, rec.Close())
	require.NoError(t, h.Stop(ctx))
	checkRecording(t, file, whole*9/10, whole*11/10, before.VideoFrames+40, 150)
	gaps := rec.Gaps()
	t.Logf("gaps %v", gaps)
	require.NotEmpty(t, gaps)
	for _, g := range gaps[1:] { // of a machine that stood still
		require.GreaterOrEqual(t, g.End-g.Start, 2*time.Second, "one connection took the place of the other")
	}
	require.InDelta(t, before.Duration.Seconds(), gaps[0].Start.Seconds(), 0.5)
	require.Contains(t, probe(t, "-show_entries", "chapter=start_time,end_time:chapter_tags=title", file),
		"chapter,"+seconds(gaps[0].Start)+","+seconds(gaps[0].End)+",gap\n")
	for _, stream := range []string{"a", "v"} {
		last := -1.0
		for line := range strings.Lines(probe(t, "-select_streams", stream, "-show_entries", "packet=dts_time", file)) {
			at, err := strconv.ParseFloat(strings.Split(strings.TrimSpace(line), ",")[1], 64)
			require.NoError(t, err)
			require.Greater(t, at, last, "time goes on")
			last = at
		}
		require.Greater(t, last, gaps[0].End.Seconds())
	}
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 6, 64) }

// probe returns what ffprobe says, its complaints included.
func probe(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", append([]string{"-v", "warning", "-of", "csv"}, args...)...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// TestJanusPathLost loses every packet until the peer takes its connection for
// broken, and for some time after that.
func TestJanusPathLost(t *testing.T) {
	t.Parallel()
	ip, err := janusproc.MediaAddr()
	require.NoError(t, err)
	path := newPath(t, ip)
	ctx, h := attach(t, gatewayURL(t))
	p, err := media.NewPeer(h, &media.Options{ICEServers: []media.ICEServer{path.server}, RelayOnly: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	for _, src := range endless(ctx, t) {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	require.NoError(t, h.Start(ctx, echotest.Config{}, p))
	video := sampled(t, tracks(ctx, t, h)[media.Video])
	flows(ctx, t, video, 5)
	path.lose.Store(true)
	for ev := (*media.StateChanged)(nil); ev == nil || ev.State != media.StateDisconnected; {
		ev = await[*media.StateChanged](ctx, t, h)
	}
	health, changed := p.Health()
	require.Equal(t, client.HealthShaky, health)
	select { // a restart is on its way, or the gateway has given up
	case <-changed:
	case <-time.After(5 * time.Second):
	}
	path.lose.Store(false)
	flows(ctx, t, video, 5)
	require.NoError(t, h.Stop(ctx))
}

// path is a TURN server that can lose everything.
type path struct {
	net.PacketConn
	server media.ICEServer
	lose   atomic.Bool
}

func newPath(t *testing.T, ip string) *path {
	t.Helper()
	conn, err := net.ListenPacket("udp4", net.JoinHostPort(ip, "0"))
	require.NoError(t, err)
	const realm, user = "bifrons.test", "path"
	password := rand.Text()
	p := &path{PacketConn: conn}
	p.server = media.ICEServer{URLs: []string{"turn:" + conn.LocalAddr().String()}, Username: user, Credential: password}
	server, err := turn.NewServer(turn.ServerConfig{
		Realm:         realm,
		LoggerFactory: &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled},
		AuthHandler: func(r *turn.RequestAttributes) (string, []byte, bool) {
			return r.Username, turn.GenerateAuthKey(user, realm, password), r.Username == user
		},
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn:            p,
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{RelayAddress: net.ParseIP(ip), Address: ip},
		}},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return p
}

// ReadFrom implements net.PacketConn.
func (p *path) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := p.PacketConn.ReadFrom(b)
		if err != nil || !p.lose.Load() {
			return n, from, err
		}
	}
}

// WriteTo implements net.PacketConn.
func (p *path) WriteTo(b []byte, to net.Addr) (int, error) {
	if p.lose.Load() {
		return len(b), nil
	}
	return p.PacketConn.WriteTo(b, to)
}
