//go:build !js

package videoroom_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// bounded returns the context of a test.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// session dials a gateway.
func session(ctx context.Context, t *testing.T, gw *janusproc.Server) *client.Session {
	t.Helper()
	c, err := client.Dial(ctx, gw.WS(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	return s
}

func attach(ctx context.Context, t *testing.T, s *client.Session) *videoroom.Handle {
	t.Helper()
	h, err := videoroom.Attach(ctx, s, nil)
	require.NoError(t, err)
	return h
}

// newRoom makes a room for one test.
func newRoom(ctx context.Context, t *testing.T, s *client.Session, req videoroom.CreateRequest) client.ID {
	t.Helper()
	if req.Room.IsZero() {
		req.Room = client.NumID(rand.Uint64N(1<<50) + 1)
	}
	if req.Publishers == nil {
		req.Publishers = new(20)
	}
	reply, err := attach(ctx, t, s).Create(ctx, req)
	require.NoError(t, err)
	require.Equal(t, req.Room, reply.Room)
	return reply.Room
}

// sender returns a peer that sends the clip for ever.
func sender(ctx context.Context, t *testing.T, link media.Link, files ...string) *media.Peer {
	t.Helper()
	p, err := media.NewPeer(link, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	for _, src := range clips(ctx, t, files...) {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	return p
}

func clips(ctx context.Context, t *testing.T, files ...string) []media.Source {
	t.Helper()
	if files == nil {
		files = []string{clip.Audio, clip.Video}
	}
	sources, err := media.File(ctx, &media.FileOptions{Loop: true, FS: clip.FS}, files...)
	require.NoError(t, err)
	for _, src := range sources {
		t.Cleanup(func() { require.NoError(t, src.Close()) })
	}
	return sources
}

func receiver(t *testing.T, link media.Link) *media.Peer {
	t.Helper()
	p, err := media.NewPeer(link, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

// publish joins and publishes the clip; it returns when the connection is up.
func publish(ctx context.Context, t *testing.T, s *client.Session, room client.ID, files ...string) *videoroom.Publisher {
	t.Helper()
	h := attach(ctx, t, s)
	p, _, err := h.Join(ctx, videoroom.JoinRequest{Room: room, Display: "p"})
	require.NoError(t, err)
	_, err = p.Publish(ctx, videoroom.PublishRequest{}, sender(ctx, t, h, files...))
	require.NoError(t, err)
	await[*client.WebRTCUp](ctx, t, p)
	return p
}
