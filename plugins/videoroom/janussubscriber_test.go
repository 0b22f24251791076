package videoroom_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

func subscriber(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{})
	a, b := publish(ctx, t, s, room), publish(ctx, t, s, room, media.Video)
	list, err := a.ListParticipants(ctx, room)
	require.NoError(t, err)
	require.Len(t, list, 2)

	h := attach(ctx, t, s)
	sub, err := h.Subscribe(ctx, videoroom.SubscribeRequest{Room: room, Streams: []videoroom.Subscription{{Feed: a.ID()}}}, receiver(t, h))
	require.NoError(t, err)
	for range 2 {
		track := await[*media.TrackAdded](ctx, t, sub).Track
		require.Equal(t, a.ID(), sub.Stream(track.MID).FeedID)
		require.Equal(t, track.Kind.String(), sub.Stream(track.MID).Type)
	}

	require.NoError(t, sub.Update(ctx, []videoroom.Subscription{{Feed: b.ID()}}, []videoroom.Unsubscription{{Feed: a.ID(), MID: "0"}}))
	require.Len(t, sub.Streams(), 3)
	require.False(t, sub.Streams()[0].Active)
	track := await[*media.TrackAdded](ctx, t, sub).Track
	require.Equal(t, b.ID(), sub.Stream(track.MID).FeedID)

	require.NoError(t, sub.Unsubscribe(ctx, videoroom.Unsubscription{SubMID: track.MID}))
	require.NoError(t, sub.Add(ctx, videoroom.Subscription{Feed: b.ID(), CrossRefID: "mine"}))
	require.Equal(t, "mine", sub.Stream(track.MID).CrossRefID, "on the m-line that was free")
	require.ErrorIs(t, sub.Add(ctx, videoroom.Subscription{Feed: client.NumID(1)}), videoroom.ErrNoSuchFeed)
	require.NoError(t, sub.Switch(ctx, videoroom.SwitchStream{Feed: a.ID(), MID: "1", SubMID: track.MID}))
	require.Equal(t, a.ID(), sub.Stream(track.MID).FeedID)
	require.NoError(t, sub.Switch(ctx, videoroom.SwitchStream{Feed: b.ID(), MID: "0", SubMID: track.MID}))
	require.NoError(t, sub.Configure(ctx, videoroom.ConfigureStream{MID: track.MID, Relay: videoroom.Relay{Send: new(true), MinDelay: new(1)}}))

	require.NoError(t, sub.Restart(ctx))
	require.NoError(t, sub.Renegotiate(ctx))
	require.NoError(t, sub.Pause(ctx))
	require.NoError(t, sub.Resume(ctx))

	// A feed that goes is taken out by the gateway, unasked.
	require.NoError(t, b.Unpublish(ctx))
	for {
		await[*videoroom.Updated](ctx, t, sub)
		if !sub.Stream(track.MID).Active {
			break
		}
	}
	require.NoError(t, sub.Leave(ctx))
	require.NotEmpty(t, await[*client.Hangup](ctx, t, sub).Reason)
	require.ErrorIs(t, sub.Add(ctx, videoroom.Subscription{Feed: a.ID()}), videoroom.ErrHungUp)
	require.NoError(t, sub.Detach(ctx))
}
