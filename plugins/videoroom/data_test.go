package videoroom_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// roomData has two who send data, on one m-line of who receives it.
func roomData(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{})
	channels := map[client.ID]*media.DataChannel{}
	var feeds []client.ID
	for range 2 {
		h := attach(ctx, t, s)
		pub, _, err := h.Join(ctx, videoroom.JoinRequest{Room: room})
		require.NoError(t, err)
		p := sender(ctx, t, h, media.Video)
		channels[pub.ID()], err = p.OpenData(ctx, "mine", nil)
		require.NoError(t, err)
		_, err = pub.Publish(ctx, videoroom.PublishRequest{}, p)
		require.NoError(t, err)
		await[*client.WebRTCUp](ctx, t, pub)
		feeds = append(feeds, pub.ID())
	}
	r := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: room}, Wanted: videoroom.Wanted{All: true},
		NewPeer: func(h *client.Handle) (client.Negotiator, error) {
			p, err := media.NewPeer(h, nil)
			if err == nil {
				_, err = p.OpenData(ctx, "any", nil)
			}
			return p, err
		}})
	require.NoError(t, r.Sync(ctx))
	require.Len(t, r.Streams(), 3)
	heard := map[client.ID]string{}
	quit := make(chan struct{})
	done := soon(func() error { // sends again and again: what comes before the receiver is ready is lost
		for {
			for id, c := range channels {
				if err := c.SendText(ctx, id.String()); err != nil {
					return err
				}
			}
			select {
			case <-quit:
				return nil
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	for len(heard) < 2 {
		c := await[*media.DataOpened](ctx, t, r).Channel
		text, err := c.ReceiveText(ctx)
		require.NoError(t, err)
		require.Equal(t, c.Label(), text, "the gateway names the channel after the feed")
		heard[client.ParseID(text)] = text
	}
	close(quit)
	require.NoError(t, <-done)

	r.Want(videoroom.Wanted{Feeds: feeds[:1]})
	require.NoError(t, r.Sync(ctx))
	for _, stream := range r.Streams() {
		if stream.Type == "data" {
			require.Equal(t, feeds[:1], stream.SourceIDs)
		} else {
			require.Equal(t, stream.Active, stream.FeedID == feeds[0])
		}
	}
	r.Want(videoroom.Wanted{All: true, Kinds: []string{"video"}})
	require.NoError(t, r.Sync(ctx))
	require.Equal(t, 2, videos(r))
}

func videos(r *videoroom.Room) (n int) {
	for _, s := range r.Streams() {
		if s.Active && s.Type == "video" {
			n++
		}
	}
	return n
}

// privateRoom has a room in which one must have joined to receive.
func privateRoom(t *testing.T) {
	t.Helper()
	ctx := bounded(t)
	s := session(ctx, t, gateway(t))
	room := newRoom(ctx, t, s, videoroom.CreateRequest{RequirePrivateID: new(true)})
	pub := publish(ctx, t, s, room, media.Video)
	h := attach(ctx, t, s)
	_, err := h.Subscribe(ctx, videoroom.SubscribeRequest{Room: room, Streams: []videoroom.Subscription{{Feed: pub.ID()}}}, receiver(t, h))
	require.ErrorIs(t, err, videoroom.ErrUnauthorized)
	r := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: room}, UseMSID: true,
		Wanted: videoroom.Wanted{All: true}})
	track := await[*media.TrackAdded](ctx, t, r).Track
	require.Equal(t, pub.ID().String(), track.StreamID, "named after the feed")
}
