package client

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

const echoTest = "janus.plugin.echotest"

// everything makes every request there is to a real gateway of that name.
func everything(ctx context.Context, t *testing.T, c *Client, name string) {
	t.Helper()
	info, err := c.Info(ctx)
	require.NoError(t, err)
	require.Equal(t, name, info.ServerName)
	require.Contains(t, info.Plugins, echoTest)
	require.Equal(t, 60, info.SessionTimeout)
	rtt, err := c.Ping(ctx)
	require.NoError(t, err)
	require.Positive(t, rtt)

	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	h, err := s.Attach(ctx, echoTest, &AttachOptions{OpaqueID: "app-7"})
	require.NoError(t, err)
	resp, err := h.Request(ctx, map[string]any{"audio": true}, nil)
	require.NoError(t, err)
	require.JSONEq(t, `{"echotest":"event","result":"ok"}`, string(resp.Data))
	require.True(t, resp.Async)
	_, err = h.Request(ctx, map[string]any{"nonsense": true}, nil)
	require.ErrorIs(t, err, PluginCode{echoTest, 413})
	_, err = h.Request(ctx, nil, &JSEP{Type: "offer", SDP: "rubbish"})
	require.ErrorIs(t, err, InvalidSDP)
	_, err = h.Request(ctx, nil, &JSEP{Type: "wish", SDP: "v=0"})
	require.ErrorIs(t, err, UnknownJSEPType)
	require.NoError(t, h.Trickle(ctx, Candidate{Candidate: "candidate:1 1 udp 2113937151 192.0.2.9 51000 typ host", SDPMid: "0"}))
	require.NoError(t, h.Trickle(ctx, Candidate{Candidate: "a", SDPMid: "0"}, Candidate{Candidate: "b", SDPMid: "0"}))
	require.NoError(t, h.Trickle(ctx))

	_, err = s.Attach(ctx, "janus.plugin.nope", nil)
	require.ErrorIs(t, err, PluginNotFound)
	require.ErrorContains(t, err, "echotest", "the error says what there is")
	list, err := s.Attach(ctx, "janus.plugin.videoroom", nil)
	require.NoError(t, err)
	resp, err = list.Request(ctx, map[string]string{"request": "list"}, nil)
	require.NoError(t, err)
	require.False(t, resp.Async)
	_, err = list.Request(ctx, map[string]string{"request": "nonsense"}, nil)
	require.ErrorIs(t, err, PluginCode{"janus.plugin.videoroom", 423})

	require.NoError(t, h.Hangup(ctx))
	ev, err := h.Next(ctx)
	require.NoError(t, err)
	require.JSONEq(t, `{"echotest":"event","result":"done"}`, string(ev.(*PluginEvent).Data))
	require.NoError(t, h.Detach(ctx))
	_, err = h.Next(ctx)
	require.ErrorIs(t, err, ErrDetached)
	gone, err := s.Adopt(h.ID(), echoTest, nil)
	require.NoError(t, err)
	_, err = gone.Request(ctx, map[string]any{"audio": true}, nil)
	if !errors.Is(err, ErrDetached) { // the event of the first one may come to the second
		require.ErrorIs(t, err, HandleNotFound)
	}
	require.NoError(t, s.Destroy(ctx))
	_, err = list.Next(ctx)
	require.ErrorIs(t, err, ErrDestroyed)
}
