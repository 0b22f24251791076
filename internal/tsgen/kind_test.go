//go:build !js

package tsgen

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

func TestSnake(t *testing.T) {
	for name, want := range map[string]string{
		"SlowLink": "slow_link", "Done": "done", "StreamID": "stream_id", "ICEFailed": "ice_failed", "URLs": "urls", "E2EE": "e2ee",
	} {
		require.Equal(t, want, snake(name))
	}
}

// The kinds of package client are those it gives its events.
func TestCoreKinds(t *testing.T) {
	l, roots, err := newLoader(t.Context(), "../..", []string{"./client"})
	require.NoError(t, err)
	p, err := l.load(roots[0])
	require.NoError(t, err)
	decls := make(map[string]*decl)
	all, _ := p.declared()
	for _, d := range all {
		decls[d.name] = d
	}

	gw := janustest.New(t, nil)
	// Without keepalives there is no request that an error could be the answer to.
	c, err := gw.Client(t.Context(), &client.Options{KeepAlive: -1})
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	h, err := s.Attach(t.Context(), "janus.plugin.echotest", nil)
	require.NoError(t, err)
	check := func(from client.Nexter, want client.Event) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		ev, err := from.Next(ctx)
		require.NoError(t, err)
		require.IsType(t, want, ev)
		k, err := p.kind(decls[reflect.TypeOf(ev).Elem().Name()])
		require.NoError(t, err)
		require.Equal(t, ev.Base().Kind, k)
	}
	for _, tt := range []struct {
		kind string
		want client.Event
	}{
		{"webrtcup", &client.WebRTCUp{}}, {"media", &client.MediaState{}}, {"slowlink", &client.SlowLink{}},
		{"ice-failed", &client.ICEFailed{}}, {"trickle", &client.RemoteCandidate{}}, {"event", &client.PluginEvent{}},
		{"hangup", &client.Hangup{}},
	} {
		require.NoError(t, gw.Push(s.ID(), h.ID(), tt.kind, map[string]any{}, nil))
		check(h, tt.want)
	}
	require.NoError(t, gw.Push(s.ID(), 0, "error", map[string]any{"error": map[string]any{"code": 1}}, nil))
	check(s, &client.GatewayError{})

	slow, err := s.Attach(t.Context(), "janus.plugin.echotest", &client.AttachOptions{EventBuffer: 1})
	require.NoError(t, err)
	for range 3 {
		require.NoError(t, gw.Push(s.ID(), slow.ID(), "webrtcup", nil, nil))
	}
	_, err = c.Ping(t.Context()) // what came before was read then
	require.NoError(t, err)
	check(slow, &client.Dropped{})
	require.NoError(t, gw.Push(s.ID(), 0, "timeout", nil, nil))
	check(s, &client.SessionTimeout{})

	s, err = c.NewSession(t.Context())
	require.NoError(t, err)
	gone, err := s.Attach(t.Context(), "janus.plugin.echotest", nil)
	require.NoError(t, err)
	require.NoError(t, gw.Push(s.ID(), gone.ID(), "detached", nil, nil))
	check(gone, &client.Detached{})
	gw.Drop()
	check(s, &client.Interrupted{})
}
