package attach_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/attach"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// ours and theirs are events that a plugin package decodes, and its caller.
type (
	ours   struct{ client.EventBase }
	theirs struct{ client.EventBase }
)

func TestTo(t *testing.T) {
	const plugin = "janus.plugin.echotest"
	gw := janustest.New(t, nil)
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)

	var log []string
	restore := func(name string, err error) client.Restorer {
		return func(context.Context, *client.Handle) error {
			log = append(log, name)
			return err
		}
	}
	decode := func(ev *client.PluginEvent) client.Event {
		if string(ev.Data) == `{"n":1}` {
			return &ours{ev.EventBase}
		}
		return nil
	}
	opts := &client.AttachOptions{
		Decode:  func(ev *client.PluginEvent) client.Event { return &theirs{ev.EventBase} },
		Restore: restore("theirs", nil),
	}
	failed := errors.New("failed")
	h, err := attach.To(t.Context(), s, plugin, opts, decode, restore("ours", nil))
	require.NoError(t, err)
	_, err = attach.To(t.Context(), s, plugin, opts, decode, restore("failing", failed))
	require.NoError(t, err)
	_, err = attach.To(t.Context(), s, plugin, opts, decode, nil)
	require.NoError(t, err)
	plain, err := attach.To(t.Context(), s, plugin, nil, decode, nil)
	require.NoError(t, err)

	event := func(of *client.Handle, n int) client.Event {
		require.NoError(t, gw.Push(s.ID(), of.ID(), "event", map[string]int{"n": n}, nil))
		ev, err := of.Next(t.Context())
		require.NoError(t, err)
		return ev
	}
	require.IsType(t, &ours{}, event(h, 1))
	require.IsType(t, &theirs{}, event(h, 2))
	require.IsType(t, &client.PluginEvent{}, event(plain, 2))

	require.ErrorIs(t, s.Rebuild(t.Context()), failed)
	require.Equal(t, []string{"ours", "theirs", "failing", "theirs"}, log)
}
