package videoroom_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// offering has somebody join and publish with a peer of its own making.
func offering(ctx context.Context, t *testing.T, s *client.Session, room client.ID, newPeer func(media.Link) client.Negotiator) *videoroom.Publisher {
	t.Helper()
	h := attach(ctx, t, s)
	pub, _, err := h.Join(ctx, videoroom.JoinRequest{Room: room})
	require.NoError(t, err)
	_, err = pub.Publish(ctx, videoroom.PublishRequest{}, newPeer(h))
	require.NoError(t, err)
	await[*client.WebRTCUp](ctx, t, pub)
	return pub
}

// layers receives a simulcast video in one size after another, as chosen before
// it is received and while it is.
func layers(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{})
	pub := offering(ctx, t, s, room, func(link media.Link) client.Negotiator { return simulcast(ctx, t, link) })
	r := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: room}})
	video := slices.IndexFunc(r.Feeds()[0].Streams, func(s videoroom.Stream) bool { return s.Type == "video" })
	require.True(t, r.Feeds()[0].Streams[video].Simulcast)
	require.NoError(t, r.Tune(pub.ID(), videoroom.Relay{Substream: new(0)}))
	r.Want(videoroom.Wanted{All: true, Kinds: []string{"video"}})
	track := await[*media.TrackAdded](ctx, t, r).Track
	comesAs := newWidths(t, track)
	for i, substream := range []int{0, 2, 1, 0} {
		if i > 0 {
			require.NoError(t, r.Tune(pub.ID(), videoroom.Relay{Substream: &substream}))
			require.NoError(t, r.Sync(ctx))
		}
		comesAs(ctx, t, smallest<<substream)
	}
	changed := await[*videoroom.LayerChanged](ctx, t, r)
	require.Equal(t, track.MID, changed.MID)
}

// speakers receives whoever spoke last.
func speakers(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{AudioLevelEvent: new(true), AudioActivePackets: new(10), AudioLevelAverage: new(40)})
	var pubs [2]*videoroom.Publisher
	var speak [2]func(bool)
	for i := range pubs {
		pubs[i] = offering(ctx, t, s, room, func(link media.Link) (p client.Negotiator) {
			p, speak[i] = speaker(t, link)
			return p
		})
	}
	r := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: room}, Wanted: videoroom.Wanted{Speakers: 1}})
	require.NoError(t, r.Sync(ctx))
	require.Equal(t, 1, active(r), "somebody, until somebody speaks")
	for _, turn := range []int{1, 0, 1} {
		speak[1-turn](false)
		speak[turn](true)
		for {
			if talking := await[*videoroom.Talking](ctx, t, r); talking.Talking {
				require.Equal(t, pubs[turn].ID(), talking.Feed)
				require.InDelta(t, 10, talking.Level, 30)
				break
			}
		}
		require.NoError(t, r.Sync(ctx))
		require.Equal(t, pubs[turn].ID(), r.Speakers()[0])
		for _, stream := range r.Streams() {
			require.Equal(t, stream.Active, stream.FeedID == pubs[turn].ID())
		}
	}
}
