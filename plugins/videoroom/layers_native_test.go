//go:build !js

package videoroom_test

import (
	"context"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// raw has somebody join and send with a rawPeer.
func raw(ctx context.Context, t *testing.T, s *client.Session, room client.ID, simulcast bool) (*videoroom.Publisher, *rawPeer) {
	t.Helper()
	pub, _, err := attach(ctx, t, s).Join(ctx, videoroom.JoinRequest{Room: room})
	require.NoError(t, err)
	p := newRawPeer(t, simulcast)
	_, err = pub.Publish(ctx, videoroom.PublishRequest{}, p)
	require.NoError(t, err)
	await[*client.WebRTCUp](ctx, t, pub)
	return pub, p
}

// TestJanusLayers receives a simulcast video in one size after another, as chosen
// before it is received and while it is.
func TestJanusLayers(t *testing.T) {
	t.Parallel()
	ctx := bounded(t)
	s := session(ctx, t, videoroom.Gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{})
	pub, _ := raw(ctx, t, s, room, true)
	r := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: room}})
	require.True(t, r.Feeds()[0].Streams[1].Simulcast)
	require.NoError(t, r.Tune(pub.ID(), videoroom.Relay{Substream: new(0)}))
	r.Want(videoroom.Wanted{All: true, Kinds: []string{"video"}})
	track := await[*media.TrackAdded](ctx, t, r).Track
	sink, err := media.NewSampleSink()
	require.NoError(t, err)
	defer sink.Close()
	require.NoError(t, track.Attach(sink))
	for i, width := range []uint16{80, 320, 160, 80} {
		if i > 0 {
			require.NoError(t, r.Tune(pub.ID(), videoroom.Relay{Substream: new(map[uint16]int{80: 0, 160: 1, 320: 2}[width])}))
			require.NoError(t, r.Sync(ctx))
		}
		for {
			frame, err := sink.Read(ctx)
			require.NoError(t, err)
			if binary.LittleEndian.Uint16(frame.Data[6:]) == width {
				break
			}
		}
	}
	changed := await[*videoroom.LayerChanged](ctx, t, r)
	require.Equal(t, track.MID, changed.MID)
}

// TestJanusSpeakers receives whoever spoke last.
func TestJanusSpeakers(t *testing.T) {
	t.Parallel()
	ctx := bounded(t)
	s := session(ctx, t, videoroom.Gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{AudioLevelEvent: new(true), AudioActivePackets: new(10), AudioLevelAverage: new(40)})
	a, first := raw(ctx, t, s, room, false)
	b, second := raw(ctx, t, s, room, false)
	r := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: room}, Wanted: videoroom.Wanted{Speakers: 1}})
	require.NoError(t, r.Sync(ctx))
	require.Equal(t, 1, active(r), "somebody, until somebody speaks")
	for _, turn := range []struct {
		pub  *videoroom.Publisher
		loud *rawPeer
		soft *rawPeer
	}{{b, second, first}, {a, first, second}, {b, second, first}} {
		turn.soft.level.Store(127)
		turn.loud.level.Store(10)
		for {
			if talking := await[*videoroom.Talking](ctx, t, r); talking.Talking {
				require.Equal(t, turn.pub.ID(), talking.Feed)
				require.InDelta(t, 10, talking.Level, 30)
				break
			}
		}
		require.NoError(t, r.Sync(ctx))
		require.Equal(t, turn.pub.ID(), r.Speakers()[0])
		for _, stream := range r.Streams() {
			require.Equal(t, stream.Active, stream.FeedID == turn.pub.ID())
		}
	}
}
