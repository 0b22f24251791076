//go:build !js

package videoroom_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// viewing makes the peers that receive.
func viewing(h *client.Handle) (client.Negotiator, error) { return media.NewPeer(h, nil) }

// enter joins a room, and leaves it when the test is over.
func enter(ctx context.Context, t *testing.T, s *client.Session, opts videoroom.RoomOptions) *videoroom.Room {
	t.Helper()
	if opts.NewPeer == nil {
		opts.NewPeer = viewing
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

// sending makes peers that send the clip.
func sending(ctx context.Context, t *testing.T, files ...string) videoroom.PeerFunc {
	t.Helper()
	sources := clips(ctx, t, files...)
	return func(h *client.Handle) (client.Negotiator, error) {
		p, err := media.NewPeer(h, nil)
		if err != nil {
			return nil, err
		}
		for _, src := range sources {
			if _, err := p.Add(src, nil); err != nil {
				return nil, err
			}
		}
		return p, nil
	}
}

// recordings writes what a room receives, a file for each feed.
type recordings struct {
	dir string
	rec map[client.ID]*media.Recorder
}

func (r *recordings) file(feed client.ID) string { return filepath.Join(r.dir, feed.String()+".webm") }

// collect attaches tracks until there are as many as wanted.
func (r *recordings) collect(ctx context.Context, t *testing.T, room *videoroom.Room, tracks int) {
	t.Helper()
	for range tracks {
		track := await[*media.TrackAdded](ctx, t, room).Track
		feed := room.Stream(track.MID).FeedID
		if r.rec[feed] == nil {
			f, err := os.Create(r.file(feed))
			require.NoError(t, err)
			r.rec[feed], err = media.Record(f, nil)
			require.NoError(t, err)
		}
		require.NoError(t, track.Attach(r.rec[feed]))
	}
}

// finish waits until the file of a feed has so much in it, closes and checks it.
func (r *recordings) finish(ctx context.Context, t *testing.T, feed client.ID) {
	t.Helper()
	rec := r.rec[feed]
	require.NotNil(t, rec)
	require.Eventually(t, func() bool {
		s := rec.Stats()
		return s.VideoFrames >= 30 && s.AudioFrames >= 60
	}, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, rec.Close())
	probe(ctx, t, r.file(feed), 30, 60)
}

// TestJanusRoom has three who publish and receive each other, and one who comes
// late and only receives.
func TestJanusRoom(t *testing.T) {
	t.Parallel()
	ctx := bounded(t)
	s := session(ctx, t, videoroom.Gateway(t))
	id := newRoom(ctx, t, s, videoroom.CreateRequest{})
	var rooms []*videoroom.Room
	for range 3 {
		r := enter(ctx, t, session(ctx, t, videoroom.Gateway(t)), videoroom.RoomOptions{
			Join: videoroom.JoinRequest{Room: id}, Wanted: videoroom.Wanted{All: true}})
		_, err := r.Publish(ctx, videoroom.PublishRequest{}, sending(ctx, t, clip.Audio, clip.Video))
		require.NoError(t, err)
		rooms = append(rooms, r)
	}
	var recs []*recordings
	collect := func(r *videoroom.Room, tracks int) {
		rec := &recordings{t.TempDir(), map[client.ID]*media.Recorder{}}
		rec.collect(ctx, t, r, tracks)
		require.Len(t, rec.rec, tracks/2)
		recs = append(recs, rec)
	}
	for _, r := range rooms {
		collect(r, 4)
	}
	late := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: id}, Wanted: videoroom.Wanted{All: true}})
	require.Len(t, late.Feeds(), 3)
	collect(late, 6)
	for i, rec := range recs {
		for _, r := range rooms {
			if i == 3 || r != rooms[i] {
				rec.finish(ctx, t, r.Self())
			}
		}
	}

	// A feed that goes, and comes again.
	require.NoError(t, rooms[0].Unpublish(ctx))
	require.Eventually(t, func() bool { return len(late.Feeds()) == 2 && active(late) == 4 }, 5*time.Second, time.Millisecond)
	require.NoError(t, late.Sync(ctx))
	_, err := rooms[0].Publish(ctx, videoroom.PublishRequest{}, sending(ctx, t, clip.Audio, clip.Video))
	require.NoError(t, err)
	rec := &recordings{t.TempDir(), map[client.ID]*media.Recorder{}}
	rec.collect(ctx, t, late, 2)
	rec.finish(ctx, t, rooms[0].Self())
	require.Len(t, late.Streams(), 6, "the m-lines are used again")
}

func active(r *videoroom.Room) (n int) {
	for _, s := range r.Streams() {
		if s.Active {
			n++
		}
	}
	return n
}

// TestJanusRoomDeclarations changes what is wanted.
func TestJanusRoomDeclarations(t *testing.T) {
	t.Parallel()
	ctx := bounded(t)
	s := session(ctx, t, videoroom.Gateway(t))
	id := newRoom(ctx, t, s, videoroom.CreateRequest{Secret: "s3"})
	a, b := publish(ctx, t, s, id, clip.Video), publish(ctx, t, s, id, clip.Video)
	r := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: id, Secret: "s3"}})
	require.NoError(t, r.Sync(ctx))
	require.Empty(t, r.Streams(), "nothing is wanted")
	require.Len(t, r.Feeds(), 2)

	r.Want(videoroom.Wanted{Feeds: []client.ID{a.ID()}})
	require.NoError(t, r.Sync(ctx))
	require.Equal(t, a.ID(), r.Stream("0").FeedID)
	await[*media.TrackAdded](ctx, t, r)
	require.NoError(t, r.Switch(ctx, a.ID(), b.ID()))
	require.NoError(t, r.Sync(ctx))
	require.Equal(t, b.ID(), r.Stream("0").FeedID)
	require.Len(t, r.Streams(), 1, "on the same m-line")
	var arg *client.ArgumentError
	require.ErrorAs(t, r.Switch(ctx, a.ID(), b.ID()), &arg)
	require.ErrorAs(t, r.Switch(ctx, b.ID(), client.NumID(1)), &arg)

	require.NoError(t, r.Tune(b.ID(), videoroom.Relay{Send: new(false), MinDelay: new(1), MaxDelay: new(2)}))
	r.Pause()
	require.NoError(t, r.Sync(ctx))
	r.Want(videoroom.Wanted{All: true})
	require.NoError(t, r.Sync(ctx))
	require.Equal(t, 2, active(r))
	for _, stream := range r.Streams() {
		require.Equal(t, stream.FeedID == a.ID(), stream.Send)
	}
	require.ErrorAs(t, r.Tune(b.ID(), videoroom.Relay{Temporal: new(5)}), &arg)
	r.Resume()
	r.Want(videoroom.Wanted{})
	require.NoError(t, r.Sync(ctx))
	require.Zero(t, active(r))

	require.NoError(t, r.Moderate(ctx, a.ID(), "0", true))
	await[*videoroom.Moderated](ctx, t, r)
	for _, f := range r.Feeds() {
		require.Equal(t, f.ID == a.ID(), f.Streams[0].Moderated)
	}
	require.NoError(t, r.Kick(ctx, a.ID()))
	await[*videoroom.Kicked](ctx, t, r)
	require.Len(t, r.Feeds(), 1)
	require.ErrorIs(t, r.Kick(ctx, a.ID()), videoroom.ErrNoSuchFeed)
}

// TestJanusRoomEnds ends rooms from the other side.
func TestJanusRoomEnds(t *testing.T) {
	t.Parallel()
	ctx := bounded(t)
	s := session(ctx, t, videoroom.Gateway(t))
	id := newRoom(ctx, t, s, videoroom.CreateRequest{Secret: "s3"})
	opts := videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: id, Secret: "s3"}, Wanted: videoroom.Wanted{All: true}}
	a, b := enter(ctx, t, s, opts), enter(ctx, t, s, opts)
	_, err := a.Publish(ctx, videoroom.PublishRequest{}, sending(ctx, t))
	require.NoError(t, err)
	await[*media.TrackAdded](ctx, t, b)
	require.NoError(t, b.Kick(ctx, a.Self()))
	require.True(t, await[*videoroom.Left](ctx, t, a).Own)
	<-a.Done()
	require.ErrorIs(t, a.Err(), videoroom.ErrKicked)
	for err == nil {
		_, err = a.Next(ctx)
	}
	require.ErrorIs(t, err, videoroom.ErrKicked)
	_, err = a.Publish(ctx, videoroom.PublishRequest{}, sending(ctx, t))
	require.ErrorIs(t, err, videoroom.ErrKicked)
	require.ErrorIs(t, a.Sync(ctx), videoroom.ErrKicked)

	_, err = attach(ctx, t, s).Destroy(ctx, videoroom.DestroyRequest{Room: id, Secret: "s3"})
	require.NoError(t, err)
	<-b.Done()
	require.ErrorIs(t, b.Err(), videoroom.ErrDestroyed)
	_, err = videoroom.Join(ctx, s, opts)
	require.ErrorIs(t, err, videoroom.ErrNoSuchRoom)
}

// TestJanusRoomRecovers loses both connections, one after the other, and then the
// session.
func TestJanusRoomRecovers(t *testing.T) {
	t.Parallel()
	ctx := bounded(t)
	s := session(ctx, t, videoroom.Gateway(t))
	id := newRoom(ctx, t, session(ctx, t, videoroom.Gateway(t)), videoroom.CreateRequest{})
	other := enter(ctx, t, session(ctx, t, videoroom.Gateway(t)), videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: id},
		Wanted: videoroom.Wanted{All: true}})
	_, err := other.Publish(ctx, videoroom.PublishRequest{}, sending(ctx, t, clip.Video))
	require.NoError(t, err)

	var m made // the handles of all peers, in order
	publishing := sending(ctx, t, clip.Video)
	note := func(f videoroom.PeerFunc) videoroom.PeerFunc {
		return func(h *client.Handle) (client.Negotiator, error) {
			_, _ = m.peer(h)
			return f(h)
		}
	}
	r := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: id, Display: "me"},
		Wanted: videoroom.Wanted{All: true}, NewPeer: note(viewing)})
	_, err = r.Publish(ctx, videoroom.PublishRequest{}, note(publishing))
	require.NoError(t, err)
	self := r.Self()
	flows := func() {
		t.Helper()
		await[*media.TrackAdded](ctx, t, r)
		require.Equal(t, self, other.Stream(await[*media.TrackAdded](ctx, t, other).Track.MID).FeedID)
		require.NoError(t, r.Sync(ctx))
		require.NoError(t, other.Sync(ctx))
	}
	flows()
	require.Len(t, m.handles(), 2)
	for _, h := range m.handles() {
		require.NoError(t, h.Hangup(ctx))
	}
	flows()
	require.Len(t, m.handles(), 4)
	require.NoError(t, s.Rebuild(ctx))
	flows()
	require.Equal(t, self, r.Self(), "with the same id")
	require.Len(t, other.Feeds(), 1)
	require.Len(t, m.handles(), 6)
}
