package videoroom_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// bodies are the tests against a real Janus that both targets run. What differs
// is in the files of the targets: where the gateways are, what is sent, and how
// it is seen that something arrives.
var bodies = map[string]func(*testing.T){
	"RoomManagement":   roomManagement,
	"Allowed":          allowed,
	"StringIDs":        stringIDs,
	"Members":          members,
	"Publishing":       publishing,
	"Subscriber":       subscriber,
	"Room":             threeAndLate,
	"RoomDeclarations": declarations,
	"RoomEnds":         roomEnds,
	"RoomRecovers":     roomRecovers,
	"RoomData":         roomData,
	"PrivateRoom":      privateRoom,
	"Layers":           layers,
	"Speakers":         speakers,
	"Forward":          forward,
	"RemotePublisher":  remotePublisher,
}

// bounded returns the context of a test.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// session dials the gateway at url.
func session(ctx context.Context, t *testing.T, url string) *client.Session {
	t.Helper()
	c, err := client.Dial(ctx, url, nil)
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

// sources returns what the target sends for ever: sound and picture, in that
// order, or the kinds that are named.
func sources(ctx context.Context, t *testing.T, kinds ...media.Kind) []media.Source {
	t.Helper()
	if kinds == nil {
		kinds = []media.Kind{media.Audio, media.Video}
	}
	list := endless(ctx, t, kinds)
	for _, src := range list {
		t.Cleanup(func() { require.NoError(t, src.Close()) })
	}
	return list
}

// sender returns a peer that sends.
func sender(ctx context.Context, t *testing.T, link media.Link, kinds ...media.Kind) *media.Peer {
	t.Helper()
	p := receiver(t, link)
	for _, src := range sources(ctx, t, kinds...) {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
	return p
}

func receiver(t *testing.T, link media.Link) *media.Peer {
	t.Helper()
	p, err := media.NewPeer(link, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

// sending makes peers that send.
func sending(ctx context.Context, t *testing.T, kinds ...media.Kind) videoroom.PeerFunc {
	t.Helper()
	list := sources(ctx, t, kinds...)
	return func(h *client.Handle) (client.Negotiator, error) {
		p, err := media.NewPeer(h, nil)
		if err != nil {
			return nil, err
		}
		for _, src := range list {
			if _, err := p.Add(src, nil); err != nil {
				return nil, err
			}
		}
		return p, nil
	}
}

// receiving makes the peers that receive.
func receiving(h *client.Handle) (client.Negotiator, error) { return media.NewPeer(h, nil) }

// publish joins and publishes; it returns when the connection is up.
func publish(ctx context.Context, t *testing.T, s *client.Session, room client.ID, kinds ...media.Kind) *videoroom.Publisher {
	t.Helper()
	h := attach(ctx, t, s)
	p, _, err := h.Join(ctx, videoroom.JoinRequest{Room: room, Display: "p"})
	require.NoError(t, err)
	_, err = p.Publish(ctx, videoroom.PublishRequest{}, sender(ctx, t, h, kinds...))
	require.NoError(t, err)
	await[*client.WebRTCUp](ctx, t, p)
	return p
}

// enter joins a room, and leaves it when the test is over.
func enter(ctx context.Context, t *testing.T, s *client.Session, opts videoroom.RoomOptions) *videoroom.Room {
	t.Helper()
	if opts.NewPeer == nil {
		opts.NewPeer = receiving
	}
	r, err := videoroom.Join(ctx, s, opts)
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("room of %v (%v)", r.Self(), r.Err())
			for _, f := range r.Feeds() {
				t.Logf("  feed %s", f.Raw)
			}
			for _, s := range r.Streams() {
				t.Logf("  stream %s", s.Raw)
			}
		}
		require.NoError(t, r.Leave(context.WithoutCancel(ctx)))
	})
	return r
}

// active counts the m-lines that bring something.
func active(r *videoroom.Room) (n int) {
	for _, s := range r.Streams() {
		if s.Active {
			n++
		}
	}
	return n
}
