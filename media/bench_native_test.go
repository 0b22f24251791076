//go:build unix

package media_test

import (
	"context"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	pionmedia "github.com/pion/webrtc/v4/pkg/media"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
)

const benchFrame = 5900 // bytes of a frame: five packets

// BenchmarkMedia sends frames from one peer to another in this process: with
// pion as its examples set it up, and with this package. Both do all the work of
// both ends. cpu-ns/packet is what performance.md calls P8.
func BenchmarkMedia(b *testing.B) {
	frame := picture(0, true).Data
	frame = append(frame, make([]byte, benchFrame-len(frame))...)
	b.Run("pion", func(b *testing.B) {
		send, recv := pionPair(b)
		benchmark(b, recv, func() error {
			return send.WriteSample(pionmedia.Sample{Data: frame, Duration: 40 * time.Millisecond})
		})
	})
	b.Run("bifrons", func(b *testing.B) {
		send, recv := bifronsPair(b)
		ctx := b.Context()
		benchmark(b, recv, func() error {
			return send.Write(ctx, media.Sample{Data: frame, Duration: 40 * time.Millisecond})
		})
	})
}

// benchmark sends frames no faster than they arrive.
func benchmark(b *testing.B, received func() uint64, send func() error) {
	b.Helper()
	const packets = 5
	for received() == 0 { // connected
		require.NoError(b, send())
		wait(10 * time.Millisecond)
	}
	b.ReportAllocs()
	base := received()
	cpu := cpuTime()
	sent := uint64(0)
	for b.Loop() {
		require.NoError(b, send())
		sent += packets
		for tries := 0; sent-min(received()-base, sent) > 100*packets && tries < 100; tries++ {
			wait(100 * time.Microsecond) // lost packets do not stop it
		}
	}
	b.ReportMetric(float64(cpuTime()-cpu)/float64(sent), "cpu-ns/packet")
	b.ReportMetric(float64(sent-min(received()-base, sent))/float64(sent)*100, "%lost")
}

func wait(d time.Duration) {
	t := time.NewTimer(d)
	<-t.C
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func bifronsPair(b *testing.B) (*media.SampleSource, func() uint64) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	la, lb := newLinks()
	pa, err := media.NewPeer(la, nil)
	require.NoError(b, err)
	b.Cleanup(func() { _ = pa.Close() })
	pb, err := media.NewPeer(lb, nil)
	require.NoError(b, err)
	b.Cleanup(func() { _ = pb.Close() })
	src, err := media.NewSampleSource(media.Codec{MIME: media.VP8})
	require.NoError(b, err)
	b.Cleanup(func() { _ = src.Close() })
	_, err = pa.Add(src, nil)
	require.NoError(b, err)
	offer, err := pa.Offer(ctx, false)
	require.NoError(b, err)
	answer, err := pb.Answer(ctx, offer)
	require.NoError(b, err)
	require.NoError(b, pa.Accept(ctx, answer))
	require.NoError(b, src.Write(ctx, picture(0, true)))
	for {
		ev := <-lb.events
		if ev, ok := ev.(*media.TrackAdded); ok {
			require.NoError(b, ev.Track.Attach(media.Discard()))
			return src, func() uint64 { return media.Received(ev.Track) }
		}
	}
}

func pionPair(b *testing.B) (*webrtc.TrackLocalStaticSample, func() uint64) {
	b.Helper()
	a, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	require.NoError(b, err)
	b.Cleanup(func() { _ = a.GracefulClose() })
	c, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	require.NoError(b, err)
	b.Cleanup(func() { _ = c.GracefulClose() })
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "v", "s")
	require.NoError(b, err)
	sender, err := a.AddTrack(track)
	require.NoError(b, err)
	go func() { // ends with the peer
		buf := make([]byte, 1500)
		for {
			if _, _, err := sender.Read(buf); err != nil {
				return
			}
		}
	}()
	var n atomic.Uint64
	c.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			if _, _, err := t.ReadRTP(); err != nil {
				return
			}
			n.Add(1)
		}
	})
	offer, err := a.CreateOffer(nil)
	require.NoError(b, err)
	gathered := webrtc.GatheringCompletePromise(a)
	require.NoError(b, a.SetLocalDescription(offer))
	<-gathered
	require.NoError(b, c.SetRemoteDescription(*a.LocalDescription()))
	answer, err := c.CreateAnswer(nil)
	require.NoError(b, err)
	gathered = webrtc.GatheringCompletePromise(c)
	require.NoError(b, c.SetLocalDescription(answer))
	<-gathered
	require.NoError(b, a.SetRemoteDescription(*c.LocalDescription()))
	return track, n.Load
}

// BenchmarkJanusFirstPacket goes from an attached handle to the first packet of
// picture and sound that the EchoTest plugin sends back: P7 of performance.md.
func BenchmarkJanusFirstPacket(b *testing.B) {
	gw := gateway.Get(b)
	ctx := b.Context()
	c, err := client.Dial(ctx, gw.WS(), nil)
	require.NoError(b, err)
	b.Cleanup(func() { _ = c.Close() })
	s, err := c.NewSession(ctx)
	require.NoError(b, err)
	run := func(b *testing.B, exchange func(h *client.Handle) (end func())) {
		for b.Loop() {
			b.StopTimer()
			h, err := s.Attach(ctx, "janus.plugin.echotest", nil)
			require.NoError(b, err)
			b.StartTimer()
			end := exchange(h)
			b.StopTimer()
			end()
			require.NoError(b, h.Detach(ctx))
			b.StartTimer()
		}
	}
	b.Run("pion", func(b *testing.B) { run(b, func(h *client.Handle) func() { return pionEcho(b, h) }) })
	b.Run("bifrons", func(b *testing.B) {
		run(b, func(h *client.Handle) func() {
			p, err := media.NewPeer(h, nil)
			require.NoError(b, err)
			sources, err := media.File(ctx, &media.FileOptions{FS: clip.FS}, clip.Video, clip.Audio)
			require.NoError(b, err)
			for _, src := range sources {
				_, err := p.Add(src, nil)
				require.NoError(b, err)
			}
			require.NoError(b, start(ctx, h, p, both, false))
			for n := 0; n < 2; {
				ev, err := h.Next(ctx)
				require.NoError(b, err)
				if _, ok := ev.(*media.TrackAdded); ok {
					n++
				}
			}
			return func() {
				_ = p.Close()
				for _, src := range sources {
					_ = src.Close()
				}
			}
		})
	})
}

// pionEcho is the same exchange by hand.
func pionEcho(b *testing.B, h *client.Handle) (end func()) {
	b.Helper()
	ctx := b.Context()
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	require.NoError(b, err)
	var tracks []*webrtc.TrackLocalStaticSample
	for _, mime := range []string{webrtc.MimeTypeVP8, webrtc.MimeTypeOpus} {
		t, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: mime}, mime, "s")
		require.NoError(b, err)
		_, err = pc.AddTrack(t)
		require.NoError(b, err)
		tracks = append(tracks, t)
	}
	connected, came := make(chan struct{}), make(chan struct{}, 2)
	var once sync.Once
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			once.Do(func() { close(connected) })
		}
	})
	pc.OnTrack(func(*webrtc.TrackRemote, *webrtc.RTPReceiver) { came <- struct{}{} })
	offer, err := pc.CreateOffer(nil)
	require.NoError(b, err)
	gathered := webrtc.GatheringCompletePromise(pc)
	require.NoError(b, pc.SetLocalDescription(offer))
	<-gathered
	r, err := h.Request(ctx, both, &client.JSEP{Type: "offer", SDP: pc.LocalDescription().SDP, Trickle: new(false)})
	require.NoError(b, err)
	require.NoError(b, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: r.JSEP.SDP}))
	<-connected
	require.NoError(b, tracks[0].WriteSample(pionmedia.Sample{Data: picture(0, true).Data, Duration: time.Millisecond}))
	require.NoError(b, tracks[1].WriteSample(pionmedia.Sample{Data: sound(0).Data, Duration: time.Millisecond}))
	<-came
	<-came
	return func() { _ = pc.GracefulClose() }
}
