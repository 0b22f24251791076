//go:build !js

package gateway_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest/gateway"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/rawpeer"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// enterRoom attaches.
func enterRoom(ctx context.Context, t *testing.T, s *client.Session) *videoroom.Handle {
	t.Helper()
	h, err := videoroom.Attach(ctx, s, nil)
	require.NoError(t, err)
	return h
}

// newVideoRoom makes a room.
func newVideoRoom(ctx context.Context, t *testing.T, s *client.Session, req videoroom.CreateRequest) client.ID {
	t.Helper()
	req.Publishers = new(9)
	made, err := enterRoom(ctx, t, s).Create(ctx, req)
	require.NoError(t, err)
	return made.Room
}

// publishClip publishes files of the clip.
func publishClip(ctx context.Context, t *testing.T, s *client.Session, room client.ID, files ...string) (*videoroom.Publisher, *media.Peer) {
	t.Helper()
	h := enterRoom(ctx, t, s)
	p := newPeer(ctx, t, h, files...)
	pub, _, err := h.JoinAndConfigure(ctx, videoroom.JoinRequest{Room: room}, videoroom.PublishRequest{}, p)
	require.NoError(t, err)
	await[*client.WebRTCUp](ctx, t, pub)
	return pub, p
}

// receiveFeeds subscribes, and returns what reads the frames of each m-line.
func receiveFeeds(ctx context.Context, t *testing.T, s *client.Session, room client.ID, streams ...videoroom.Subscription) (*videoroom.Subscriber, *media.Peer, map[string]*media.SampleSink) {
	t.Helper()
	h := enterRoom(ctx, t, s)
	p := newPeer(ctx, t, h)
	sub, err := h.Subscribe(ctx, videoroom.SubscribeRequest{Room: room, Streams: streams}, p)
	require.NoError(t, err)
	sinks := make(map[string]*media.SampleSink)
	for range sub.Streams() {
		track := await[*media.TrackAdded](ctx, t, sub).Track
		sink, err := media.NewSampleSink()
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, sink.Close()) })
		require.NoError(t, track.Attach(sink))
		sinks[track.MID] = sink
	}
	return sub, p, sinks
}

// frames reads so many frames.
func frames(ctx context.Context, t *testing.T, sink *media.SampleSink, n int) {
	t.Helper()
	for range n {
		_, err := sink.Read(ctx)
		require.NoError(t, err)
	}
}

// Two are received by a third, who then gets one of them in the place of the
// other: no frame is lost, and the numbers of the packets go on.
func TestVideoRoomMedia(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, nil)
	room := newVideoRoom(ctx, t, s, videoroom.CreateRequest{})
	a, _ := publishClip(ctx, t, s, room, clip.Audio, clip.Video)
	b, _ := publishClip(ctx, t, s, room, clip.Video)
	sub, p, sinks := receiveFeeds(ctx, t, s, room, videoroom.Subscription{Feed: a.ID()}, videoroom.Subscription{Feed: b.ID()})
	require.Len(t, sinks, 3)
	for mid, sink := range sinks {
		frames(ctx, t, sink, 25)
		require.Less(t, lost(ctx, t, p, mid), int64(50), "nothing but what a busy machine drops")
	}
	require.NoError(t, sub.Switch(ctx, videoroom.SwitchStream{Feed: b.ID(), MID: "0", SubMID: "1"}))
	frames(ctx, t, sinks["1"], 50)
	require.Less(t, lost(ctx, t, p, "1"), int64(50), "the numbers go on")
	require.Equal(t, b.ID(), sub.Stream("1").FeedID)
}

// lost is how many packets of an m-line never came.
func lost(ctx context.Context, t *testing.T, p *media.Peer, mid string) int64 {
	t.Helper()
	st, err := p.Stats(ctx)
	require.NoError(t, err)
	require.NotNil(t, st.Stream(mid, false))
	return st.Stream(mid, false).Lost
}

// Nothing is relayed of what somebody mutes or pauses, until it goes on.
func TestVideoRoomPauses(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, nil)
	room := newVideoRoom(ctx, t, s, videoroom.CreateRequest{})
	pub, from := publishClip(ctx, t, s, room, clip.Video)
	sub, to, sinks := receiveFeeds(ctx, t, s, room, videoroom.Subscription{Feed: pub.ID()})
	moderator := enterRoom(ctx, t, s)
	moderate := func(on bool) error {
		return moderator.Moderate(ctx, videoroom.ModerateRequest{Room: room, ID: pub.ID(), MID: "0", Mute: on})
	}
	send := func(on bool) error {
		return pub.Configure(ctx, videoroom.PublishRequest{Streams: []videoroom.PublishStream{{MID: "0", Send: new(on)}}})
	}
	relay := func(on bool) error {
		return sub.Configure(ctx, videoroom.ConfigureStream{MID: "0", Relay: videoroom.Relay{Send: new(on)}})
	}
	pause := func(on bool) error {
		if on {
			return sub.Resume(ctx)
		}
		return sub.Pause(ctx)
	}
	for name, flow := range map[string]func(on bool) error{
		"moderate": func(on bool) error { return moderate(!on) }, "publisher": send, "subscriber": relay, "pause": pause,
	} {
		frames(ctx, t, sinks["0"], 5)
		require.NoError(t, flow(false), name)
		before := packets(ctx, t, to, false)
		sent := packets(ctx, t, from, true)
		require.Eventually(t, func() bool { return packets(ctx, t, from, true) >= sent+25 }, 30*time.Second, 10*time.Millisecond)
		require.LessOrEqual(t, packets(ctx, t, to, false), before+10, "%s: what was under way", name)
		require.NoError(t, flow(true), name)
	}
	frames(ctx, t, sinks["0"], 5)
}

// packets counts what was sent or received on the only m-line.
func packets(ctx context.Context, t *testing.T, p *media.Peer, sent bool) uint64 {
	t.Helper()
	st, err := p.Stats(ctx)
	require.NoError(t, err)
	require.NotNil(t, st.Stream("0", sent))
	return st.Stream("0", sent).Packets
}

// Of a video in three sizes each gets the one it chose.
func TestVideoRoomSimulcast(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, nil)
	room := newVideoRoom(ctx, t, s, videoroom.CreateRequest{})
	h := enterRoom(ctx, t, s)
	pub, _, err := h.JoinAndConfigure(ctx, videoroom.JoinRequest{Room: room}, videoroom.PublishRequest{},
		rawpeer.New(t, rawpeer.Options{Simulcast: true}))
	require.NoError(t, err)
	await[*client.WebRTCUp](ctx, t, pub)
	sub, _, sinks := receiveFeeds(ctx, t, s, room, videoroom.Subscription{Feed: pub.ID(), Relay: videoroom.Relay{Substream: new(0)}},
		videoroom.Subscription{Feed: pub.ID()})
	comes := func(mid string, substream int) {
		t.Helper()
		for {
			frame, err := sinks[mid].Read(ctx)
			require.NoError(t, err)
			if int(binary.LittleEndian.Uint16(frame.Data[6:])) == rawpeer.Smallest<<substream {
				return
			}
		}
	}
	comes("0", 0)
	comes("1", 2)
	require.NoError(t, sub.Configure(ctx, videoroom.ConfigureStream{MID: "0", Relay: videoroom.Relay{Substream: new(1)}}))
	for {
		changed := await[*videoroom.LayerChanged](ctx, t, sub)
		if changed.MID == "0" && changed.Substream != nil && *changed.Substream == 1 {
			break
		}
	}
	comes("0", 1)
}

// Data goes on a channel that is named after who sent it.
func TestVideoRoomData(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, &gateway.Options{StringIDs: true})
	room := newVideoRoom(ctx, t, s, videoroom.CreateRequest{Room: client.StrID("lobby")})
	h := enterRoom(ctx, t, s)
	p := newPeer(ctx, t, h)
	out, err := p.OpenData(ctx, "out", nil)
	require.NoError(t, err)
	pub, _, err := h.JoinAndConfigure(ctx, videoroom.JoinRequest{Room: room, ID: client.StrID("ann")}, videoroom.PublishRequest{}, p)
	require.NoError(t, err)
	await[*client.WebRTCUp](ctx, t, pub)
	g := enterRoom(ctx, t, s)
	q := newPeer(ctx, t, g)
	_, err = q.OpenData(ctx, "in", nil)
	require.NoError(t, err)
	sub, err := g.Subscribe(ctx, videoroom.SubscribeRequest{Room: room, Streams: []videoroom.Subscription{{Feed: pub.ID()}}}, q)
	require.NoError(t, err)
	await[*client.WebRTCUp](ctx, t, sub)
	require.NoError(t, out.SendText(ctx, "one"))
	require.NoError(t, out.Send(ctx, []byte{2}))
	in := await[*media.DataOpened](ctx, t, sub).Channel
	require.Equal(t, "ann", in.Label())
	text, err := in.ReceiveText(ctx)
	require.NoError(t, err)
	require.Equal(t, "one", text)
	m, err := in.Receive(ctx)
	require.NoError(t, err)
	require.Equal(t, media.Data{Bytes: []byte{2}}, m)
}

// Who has the answer to unpublish may publish again at once. The end of the
// connection before ends nothing then, however late the core tells of it.
func TestVideoRoomRepublish(t *testing.T) {
	for name, late := range map[string]bool{"at once": false, "told late": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, gw, _ := newGateway(t, nil)
			release := func() {}
			if late {
				release = gateway.LateHangups(gw)
			}
			s := newSession(ctx, t, gw)
			room := newVideoRoom(ctx, t, s, videoroom.CreateRequest{Room: client.NumID(1)})
			h, err := s.Attach(ctx, videoRoom, nil)
			require.NoError(t, err)
			publish := func(body string) {
				t.Helper()
				p := rawpeer.New(t, rawpeer.Options{})
				offer, err := p.Offer(ctx, false)
				require.NoError(t, err)
				r, err := h.Request(ctx, json.RawMessage(body), offer)
				require.NoError(t, err)
				require.NoError(t, p.Accept(ctx, r.JSEP))
				await[*client.WebRTCUp](ctx, t, h)
			}
			publish(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":10}`)
			for range 3 {
				_, err = h.Request(ctx, json.RawMessage(`{"request":"unpublish"}`), nil)
				require.NoError(t, err)
				publish(`{"request":"publish"}`)
				release()
				sub, _, sinks := receiveFeeds(ctx, t, s, room, videoroom.Subscription{Feed: client.NumID(10)})
				frames(ctx, t, sinks["0"], 5)
				require.NoError(t, sub.Leave(ctx))
			}
		})
	}
}

// Of a subscription that is refused nothing is left.
func TestVideoRoomTooMuch(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, nil)
	room := newVideoRoom(ctx, t, s, videoroom.CreateRequest{})
	pub, _ := publishClip(ctx, t, s, room, clip.Audio)
	h := enterRoom(ctx, t, s)
	p := newPeer(ctx, t, h)
	much := slices.Repeat([]videoroom.Subscription{{Feed: pub.ID()}}, 101)
	_, err := h.Subscribe(ctx, videoroom.SubscribeRequest{Room: room, Streams: much}, p)
	require.ErrorIs(t, err, videoroom.ErrUnknown)
	sub, err := h.Subscribe(ctx, videoroom.SubscribeRequest{Room: room, Streams: much[:1]}, newPeer(ctx, t, h))
	require.NoError(t, err)
	require.Len(t, sub.Streams(), 1)
	await[*media.TrackAdded](ctx, t, sub)
}
