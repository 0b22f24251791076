//go:build !js

package echotest_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
	pionmedia "github.com/pion/webrtc/v4/pkg/media"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
)

// checkRecording lets ffprobe decode a file: it must find so many frames of each
// kind at least, a duration within bounds, and nothing to complain about.
func checkRecording(t *testing.T, file string, least, most time.Duration, video, audio int) {
	t.Helper()
	path, err := exec.LookPath("ffprobe")
	if err != nil {
		if os.Getenv("CI") != "" {
			require.FailNow(t, "ffprobe is missing: apt-get install ffmpeg")
		}
		t.Skip("ffprobe is missing: apt-get install ffmpeg")
	}
	cmd := exec.CommandContext(t.Context(), path, "-v", "warning", "-count_frames", "-show_streams", "-show_format",
		"-of", "json", file)
	var complaints complaint
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	require.NoError(t, err)
	require.Empty(t, string(complaints))
	var p struct {
		Streams []struct {
			Type   string `json:"codec_type"`
			Frames string `json:"nb_read_frames"`
		}
		Format struct{ Duration string }
	}
	require.NoError(t, json.Unmarshal(out, &p))
	frames := map[string]int{}
	for _, s := range p.Streams {
		frames[s.Type], err = strconv.Atoi(s.Frames)
		require.NoError(t, err)
	}
	require.Len(t, frames, 2)
	require.GreaterOrEqual(t, frames["video"], video)
	require.GreaterOrEqual(t, frames["audio"], audio)
	seconds, err := strconv.ParseFloat(p.Format.Duration, 64)
	require.NoError(t, err)
	require.GreaterOrEqual(t, seconds, least.Seconds())
	require.LessOrEqual(t, seconds, most.Seconds())
	t.Logf("%.2f s, frames %v", seconds, frames)
}

type complaint []byte

func (c *complaint) Write(p []byte) (int, error) { *c = append(*c, p...); return len(p), nil }

// rembPeer is a Negotiator on bare pion that sends a video of nothing and reads
// the bitrate limits that come back.
type rembPeer struct {
	pc     *webrtc.PeerConnection
	limits chan float32
}

var _ client.Negotiator = (*rembPeer)(nil)

func newREMBPeer(t *testing.T) *rembPeer {
	t.Helper()
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "test")
	require.NoError(t, err)
	sender, err := pc.AddTrack(track)
	require.NoError(t, err)
	p := &rembPeer{pc: pc, limits: make(chan float32, 100)}
	var wg sync.WaitGroup
	quit := make(chan struct{})
	wg.Go(func() { // sends frames; ends with quit, and the cleanup waits for it
		tick := time.NewTicker(40 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = track.WriteSample(pionmedia.Sample{Data: make([]byte, 100), Duration: 40 * time.Millisecond})
			case <-quit:
				return
			}
		}
	})
	wg.Go(func() { // reads RTCP; ends with pc, and the cleanup waits for it
		for {
			packets, _, err := sender.ReadRTCP()
			if err != nil {
				return
			}
			for _, packet := range packets {
				if remb, ok := packet.(*rtcp.ReceiverEstimatedMaximumBitrate); ok {
					select {
					case p.limits <- remb.Bitrate:
					default:
					}
				}
			}
		}
	})
	t.Cleanup(func() {
		close(quit)
		require.NoError(t, pc.GracefulClose())
		wg.Wait()
	})
	return p
}

// estimate says how much we could receive.
func (p *rembPeer) estimate(t *testing.T, bitrate float32) {
	t.Helper()
	require.NoError(t, p.pc.WriteRTCP([]rtcp.Packet{
		&rtcp.ReceiverEstimatedMaximumBitrate{SenderSSRC: 1, Bitrate: bitrate, SSRCs: []uint32{1}}}))
}

// expect waits until the limit is what it should be; REMB has a mantissa of 18
// bits.
func (p *rembPeer) expect(ctx context.Context, t *testing.T, want float32) {
	t.Helper()
	for {
		select {
		case got := <-p.limits:
			if got > want*0.99 && got < want*1.01 {
				return
			}
			t.Logf("REMB %v", got)
		case <-ctx.Done():
			require.FailNow(t, "no such limit", "%v", want)
		}
	}
}

// Offer waits for all candidates, since nobody trickles here.
func (p *rembPeer) Offer(ctx context.Context, restart bool) (*client.JSEP, error) {
	offer, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err != nil {
		return nil, err
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		return nil, err
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return &client.JSEP{Type: "offer", SDP: p.pc.LocalDescription().SDP, Trickle: new(false)}, nil
}

func (p *rembPeer) Answer(context.Context, *client.JSEP) (*client.JSEP, error) {
	return nil, client.UnexpectedAnswer
}

func (p *rembPeer) Accept(_ context.Context, answer *client.JSEP) error {
	return p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.SDP})
}
