package media_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
)

func TestBrowserRelayOnly(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	turn := page.NewTURN(t)
	server := media.ICEServer{URLs: []string{turn.URL}, Username: turn.Username, Credential: turn.Password}
	e := newEcho(ctx, t, &media.Options{ICEServers: []media.ICEServer{server}, RelayOnly: true})
	_, video := startEcho(ctx, t, e)
	moves(ctx, t, video)
	s, err := e.Stats(ctx)
	require.NoError(t, err)
	require.Contains(t, s.Local, "relay")
	require.Greater(t, turn.Relayed(t), uint64(10))
}

func TestBrowserRelayRefusesUs(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	turn := page.NewTURN(t)
	server := media.ICEServer{URLs: []string{turn.URL}, Username: turn.Username, Credential: "wrong"}
	e := newEcho(ctx, t, &media.Options{ICEServers: []media.ICEServer{server}, RelayOnly: true})
	e.send(t, devices(ctx, t, media.DeviceRequest{Audio: true})...)
	require.NoError(t, e.handle.Start(ctx, nothing, e))
	for {
		ev := event[*media.StateChanged](ctx, t, e)
		if ev.State == media.StateFailed {
			require.ErrorContains(t, ev.Err, "Credential")
			break
		}
	}
	require.Zero(t, turn.Relayed(t))
}
