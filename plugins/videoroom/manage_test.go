package videoroom_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

func roomManagement(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	h := attach(ctx, t, s)
	made, err := h.Create(ctx, videoroom.CreateRequest{
		Description: new("a room"), Secret: "s3", PIN: "1", Publishers: new(4), Bitrate: new(128000), BitrateCap: new(true),
		FIRFreq: new(10), RequirePrivateID: new(true), AudioCodec: "opus,pcmu", VideoCodec: "vp8,h264", OpusDTX: new(true),
		AudioLevelEvent: new(true), AudioActivePackets: new(10), AudioLevelAverage: new(40), LockRecord: new(true),
		NotifyJoining: new(true), RecDir: new(t.TempDir()), VideoOrientExt: new(false),
	})
	require.NoError(t, err)
	room := made.Room
	require.False(t, room.IsZero(), "a random id")
	require.False(t, *made.Permanent)
	_, err = h.Create(ctx, videoroom.CreateRequest{Room: room})
	require.ErrorIs(t, err, videoroom.ErrRoomExists)

	found, err := h.Exists(ctx, room)
	require.NoError(t, err)
	require.True(t, found)
	rooms, err := h.List(ctx, videoroom.ListRequest{})
	require.NoError(t, err)
	require.NotEmpty(t, rooms)
	info := find(t, h, room)
	require.NotEmpty(t, info.Raw)
	info.Raw = nil
	require.Equal(t, videoroom.RoomInfo{
		Room: room, Description: "a room", PINRequired: true, MaxPublishers: 4, Bitrate: 128000, BitrateCap: true, FIRFreq: 10,
		RequirePrivateID: true, NotifyJoining: true, AudioCodec: "opus,pcmu", VideoCodec: "vp8,h264", OpusFEC: true, OpusDTX: true,
		LockRecord: true, RecDir: info.RecDir, AudioLevelExt: true, AudioLevelEvent: true, AudioActivePackets: 10,
		AudioLevelAverage: 40, PlayoutDelayExt: true, TransportWideCCExt: true,
	}, *info)

	_, err = h.Edit(ctx, videoroom.EditRequest{Room: room, Bitrate: new(64000)})
	require.ErrorIs(t, err, videoroom.ErrMissingElement, "no secret")
	_, err = h.Edit(ctx, videoroom.EditRequest{Room: room, Secret: "wrong", Bitrate: new(64000)})
	require.ErrorIs(t, err, videoroom.ErrUnauthorized)
	edited, err := h.Edit(ctx, videoroom.EditRequest{Room: room, Secret: "s3", NewSecret: new("s4"), Description: new("changed"),
		PIN: new("2"), Publishers: new(1), Bitrate: new(64000), FIRFreq: new(0), RequirePrivateID: new(false), LockRecord: new(false)})
	require.NoError(t, err)
	require.Equal(t, room, edited.Room)
	info = find(t, h, room)
	require.Equal(t, "changed", info.Description)
	require.Equal(t, 1, info.MaxPublishers)

	require.ErrorIs(t, h.EnableRecording(ctx, videoroom.RecordRequest{Room: room, Record: true}), videoroom.ErrMissingElement)
	require.NoError(t, h.EnableRecording(ctx, videoroom.RecordRequest{Room: room, Secret: "s4", Record: true}))
	require.True(t, find(t, h, room).Record)

	_, err = h.Destroy(ctx, videoroom.DestroyRequest{Room: room, Secret: "s3"})
	require.ErrorIs(t, err, videoroom.ErrUnauthorized)
	gone, err := h.Destroy(ctx, videoroom.DestroyRequest{Room: room, Secret: "s4"})
	require.NoError(t, err)
	require.Equal(t, room, gone.Room)
	found, err = h.Exists(ctx, room)
	require.NoError(t, err)
	require.False(t, found)
	_, err = h.ListParticipants(ctx, room)
	require.ErrorIs(t, err, videoroom.ErrNoSuchRoom)
}

// find returns a room of the list.
func find(t *testing.T, h *videoroom.Handle, room client.ID) *videoroom.RoomInfo {
	t.Helper()
	list, err := h.List(t.Context(), videoroom.ListRequest{})
	require.NoError(t, err)
	for i := range list {
		if list[i].Room == room {
			return &list[i]
		}
	}
	require.FailNow(t, "not in the list")
	return nil
}

func allowed(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{Secret: "s3", Allowed: &[]string{"one"}})
	h := attach(ctx, t, s)
	allowed := func(action videoroom.Action, tokens ...string) []string {
		t.Helper()
		list, err := h.Allowed(ctx, videoroom.AllowedRequest{Room: room, Secret: "s3", Action: action, Allowed: tokens})
		require.NoError(t, err)
		return list
	}
	join := func(token string) error {
		_, _, err := attach(ctx, t, s).Join(ctx, videoroom.JoinRequest{Room: room, Token: token})
		return err
	}
	require.NoError(t, join("one"))
	require.ErrorIs(t, join("two"), videoroom.ErrUnauthorized)
	require.ElementsMatch(t, []string{"one", "two"}, allowed(videoroom.AllowedAdd, "two"))
	require.NoError(t, join("two"))
	require.Equal(t, []string{"two"}, allowed(videoroom.AllowedRemove, "one"))
	require.ErrorIs(t, join("one"), videoroom.ErrUnauthorized)
	require.Nil(t, allowed(videoroom.AllowedDisable))
	require.NoError(t, join(""))
	allowed(videoroom.AllowedEnable)
	require.ErrorIs(t, join(""), videoroom.ErrUnauthorized)
	_, err := h.Allowed(ctx, videoroom.AllowedRequest{Room: room, Secret: "wrong", Action: videoroom.AllowedAdd})
	require.ErrorIs(t, err, videoroom.ErrUnauthorized)
	_, err = h.Allowed(ctx, videoroom.AllowedRequest{Room: room, Secret: "s3", Action: "juggle"})
	require.ErrorIs(t, err, videoroom.ErrInvalidElement)
}

func stringIDs(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, textGateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{Room: client.StrID(fmt.Sprint("café ", rand.Uint64()))})
	pub, reply, err := attach(ctx, t, s).Join(ctx, videoroom.JoinRequest{Room: room, ID: client.StrID("ok")})
	require.NoError(t, err)
	require.Equal(t, client.StrID("ok"), reply.ID)
	other, reply, err := attach(ctx, t, s).Join(ctx, videoroom.JoinRequest{Room: room})
	require.NoError(t, err)
	require.NotEmpty(t, reply.ID.String(), "a random one")
	list, err := pub.ListParticipants(ctx, room)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.NoError(t, pub.Leave(ctx))
	left := await[*videoroom.Left](ctx, t, other)
	require.Equal(t, client.StrID("ok"), left.Feed, "that is a name, and not about us")
	require.False(t, left.Own)
	_, err = attach(ctx, t, s).Exists(ctx, client.NumID(1))
	require.ErrorIs(t, err, videoroom.ErrInvalidElement)

	// The same with media.
	room = newRoom(ctx, t, s, videoroom.CreateRequest{Room: client.StrID(fmt.Sprint("room ", rand.Uint64())), Secret: "s3"})
	join := videoroom.JoinRequest{Room: room, Secret: "s3"}
	viewer := enter(ctx, t, s, videoroom.RoomOptions{Join: join, Wanted: videoroom.Wanted{Feeds: []client.ID{client.StrID("7")}}})
	for _, id := range []string{"7", "ok"} {
		join.ID = client.StrID(id)
		r := enter(ctx, t, s, videoroom.RoomOptions{Join: join})
		_, err := r.Publish(ctx, videoroom.PublishRequest{}, sending(ctx, t, media.Video))
		require.NoError(t, err)
	}
	track := await[*media.TrackAdded](ctx, t, viewer).Track
	require.Equal(t, client.StrID("7"), viewer.Stream(track.MID).FeedID)
	for len(viewer.Feeds()) < 2 {
		_, err := viewer.Next(ctx)
		require.NoError(t, err)
	}
	require.NoError(t, viewer.Switch(ctx, client.StrID("7"), client.StrID("ok")))
	require.NoError(t, viewer.Sync(ctx))
	require.Equal(t, client.StrID("ok"), viewer.Stream(track.MID).FeedID)
	require.NoError(t, viewer.Kick(ctx, client.StrID("ok")))
	require.Equal(t, client.StrID("ok"), await[*videoroom.Kicked](ctx, t, viewer).Feed)
}
