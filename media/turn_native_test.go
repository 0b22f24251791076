//go:build !js

package media_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/turntest"
	"github.com/bifrons-rtc/bifrons/media"
)

// newTURN returns a TURN server where Janus can reach it, and how to use it.
func newTURN(t *testing.T) (*turntest.Server, media.ICEServer) {
	t.Helper()
	ip, err := janusproc.MediaAddr()
	require.NoError(t, err)
	s, err := turntest.Start(ip)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	user, password := s.Credentials()
	return s, media.ICEServer{URLs: []string{s.URL()}, Username: user, Credential: password}
}

// echoThrough starts an echo over a peer with opts.
func echoThrough(ctx context.Context, t *testing.T, opts *media.Options) (*client.Handle, *media.Peer, error) {
	t.Helper()
	h, _ := attach(ctx, t, gateway.Get(t), "echotest")
	p, err := media.NewPeer(h, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	for _, src := range openClip(ctx, t, true) {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	return h, p, start(ctx, h, p, both, false)
}

func TestJanusRelayOnly(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	turn, server := newTURN(t)
	h, p, err := echoThrough(ctx, t, &media.Options{ICEServers: []media.ICEServer{server}, RelayOnly: true})
	require.NoError(t, err)
	sink := newSink(t)
	track := next[*media.TrackAdded](ctx, t, h).Track
	require.NoError(t, track.Attach(sink))
	for range 10 {
		_, err := sink.Read(ctx)
		require.NoError(t, err)
	}
	s, err := p.Stats(ctx)
	require.NoError(t, err)
	require.Contains(t, s.Local, "relay")
	require.Greater(t, turn.Relayed(), uint64(10))
}

func TestJanusRelayRefusesUs(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	turn, server := newTURN(t)
	server.Credential = "wrong"
	h, _, err := echoThrough(ctx, t, &media.Options{ICEServers: []media.ICEServer{server}, RelayOnly: true})
	require.NoError(t, err, "Janus takes a description without candidates")
	ev := next[*media.StateChanged](ctx, t, h)
	for ev.State == media.StateConnecting { // a machine with much to do hears of it late
		ev = next[*media.StateChanged](ctx, t, h)
	}
	require.Equal(t, media.StateFailed, ev.State)
	require.ErrorContains(t, ev.Err, "Credential")
	require.NotContains(t, ev.Err.Error(), "wrong")
	require.Zero(t, turn.Relayed())
}
