package echotest_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

func TestRestore(t *testing.T) {
	gw := janustest.New(t, nil)
	bodies := make(chan string, 8)
	gw.Handle(echotest.Plugin, janustest.PluginFunc(func(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
		bodies <- string(m.Body)
		return &janustest.Answer{Data: map[string]any{"echotest": "event", "result": "ok"}, Async: true}, nil
	}))
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	more := 0
	h, err := echotest.Attach(t.Context(), s, &client.AttachOptions{Restore: func(context.Context, *client.Handle) error {
		more++
		return nil
	}})
	require.NoError(t, err)
	require.NoError(t, h.Configure(t.Context(), echotest.Config{Bitrate: new(64_000)}))
	require.NoError(t, h.Configure(t.Context(), echotest.Config{Audio: new(false)}))
	<-bodies
	<-bodies
	require.NoError(t, s.Rebuild(t.Context()))
	require.JSONEq(t, `{"bitrate":64000,"audio":false}`, <-bodies)
	require.Equal(t, 1, more)
}

// Settings whose answer is lost are set again. A recording would begin new files.
func TestConfigureThroughALoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		c, err := gw.Client(t.Context(), nil)
		require.NoError(t, err)
		defer c.Close()
		s, err := c.NewSession(t.Context())
		require.NoError(t, err)
		h, err := echotest.Attach(t.Context(), s, nil)
		require.NoError(t, err)
		lost := janustest.Fault{Kind: janustest.CutConn, Frame: 1, After: true}
		gw.Inject(lost)
		require.NoError(t, h.Configure(t.Context(), echotest.Config{Bitrate: new(64_000)}))
		gw.Inject(lost)
		require.ErrorIs(t, h.Configure(t.Context(), echotest.Config{Record: new(true)}), client.ErrOutcomeUnknown)
	})
}
