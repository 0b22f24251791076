package videoroom_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// members sees everything that one member does from another.
func members(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{Secret: "s3", NotifyJoining: new(true), PIN: "12"})
	join := videoroom.JoinRequest{Room: room, PIN: "12"}
	watcher, reply, err := attach(ctx, t, s).Join(ctx, join)
	require.NoError(t, err)
	require.Empty(t, reply.Feeds)
	require.NotZero(t, reply.PrivateID)
	require.Equal(t, reply.PrivateID, watcher.PrivateID())
	require.Equal(t, []client.ID{reply.ID, room}, []client.ID{watcher.ID(), watcher.Room()})

	_, _, err = attach(ctx, t, s).Join(ctx, videoroom.JoinRequest{Room: room, PIN: "13"})
	require.ErrorIs(t, err, videoroom.ErrUnauthorized)
	_, _, err = attach(ctx, t, s).Join(ctx, videoroom.JoinRequest{Room: room, PIN: "12", ID: watcher.ID()})
	require.ErrorIs(t, err, videoroom.ErrIDExists)
	_, _, err = attach(ctx, t, s).Join(ctx, videoroom.JoinRequest{Room: client.NumID(1)})
	require.ErrorIs(t, err, videoroom.ErrNoSuchRoom)

	join.ID, join.Display = client.NumID(1<<53-1), "jöe"
	h := attach(ctx, t, s)
	joe, reply, err := h.Join(ctx, join)
	require.NoError(t, err)
	require.Len(t, reply.Attendees, 1)
	require.Equal(t, watcher.ID(), reply.Attendees[0].ID)
	joined := await[*videoroom.Joined](ctx, t, watcher)
	require.Equal(t, join.ID, joined.Attendee.ID)
	require.Equal(t, "jöe", joined.Attendee.Display)
	_, _, err = h.Join(ctx, join)
	require.ErrorIs(t, err, videoroom.ErrAlreadyJoined)

	made, err := joe.Publish(ctx, videoroom.PublishRequest{Bitrate: new(256000),
		Descriptions: []videoroom.StreamDescription{{MID: "1", Description: "camera"}}}, sender(ctx, t, h))
	require.NoError(t, err)
	require.Equal(t, []string{"opus", "vp8"}, []string{made.AudioCodec, made.VideoCodec})
	require.Equal(t, "camera", made.Streams[1].Description)
	feeds := await[*videoroom.Published](ctx, t, watcher).Feeds
	require.Len(t, feeds, 1)
	require.Equal(t, joe.ID(), feeds[0].ID)
	require.Equal(t, "video", feeds[0].Streams[1].Type)
	require.Equal(t, "camera", feeds[0].Streams[1].Description)
	list, err := watcher.ListParticipants(ctx, room)
	require.NoError(t, err)
	require.Len(t, list, 2)
	for _, p := range list {
		require.Equal(t, p.ID == joe.ID(), p.Publisher)
	}

	require.NoError(t, joe.Configure(ctx, videoroom.PublishRequest{Display: new("joe"), Keyframe: new(true),
		Streams: []videoroom.PublishStream{{MID: "1", Send: new(false)}}}))
	changed := await[*videoroom.Changed](ctx, t, watcher)
	require.Equal(t, joe.ID(), changed.Feed)
	require.Equal(t, "joe", *changed.Display)

	moderate := videoroom.ModerateRequest{Room: room, ID: joe.ID(), MID: "0", Mute: true}
	require.ErrorIs(t, watcher.Moderate(ctx, moderate), videoroom.ErrMissingElement)
	moderate.Secret = "s3"
	require.NoError(t, watcher.Moderate(ctx, moderate))
	for _, p := range []*videoroom.Publisher{watcher, joe} {
		muted := await[*videoroom.Moderated](ctx, t, p)
		require.Equal(t, []any{joe.ID(), "0", true}, []any{muted.Feed, muted.MID, muted.Muted})
	}

	require.NoError(t, joe.Unpublish(ctx))
	require.Equal(t, joe.ID(), await[*videoroom.Unpublished](ctx, t, watcher).Feed)
	require.ErrorIs(t, joe.Unpublish(ctx), videoroom.ErrNotPublished)
	_, err = joe.Publish(ctx, videoroom.PublishRequest{}, sender(ctx, t, h, media.Video))
	require.NoError(t, err)
	require.Len(t, await[*videoroom.Published](ctx, t, watcher).Feeds[0].Streams, 1)

	kick := videoroom.KickRequest{Room: room, ID: joe.ID(), Secret: "wrong"}
	require.ErrorIs(t, watcher.Kick(ctx, kick), videoroom.ErrUnauthorized)
	kick.Secret = "s3"
	require.NoError(t, watcher.Kick(ctx, kick))
	require.Equal(t, joe.ID(), await[*videoroom.Kicked](ctx, t, watcher).Feed)
	left := await[*videoroom.Left](ctx, t, joe)
	require.True(t, left.Own)
	require.Equal(t, "kicked", left.Reason)
	require.ErrorIs(t, watcher.Kick(ctx, kick), videoroom.ErrNoSuchFeed)
	_, _, err = h.Join(ctx, join)
	require.ErrorIs(t, err, videoroom.ErrAlreadyJoined, "the handle is used up")

	require.NoError(t, watcher.Send(ctx, map[string]any{"request": "configure", "bitrate": "much"}, nil), "nobody waits for the answer")
	require.ErrorIs(t, await[*videoroom.Error](ctx, t, watcher).Err, videoroom.ErrInvalidElement)

	_, err = watcher.Destroy(ctx, videoroom.DestroyRequest{Room: room, Secret: "s3"})
	require.NoError(t, err)
	require.Equal(t, room, await[*videoroom.Destroyed](ctx, t, watcher).Room)
}

func publishing(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{Publishers: new(1)})
	h := attach(ctx, t, s)
	pub, reply, err := h.JoinAndConfigure(ctx, videoroom.JoinRequest{Room: room, Display: "first"},
		videoroom.PublishRequest{AudioCodec: "opus", Display: new("second")}, sender(ctx, t, h))
	require.NoError(t, err)
	require.Equal(t, pub.ID(), reply.ID)
	await[*client.WebRTCUp](ctx, t, pub)

	var arg *client.ArgumentError
	_, err = pub.Publish(ctx, videoroom.PublishRequest{}, sender(ctx, t, h))
	require.ErrorAs(t, err, &arg)
	require.ErrorContains(t, arg, "Renegotiate")
	for range 2 {
		_, err = pub.Renegotiate(ctx)
		require.NoError(t, err)
		_, err = pub.Restart(ctx)
		require.NoError(t, err)
	}

	// A room has so many publishers and no more; who was refused can try again.
	second := attach(ctx, t, s)
	other, reply, err := second.Join(ctx, videoroom.JoinRequest{Room: room})
	require.NoError(t, err)
	require.Len(t, reply.Feeds, 1)
	require.Equal(t, "second", reply.Feeds[0].Display)
	_, err = other.Publish(ctx, videoroom.PublishRequest{}, sender(ctx, t, second))
	require.ErrorIs(t, err, videoroom.ErrPublishersFull)
	_, err = other.Renegotiate(ctx)
	require.ErrorAs(t, err, &arg)
	require.NoError(t, pub.Leave(ctx))
	require.Equal(t, pub.ID(), await[*videoroom.Left](ctx, t, other).Feed)
	_, err = other.Publish(ctx, videoroom.PublishRequest{}, sender(ctx, t, second))
	require.NoError(t, err)
	await[*client.WebRTCUp](ctx, t, other)
	require.NoError(t, other.Leave(ctx))
	require.ErrorIs(t, other.Leave(ctx), videoroom.ErrNoSuchRoom)
}
