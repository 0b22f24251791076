package echotest_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// bodies are the tests against a real Janus that are the same natively and in a
// page. What a target sends, and where the gateway is, its own file knows.
var bodies = map[string]func(t *testing.T){
	"mute":            testMute,
	"data":            testData,
	"start fails":     testStartFails,
	"again and again": testAgainAndAgain,
	"renegotiate":     testRenegotiate,
}

// attach attaches to the echo test of a real Janus. The context bounds the test.
func attach(t *testing.T, url string) (context.Context, *echotest.Handle) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	c, err := client.Dial(ctx, url, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	h, err := echotest.Attach(ctx, s, nil)
	require.NoError(t, err)
	return ctx, h
}

// emptyPeer returns a peer that sends nothing yet.
func emptyPeer(t *testing.T, h *echotest.Handle) *media.Peer {
	t.Helper()
	p, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

// sendingPeer returns a peer that sends sound and pictures for ever.
func sendingPeer(ctx context.Context, t *testing.T, h *echotest.Handle) *media.Peer {
	t.Helper()
	p := emptyPeer(t, h)
	for _, src := range endless(ctx, t) {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	return p
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

// received returns how many packets of a kind came back so far.
func received(ctx context.Context, t *testing.T, p *media.Peer, k media.Kind) (n uint64) {
	t.Helper()
	s, err := p.Stats(ctx)
	require.NoError(t, err)
	for _, stream := range s.Streams {
		if stream.Kind == k && !stream.Sent {
			n += stream.Packets
		}
	}
	return n
}

// grows waits for packets.
func grows(ctx context.Context, t *testing.T, p *media.Peer, k media.Kind) {
	t.Helper()
	before := received(ctx, t, p, k)
	require.Eventually(t, func() bool { return received(ctx, t, p, k) >= before+10 }, 30*time.Second, 10*time.Millisecond, "%s", k)
}

// rests waits for half a second without packets.
func rests(ctx context.Context, t *testing.T, p *media.Peer, k media.Kind) {
	t.Helper()
	last, since := received(ctx, t, p, k), time.Now()
	require.Eventually(t, func() bool {
		if n := received(ctx, t, p, k); n != last {
			last, since = n, time.Now()
		}
		return time.Since(since) > 500*time.Millisecond
	}, 30*time.Second, 10*time.Millisecond, "%s", k)
}

// testMute turns audio and video off and on again, and looks at what comes back.
func testMute(t *testing.T) {
	ctx, h := attach(t, gatewayURL(t))
	p := sendingPeer(ctx, t, h)
	require.NoError(t, h.Start(ctx, echotest.Config{Audio: new(false)}, p))
	grows(ctx, t, p, media.Video)
	require.Zero(t, received(ctx, t, p, media.Audio), "audio was off from the start")

	require.NoError(t, h.Configure(ctx, echotest.Config{Audio: new(true), Video: new(false)}))
	grows(ctx, t, p, media.Audio)
	rests(ctx, t, p, media.Video)

	require.NoError(t, h.Configure(ctx, echotest.Config{Video: new(true)}))
	grows(ctx, t, p, media.Video)
	grows(ctx, t, p, media.Audio)
	require.NoError(t, h.Stop(ctx))
}

func testData(t *testing.T) {
	ctx, h := attach(t, gatewayURL(t))
	p := emptyPeer(t, h)
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

// testStartFails starts with a setting the plugin refuses. Without the
// hangup of Start the next offer would be error 490.
func testStartFails(t *testing.T) {
	ctx, h := attach(t, gatewayURL(t))
	bad := sendingPeer(ctx, t, h)
	require.ErrorIs(t, h.Start(ctx, echotest.Config{Substream: new(3)}, bad), echotest.ErrInvalidElement)
	<-bad.Done() // the hangup ended it
	good := sendingPeer(ctx, t, h)
	require.NoError(t, h.Start(ctx, echotest.Config{}, good))
	await[*client.WebRTCUp](ctx, t, h)
	require.NoError(t, h.Stop(ctx))
}

// testAgainAndAgain starts right after each stop, which the gateway bears
// because Stop waits for the hangup, and Start a little longer.
func testAgainAndAgain(t *testing.T) {
	ctx, h := attach(t, gatewayURL(t))
	for range 10 {
		p := sendingPeer(ctx, t, h)
		require.NoError(t, h.Start(ctx, echotest.Config{}, p))
		await[*client.WebRTCUp](ctx, t, h)
		require.NoError(t, h.Stop(ctx))
		await[*echotest.Done](ctx, t, h)
		require.Equal(t, "Janus API", await[*client.Hangup](ctx, t, h).Reason)
	}
}

// testRenegotiate adds a track to a running echo.
func testRenegotiate(t *testing.T) {
	ctx, h := attach(t, gatewayURL(t))
	p := emptyPeer(t, h)
	sources := endless(ctx, t)
	_, err := p.Add(sources[0], nil)
	require.NoError(t, err)
	require.NoError(t, h.Start(ctx, echotest.Config{AudioCodec: new("opus")}, p))
	require.Equal(t, media.Audio, await[*media.TrackAdded](ctx, t, h).Track.Kind)
	_, err = p.Add(sources[1], nil)
	require.NoError(t, err)
	require.NoError(t, h.Renegotiate(ctx))
	require.Equal(t, media.Video, await[*media.TrackAdded](ctx, t, h).Track.Kind)
	require.NoError(t, h.Stop(ctx))
}
