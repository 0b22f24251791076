//go:build !js

package gateway_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest/gateway"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/media"
)

func TestMain(m *testing.M) { leak.Main(m) }

// newGateway starts a gateway for one test, and a client of it in memory.
func newGateway(t *testing.T, opts *gateway.Options) (context.Context, *gateway.Gateway, *client.Session) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	gw := gateway.New(t, opts)
	return ctx, gw, newSession(ctx, t, gw)
}

// newSession opens a session with a client of its own.
func newSession(ctx context.Context, t *testing.T, gw *gateway.Gateway) *client.Session {
	t.Helper()
	c, err := gw.Client(ctx, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	return s
}

// newPeer returns a peer that sends the files of the clip, for ever.
func newPeer(ctx context.Context, t *testing.T, l media.Link, files ...string) *media.Peer {
	t.Helper()
	p, err := media.NewPeer(l, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	if len(files) == 0 {
		return p
	}
	sources, err := media.File(ctx, &media.FileOptions{Loop: true, FS: clip.FS}, files...)
	require.NoError(t, err)
	for _, src := range sources {
		t.Cleanup(func() { require.NoError(t, src.Close()) })
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	return p
}

// nexter is a handle.
type nexter interface {
	Next(ctx context.Context) (client.Event, error)
}

// await skips events until one of type E.
func await[E client.Event](ctx context.Context, t *testing.T, h nexter) E {
	t.Helper()
	for {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		if e, ok := ev.(E); ok {
			return e
		}
	}
}
