//go:build !js

package videoroom_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/line"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// lasting is a room that outlives its gateway.
var lasting = client.NumID(77)

// lastingGateway has a room that is there again when it was restarted.
func lastingGateway(t *testing.T, opts janusproc.Options) *janusproc.Server {
	t.Helper()
	opts.Append = map[string]string{"janus.plugin.videoroom.jcfg": "room-77: { publishers = 20\n notify_joining = true\n secret = \"s3\" }"}
	return janustesting.New(t, &opts)
}

// patient is the context of a test that loses its gateway.
func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// person is somebody in a room, with media both ways.
type person struct {
	*videoroom.Room
	line *line.Line
	made *made // the handles of its peers

	mu    sync.Mutex
	peers []*media.Peer
}

// note makes peers by f and remembers them.
func (p *person) note(f videoroom.PeerFunc) videoroom.PeerFunc {
	return func(h *client.Handle) (client.Negotiator, error) {
		_, _ = p.made.peer(h)
		n, err := f(h)
		if err == nil {
			p.mu.Lock()
			p.peers = append(p.peers, n.(*media.Peer))
			p.mu.Unlock()
		}
		return n, err
	}
}

// connections returns what pion has at the moment.
func (p *person) connections() (list []any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, peer := range p.peers {
		list = append(list, peer.Underlying())
	}
	return list
}

// arrives enters the lasting room and publishes a picture.
func arrives(ctx context.Context, t *testing.T, gw *janusproc.Server, join videoroom.JoinRequest) *person {
	t.Helper()
	l, opts := line.New("ws")
	c, err := client.Dial(ctx, gw.WS(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	p := &person{line: l, made: &made{}}
	join.Room = lasting
	p.Room = enter(ctx, t, s, videoroom.RoomOptions{Join: join, Wanted: videoroom.Wanted{All: true}, NewPeer: p.note(receiving)})
	_, err = p.Publish(ctx, videoroom.PublishRequest{}, p.note(sending(ctx, t, media.Video)))
	require.NoError(t, err)
	return p
}

// cut loses the connection and lets no other come.
func (p *person) cut(t *testing.T) {
	t.Helper()
	p.line.Hold()
	require.NoError(t, p.line.Cut())
}

// watch attaches a sink to the next track, which must be of a feed.
func (p *person) watch(ctx context.Context, t *testing.T, of *person) *media.SampleSink {
	t.Helper()
	track := await[*media.TrackAdded](ctx, t, p).Track
	require.Equal(t, of.Self(), p.Stream(track.MID).FeedID)
	return sinkOf(t, track)
}

func sinkOf(t *testing.T, track *media.Track) *media.SampleSink {
	t.Helper()
	sink, err := media.NewSampleSink()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	require.NoError(t, track.Attach(sink))
	return sink
}

// flows reads frames that are on their way, and then some that are new.
func flows(ctx context.Context, t *testing.T, sinks ...*media.SampleSink) {
	t.Helper()
	for _, sink := range sinks {
		for range 20 {
			_, err := sink.Read(ctx)
			require.NoError(t, err)
		}
	}
}

// TestJanusKilled kills the gateway. Everybody comes back with the same peers, and
// the frames go on at the same sinks.
func TestJanusKilled(t *testing.T) {
	t.Parallel()
	ctx := patient(t)
	gw := lastingGateway(t, janusproc.Options{})
	a := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "a"})
	b := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "b"})
	self := a.Self()
	sinks := []*media.SampleSink{a.watch(ctx, t, b), b.watch(ctx, t, a)}
	flows(ctx, t, sinks...)
	for range 2 {
		before := a.connections()
		gw.Kill()
		require.NoError(t, gw.Restart(ctx))
		for _, p := range []*person{a, b} {
			for !await[*client.Resumed](ctx, t, p).Rebuilt {
			}
			require.NoError(t, p.Sync(ctx))
		}
		require.Eventually(t, func() bool { return active(a.Room) == 1 && active(b.Room) == 1 }, time.Minute, time.Millisecond)
		for _, sink := range sinks {
			drain(ctx, t, sink)
		}
		flows(ctx, t, sinks...)
		require.NotContains(t, a.connections(), before[0])
		require.Equal(t, self, a.Self(), "with the same id")
	}
	require.Len(t, a.made.handles(), 2, "with the same peers")
	require.Len(t, b.made.handles(), 2)
}

// TestJanusKilledEvents reads what a room tells when everybody comes back to a
// gateway that was restarted: nobody is said to have stopped publishing.
func TestJanusKilledEvents(t *testing.T) {
	t.Parallel()
	ctx := patient(t)
	gw := lastingGateway(t, janusproc.Options{})
	a := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "a"})
	b := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "b"})
	sinks := []*media.SampleSink{a.watch(ctx, t, b), b.watch(ctx, t, a)}
	flows(ctx, t, sinks...)
	gw.Kill()
	require.NoError(t, gw.Restart(ctx))
	for i, p := range []*person{a, b} {
		await[*client.Interrupted](ctx, t, p)
		for up := 0; up < 2; { // one connection to send, one to receive
			ev, err := p.Next(ctx)
			require.NoError(t, err)
			switch ev := ev.(type) {
			case *client.WebRTCUp:
				up++
			case *videoroom.Unpublished:
				require.Failf(t, "it came back", "%c heard %+v", 'a'+i, ev)
			}
		}
		drain(ctx, t, sinks[i])
	}
	flows(ctx, t, sinks...)
}

// drain takes what was on its way when the connection was lost.
func drain(ctx context.Context, t *testing.T, sink *media.SampleSink) {
	t.Helper()
	for {
		short, cancel := context.WithTimeout(ctx, time.Millisecond)
		_, err := sink.Read(short)
		cancel()
		if err != nil {
			require.NoError(t, ctx.Err())
			return
		}
	}
}

// TestJanusKilledRoles is the same for a publisher and a subscriber on their own.
func TestJanusKilledRoles(t *testing.T) {
	t.Parallel()
	ctx := patient(t)
	gw := lastingGateway(t, janusproc.Options{})
	s := session(ctx, t, gw.WS())
	pub := publish(ctx, t, s, lasting, media.Video)
	id := pub.ID()
	h := attach(ctx, t, session(ctx, t, gw.WS()))
	sub, err := h.Subscribe(ctx, videoroom.SubscribeRequest{Room: lasting, Streams: []videoroom.Subscription{{Feed: id}}}, receiver(t, h))
	require.NoError(t, err)
	sink := sinkOf(t, await[*media.TrackAdded](ctx, t, sub).Track)
	flows(ctx, t, sink)
	gw.Kill()
	require.NoError(t, gw.Restart(ctx))
	await[*client.WebRTCUp](ctx, t, pub)
	await[*client.WebRTCUp](ctx, t, sub)
	drain(ctx, t, sink)
	flows(ctx, t, sink)
	require.Equal(t, id, pub.ID())
	require.Equal(t, id, sub.Stream("0").FeedID)
	_, err = pub.Renegotiate(ctx)
	require.NoError(t, err)
	require.NoError(t, sub.Restart(ctx))
	flows(ctx, t, sink)
}

// TestJanusClaimed drops a socket while nothing happens: nobody touches the media.
func TestJanusClaimed(t *testing.T) {
	t.Parallel()
	ctx := patient(t)
	gw := lastingGateway(t, janusproc.Options{ReclaimTimeout: 20 * time.Second})
	a := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "a"})
	b := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "b"})
	sinks := []*media.SampleSink{a.watch(ctx, t, b), b.watch(ctx, t, a)}
	require.NoError(t, a.Sync(ctx))
	before := a.connections()
	var offers []string
	for _, c := range before {
		offers = append(offers, c.(*webrtc.PeerConnection).RemoteDescription().SDP)
	}
	a.cut(t)
	flows(ctx, t, sinks...)
	a.line.Release()
	require.False(t, await[*client.Resumed](ctx, t, a).Rebuilt)
	ev := await[*videoroom.Resynced](ctx, t, a)
	require.Equal(t, &videoroom.Resynced{EventBase: ev.EventBase}, ev, "nothing happened")
	require.NoError(t, a.Sync(ctx))
	require.Equal(t, before, a.connections(), "the connections are the same")
	for i, c := range before {
		require.Equal(t, offers[i], c.(*webrtc.PeerConnection).RemoteDescription().SDP, "nothing was negotiated")
	}
	flows(ctx, t, sinks...)
	require.Len(t, b.Feeds(), 1)
}

// TestJanusGap has everybody do something while one of them is away.
func TestJanusGap(t *testing.T) {
	t.Parallel()
	ctx := patient(t)
	gw := lastingGateway(t, janusproc.Options{ReclaimTimeout: 30 * time.Second})
	a := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "a"})
	b := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "b"})
	c := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "c"})
	for range 2 {
		await[*media.TrackAdded](ctx, t, a)
	}
	require.NoError(t, a.Sync(ctx))
	before := a.connections()

	a.cut(t)
	require.NoError(t, b.Unpublish(ctx))
	require.NoError(t, c.Leave(ctx))
	s := session(ctx, t, gw.WS())
	d := publish(ctx, t, s, lasting, media.Video)
	guest := enter(ctx, t, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: lasting, Display: "guest"}})
	a.line.Release()
	var got []client.Event
	var done *videoroom.Resynced
	for done == nil {
		ev, err := a.Next(ctx)
		require.NoError(t, err)
		done, _ = ev.(*videoroom.Resynced)
		if _, media := ev.(*media.TrackEnded); !media && done == nil && ev.Base().Kind != "media.state" {
			got = append(got, ev)
		}
	}
	require.Equal(t, &videoroom.Resynced{EventBase: done.EventBase, Joined: 1, Published: 1, Unpublished: 1, Left: 1, Streams: true}, done)
	for _, ev := range got {
		switch ev := ev.(type) {
		case *videoroom.Unpublished:
			require.Equal(t, b.Self(), ev.Feed)
		case *videoroom.Left:
			require.Equal(t, c.Self(), ev.Feed)
		case *videoroom.Published:
			require.Equal(t, d.ID(), ev.Feeds[0].ID)
			require.Equal(t, "vp8", ev.Feeds[0].Streams[0].Codec)
		case *videoroom.Joined:
			require.Equal(t, guest.Self(), ev.Attendee.ID)
		}
	}
	flows(ctx, t, sinkOf(t, await[*media.TrackAdded](ctx, t, a).Track))
	require.NoError(t, a.Sync(ctx))
	require.Equal(t, 1, active(a.Room))
	require.Equal(t, before, a.connections(), "the connections are the same")
}

// TestJanusTakeover finds somebody with its id in the room, and kicks it.
func TestJanusTakeover(t *testing.T) {
	t.Parallel()
	ctx := patient(t)
	gw := lastingGateway(t, janusproc.Options{})
	a := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "a", Secret: "s3"})
	self := a.Self()
	await[*client.WebRTCUp](ctx, t, a)
	a.cut(t)
	h := attach(ctx, t, session(ctx, t, gw.WS()))
	require.Eventually(t, func() bool {
		_, _, err := h.Join(ctx, videoroom.JoinRequest{Room: lasting, ID: self})
		return err == nil
	}, 30*time.Second, 10*time.Millisecond)
	a.line.Release()
	ghost := await[*videoroom.Ghost](ctx, t, a)
	require.Equal(t, &videoroom.Ghost{EventBase: ghost.EventBase, ID: self, TakenOver: true}, ghost)
	require.NoError(t, a.Sync(ctx))
	require.Equal(t, self, a.Self())
	require.True(t, await[*videoroom.Left](ctx, t, h).Own)
}

// TestJanusAlert ends connections as a network does: the gateway says DTLS alert.
// Those who publish and subscribe go on with the same peers.
func TestJanusAlert(t *testing.T) {
	t.Parallel()
	ctx := patient(t)
	gw := lastingGateway(t, janusproc.Options{})
	a := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "a"})
	b := arrives(ctx, t, gw, videoroom.JoinRequest{Display: "b"})
	sinks := []*media.SampleSink{a.watch(ctx, t, b), b.watch(ctx, t, a)}
	flows(ctx, t, sinks...)
	for _, c := range a.connections() {
		require.NoError(t, c.(*webrtc.PeerConnection).Close())
	}
	var track *media.Track // another one: the test ended that before
	for hungUp, up := 0, 0; hungUp < 2 || up < 2 || track == nil; {
		ev, err := a.Next(ctx)
		require.NoError(t, err)
		switch ev := ev.(type) {
		case *client.Hangup:
			require.True(t, ev.Fault())
			hungUp++
		case *client.WebRTCUp:
			if hungUp > 0 { // the first ones may be there still
				up++
			}
		case *media.TrackAdded:
			track = ev.Track
		}
	}
	require.NoError(t, a.Sync(ctx))
	require.NoError(t, b.Sync(ctx))
	flows(ctx, t, sinkOf(t, track), b.watch(ctx, t, a))
	require.Len(t, a.made.handles(), 2, "with the same peers")
}
