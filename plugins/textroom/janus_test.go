package textroom_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

var _ textroom.Channel = (*media.DataChannel)(nil)

// bounded returns a context that bounds the test.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// attach attaches to the TextRoom of the gateway at url.
func attach(ctx context.Context, t *testing.T, url string) *textroom.Handle {
	t.Helper()
	c, err := client.Dial(ctx, url, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	h, err := textroom.Attach(ctx, s, nil)
	require.NoError(t, err)
	return h
}

// open connects h with a peer of its own.
func open(ctx context.Context, t *testing.T, h *textroom.Handle) (*textroom.Conn, error) {
	t.Helper()
	p, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	ch, err := p.OpenData(ctx, textroom.Label, nil)
	require.NoError(t, err)
	return h.Open(ctx, p, ch)
}

// connect attaches and opens.
func connect(ctx context.Context, t *testing.T, url string) (*textroom.Handle, *textroom.Conn) {
	t.Helper()
	h := attach(ctx, t, url)
	c, err := open(ctx, t, h)
	require.NoError(t, err)
	t.Cleanup(func() {
		// The channel ends with its peer, which is closed before.
		<-c.Done()
		require.ErrorIs(t, c.Err(), textroom.ErrEnded)
	})
	t.Cleanup(func() { require.NoError(t, c.Stop(context.WithoutCancel(ctx))) })
	return h, c
}

// newRoom makes a room that nobody else has.
func newRoom(ctx context.Context, t *testing.T, r textroom.Rooms, req textroom.CreateRequest) client.ID {
	t.Helper()
	res, err := r.Create(ctx, req)
	require.NoError(t, err)
	require.False(t, res.Room.IsZero())
	return res.Room
}

// await skips events until one of type E.
func await[E client.Event](ctx context.Context, t *testing.T, h client.Nexter) E {
	t.Helper()
	for {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		if e, ok := ev.(E); ok {
			return e
		}
		if unknown, ok := ev.(*client.PluginEvent); ok {
			require.Fail(t, "an event nobody knows", string(unknown.Raw))
		}
	}
}
