//go:build !js

package gateway_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/client/janustest/gateway"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/rawpeer"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// What is sent comes back, and the core says what happens.
func TestEcho(t *testing.T) {
	for name, trickle := range map[string]bool{"half trickle": false, "full trickle": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, _, s := newGateway(t, &gateway.Options{Options: janustest.Options{FullTrickle: trickle}})
			h, err := echotest.Attach(ctx, s, nil)
			require.NoError(t, err)
			p := newPeer(ctx, t, h, clip.Audio, clip.Video)
			begin := time.Now()
			require.NoError(t, h.Start(ctx, echotest.Config{}, p))
			for up, tracks := false, 0; !up || tracks < 2; { // in whatever order
				ev, err := h.Next(ctx)
				require.NoError(t, err)
				switch ev := ev.(type) {
				case *client.WebRTCUp:
					up = true
				case *media.TrackAdded:
					tracks++
					require.Equal(t, "janus", ev.Track.StreamID)
					require.Equal(t, "janus"+ev.Track.MID, ev.Track.ID)
				}
			}
			t.Logf("up, and both tracks there, after %v", time.Since(begin))
			require.Eventually(t, func() bool {
				st, err := p.Stats(ctx)
				require.NoError(t, err)
				for _, stream := range st.Streams {
					if !stream.Sent && stream.Packets < 50 {
						return false
					}
				}
				return len(st.Streams) == 4
			}, 30*time.Second, 10*time.Millisecond)
			require.NoError(t, h.Stop(ctx))
			await[*echotest.Done](ctx, t, h)
			require.Equal(t, "Janus API", await[*client.Hangup](ctx, t, h).Reason)
		})
	}
}

// A client that closes is heard of.
func TestLost(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, nil)
	h, err := echotest.Attach(ctx, s, nil)
	require.NoError(t, err)
	for range 3 {
		p := newPeer(ctx, t, h, clip.Audio)
		require.NoError(t, h.Start(ctx, echotest.Config{}, p))
		await[*client.WebRTCUp](ctx, t, h)
		require.NoError(t, p.Close())
		await[*echotest.Done](ctx, t, h)
		require.Equal(t, "DTLS alert", await[*client.Hangup](ctx, t, h).Reason)
	}
}

// Every layer comes when it is asked for.
func TestLayers(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, nil)
	h, err := echotest.Attach(ctx, s, nil)
	require.NoError(t, err)
	require.NoError(t, h.Start(ctx, echotest.Config{}, rawpeer.New(t, rawpeer.Options{Simulcast: true})))
	for _, layer := range []int{0, 2, 1} {
		require.NoError(t, h.Configure(ctx, echotest.Config{Substream: &layer}))
		for {
			ev := await[*echotest.LayerChanged](ctx, t, h)
			require.Equal(t, "vp8", ev.VideoCodec)
			if ev.Substream != nil && *ev.Substream == layer {
				break
			}
		}
		require.NoError(t, h.Renegotiate(ctx)) // which changes nothing
	}
	require.NoError(t, h.Stop(ctx))
}

// Packets that are missing are told of.
func TestSlowLink(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, &gateway.Options{SlowLinkThreshold: 3})
	h, err := echotest.Attach(ctx, s, nil)
	require.NoError(t, err)
	require.NoError(t, h.Start(ctx, echotest.Config{}, rawpeer.New(t, rawpeer.Options{Lossy: true})))
	core, plugin := false, false
	for !core || !plugin {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		switch ev := ev.(type) {
		case *client.SlowLink:
			core = true
			require.GreaterOrEqual(t, ev.Lost, 3)
			require.Equal(t, "audio", ev.Media)
		case *echotest.SlowLink:
			plugin = true
			require.Equal(t, "audio", ev.Media)
		}
	}
	require.NoError(t, h.Stop(ctx))
}

// A hangup while data comes back, again and again: nothing is shared that is not
// guarded.
func TestEchoDataAndHangup(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, nil)
	h, err := echotest.Attach(ctx, s, nil)
	require.NoError(t, err)
	for range 3 {
		p := newPeer(ctx, t, h)
		ch, err := p.OpenData(ctx, "data", nil)
		require.NoError(t, err)
		require.NoError(t, h.Start(ctx, echotest.Config{Bitrate: new(100_000)}, p))
		require.NoError(t, ch.SendText(ctx, "here"))
		text, err := ch.ReceiveText(ctx)
		require.NoError(t, err)
		require.Equal(t, echotest.TextPrefix+"here", text)
		over := make(chan struct{})
		go func() { // sends until the connection is gone; waited for below
			defer close(over)
			for ch.SendText(ctx, "more") == nil {
				continue
			}
		}()
		require.NoError(t, h.Stop(ctx))
		await[*client.Hangup](ctx, t, h)
		require.NoError(t, p.Close())
		<-over
	}
}

// deaf is a peer that says at first that it receives nothing.
type deaf struct {
	*media.Peer
	hears bool
}

func (p *deaf) Offer(ctx context.Context, restart bool) (*client.JSEP, error) {
	offer, err := p.Peer.Offer(ctx, restart)
	if err == nil && !p.hears {
		offer.SDP = strings.ReplaceAll(offer.SDP, "a=sendrecv", "a=sendonly")
	}
	return offer, err
}

// Who begins to receive later gets what it sends.
func TestEchoDirection(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, nil)
	h, err := echotest.Attach(ctx, s, nil)
	require.NoError(t, err)
	p := &deaf{Peer: newPeer(ctx, t, h, clip.Audio)}
	require.NoError(t, h.Start(ctx, echotest.Config{}, p))
	await[*client.WebRTCUp](ctx, t, h)
	require.Empty(t, p.Tracks())
	p.hears = true
	require.NoError(t, h.Renegotiate(ctx))
	track := await[*media.TrackAdded](ctx, t, h).Track
	sink, err := media.NewSampleSink()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	require.NoError(t, track.Attach(sink))
	frames(ctx, t, sink, 5)
	require.NoError(t, h.Stop(ctx))
}
