package videoroom_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// show attaches tracks as they come, until there are as many as wanted.
func (s *screen) show(ctx context.Context, t *testing.T, room *videoroom.Room, tracks int) {
	t.Helper()
	for range tracks {
		track := await[*media.TrackAdded](ctx, t, room).Track
		s.attach(t, room.Stream(track.MID).FeedID, track)
	}
}

// threeAndLate has three who publish and receive each other, and one who comes
// late and only receives.
func threeAndLate(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	id := newRoom(ctx, t, session(ctx, t, gateway(t)), videoroom.CreateRequest{})
	var rooms []*videoroom.Room
	var screens []*screen
	person := func() *videoroom.Room {
		t.Helper()
		s := newScreen(t)
		screens = append(screens, s)
		return enter(ctx, t, session(ctx, t, gateway(t)), videoroom.RoomOptions{
			Join: videoroom.JoinRequest{Room: id}, Wanted: videoroom.Wanted{All: true}, NewPeer: s.receiving})
	}
	for range 3 {
		r := person()
		_, err := r.Publish(ctx, videoroom.PublishRequest{}, sending(ctx, t))
		require.NoError(t, err)
		rooms = append(rooms, r)
	}
	for i, r := range rooms {
		screens[i].show(ctx, t, r, 4)
	}
	late := person()
	require.Len(t, late.Feeds(), 3)
	screens[3].show(ctx, t, late, 6)
	for i, s := range screens {
		for j, r := range rooms {
			if i != j {
				s.check(ctx, t, r.Self())
			}
		}
	}

	// A feed that goes, and comes again.
	require.NoError(t, rooms[0].Unpublish(ctx))
	require.Eventually(t, func() bool { return len(late.Feeds()) == 2 && active(late) == 4 }, 30*time.Second, time.Millisecond)
	require.NoError(t, late.Sync(ctx))
	_, err := rooms[0].Publish(ctx, videoroom.PublishRequest{}, sending(ctx, t))
	require.NoError(t, err)
	screens[3].show(ctx, t, late, 2)
	screens[3].check(ctx, t, rooms[0].Self())
	require.Len(t, late.Streams(), 6, "the m-lines are used again")
}

// declarations changes what is wanted.
func declarations(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	id := newRoom(ctx, t, s, videoroom.CreateRequest{Secret: "s3"})
	a, b := publish(ctx, t, s, id, media.Video), publish(ctx, t, s, id, media.Video)
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

// roomEnds ends rooms from the other side.
func roomEnds(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
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

// roomRecovers loses both connections, one after the other, and then the
// session.
func roomRecovers(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	id := newRoom(ctx, t, session(ctx, t, gateway(t)), videoroom.CreateRequest{})
	other := enter(ctx, t, session(ctx, t, gateway(t)), videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: id},
		Wanted: videoroom.Wanted{All: true}})
	_, err := other.Publish(ctx, videoroom.PublishRequest{}, sending(ctx, t, media.Video))
	require.NoError(t, err)

	var m made // the handles of all peers, in order
	publishing := sending(ctx, t, media.Video)
	note := func(f videoroom.PeerFunc) videoroom.PeerFunc {
		return func(h *client.Handle) (client.Negotiator, error) {
			_, _ = m.peer(h)
			return f(h)
		}
	}
	r := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: id, Display: "me"},
		Wanted: videoroom.Wanted{All: true}, NewPeer: note(receiving)})
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
	// On a busy machine the connection before may have been made twice, of which there
	// is a track as well.
	for other.Stream(await[*media.TrackAdded](ctx, t, other).Track.MID).FeedID != self {
	}
	require.NoError(t, r.Sync(ctx))
	require.NoError(t, other.Sync(ctx))
	require.Equal(t, 1, active(r))
	require.Equal(t, self, r.Self(), "with the same id")
	require.Len(t, other.Feeds(), 1)
	require.Len(t, m.handles(), 4, "with the same peers")
}
