package videoroom_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// forward sends a feed to another address, by RTP.
func forward(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{Secret: "s3"})
	pub := publish(ctx, t, s, room)
	port, forwarded := forwardTo(t)
	req := videoroom.ForwardRequest{Room: room, PublisherID: pub.ID(), Host: "127.0.0.1", HostFamily: "ipv4",
		Streams: []videoroom.ForwardStream{{MID: "1", Port: port, PT: 77, SSRC: 7}}}
	_, err := pub.RTPForward(ctx, req)
	require.ErrorIs(t, err, videoroom.ErrMissingElement)
	req.Secret = "s3"
	list, err := pub.RTPForward(ctx, req)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, []any{"video", "127.0.0.1", port, 77, uint32(7)},
		[]any{list[0].Type, list[0].Host, list[0].Port, list[0].PT, list[0].SSRC})

	forwarded(77, 7)
	active, err := pub.ListForwarders(ctx, videoroom.ListForwardersRequest{Room: room, Secret: "s3"})
	require.NoError(t, err)
	require.Len(t, active, 1)
	require.Equal(t, pub.ID(), active[0].PublisherID)
	require.Equal(t, list[0].StreamID, active[0].Forwarders[0].StreamID)
	stop := videoroom.StopForwardRequest{Room: room, PublisherID: pub.ID(), StreamID: list[0].StreamID, Secret: "s3"}
	require.NoError(t, pub.StopRTPForward(ctx, stop))
	active, err = pub.ListForwarders(ctx, videoroom.ListForwardersRequest{Room: room, Secret: "s3"})
	require.NoError(t, err)
	require.Empty(t, active)
	req.PublisherID = client.NumID(1)
	_, err = pub.RTPForward(ctx, req)
	require.ErrorIs(t, err, videoroom.ErrNoSuchFeed)
}

// remotePublisher carries a feed from one Janus process to another.
func remotePublisher(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	far := session(ctx, t, newGateway(t))
	near := session(ctx, t, gateway(t))
	from := newRoom(ctx, t, near, videoroom.CreateRequest{Secret: "s3"})
	to := newRoom(ctx, t, far, videoroom.CreateRequest{Secret: "s4"})
	pub := publish(ctx, t, near, from, media.Video)

	h := attach(ctx, t, far)
	streams := []videoroom.RemoteStream{{Type: "video", MIndex: 0, MID: "0", Codec: "vp8"}}
	port, err := h.AddRemotePublisher(ctx, videoroom.AddRemoteRequest{Room: to, Secret: "s4", ID: client.NumID(55),
		Display: "from afar", Interface: "127.0.0.1", Streams: streams})
	require.NoError(t, err)
	require.Equal(t, client.NumID(55), port.ID)
	require.NotZero(t, port.Port)
	remote := videoroom.PublishRemotelyRequest{Room: from, PublisherID: pub.ID(), Secret: "s3", RemoteID: "r1",
		Host: "127.0.0.1", Port: port.Port, RTCPPort: port.RTCPPort}
	require.NoError(t, pub.PublishRemotely(ctx, remote))
	list, err := pub.ListRemotes(ctx, videoroom.ListRemotesRequest{Room: from, PublisherID: pub.ID(), Secret: "s3"})
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, []any{"r1", "127.0.0.1", port.Port}, []any{list[0].RemoteID, list[0].Host, list[0].Port})

	viewer := enter(ctx, t, far, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: to}, Wanted: videoroom.Wanted{All: true}})
	track := await[*media.TrackAdded](ctx, t, viewer).Track
	require.Equal(t, client.NumID(55), viewer.Stream(track.MID).FeedID)
	members, err := h.ListParticipants(ctx, to)
	require.NoError(t, err)
	require.True(t, members[0].Remote || members[1].Remote)

	require.NoError(t, h.UpdateRemotePublisher(ctx, videoroom.UpdateRemoteRequest{Room: to, Secret: "s4",
		ID: port.ID, Display: new("from very far"), Streams: streams}))
	require.ErrorIs(t, h.PublishRemotely(ctx, videoroom.PublishRemotelyRequest{Room: to, Secret: "s4", PublisherID: port.ID,
		RemoteID: "r2", Host: "127.0.0.1", Port: 9}), videoroom.ErrInvalidElement)
	unpublish := videoroom.UnpublishRemotelyRequest{Room: from, PublisherID: pub.ID(), RemoteID: "r1", Secret: "s3"}
	require.NoError(t, pub.UnpublishRemotely(ctx, unpublish))
	require.ErrorIs(t, pub.UnpublishRemotely(ctx, unpublish), videoroom.ErrNoSuchFeed)
	require.NoError(t, h.RemoveRemotePublisher(ctx, videoroom.RemoveRemoteRequest{Room: to, ID: port.ID, Secret: "s4"}))
	for len(viewer.Feeds()) > 0 {
		_, err := viewer.Next(ctx)
		require.NoError(t, err)
	}
}
