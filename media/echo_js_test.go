package media_test

import (
	"context"
	"runtime"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// element puts an element into the page and returns it with a sink for it.
func element(t *testing.T, tag, id string) (js.Value, *media.ElementSink) {
	t.Helper()
	el := newElement(t, tag, id)
	sink, err := media.Element("#" + id)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	return el, sink
}

// startEcho sends a camera and a microphone and shows what comes back.
func startEcho(ctx context.Context, t *testing.T, e *echo) (senders []*media.Sender, video js.Value) {
	t.Helper()
	senders = e.send(t, devices(ctx, t, media.DeviceRequest{Audio: true, Video: true})...)
	require.NoError(t, e.handle.Start(ctx, echotest.Config{}, e))
	video, sink := element(t, "video", "remote")
	for _, track := range e.tracks(ctx, t, 2) {
		require.NoError(t, track.Attach(sink))
	}
	return senders, video
}

func TestBrowserEcho(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	senders, video := startEcho(ctx, t, e)
	moves(ctx, t, video)
	require.Equal(t, media.Audio, senders[0].Kind(), "the microphone comes first")
	require.Equal(t, senders, e.Senders())
	require.Len(t, e.Tracks(), 2)
	for _, track := range e.Tracks() {
		sender := e.Sender(track.MID)
		require.NotNil(t, sender)
		require.Equal(t, track.Kind, sender.Kind())
		require.Equal(t, "janus", track.StreamID)
		require.Equal(t, map[media.Kind]string{media.Audio: media.Opus, media.Video: media.VP8}[track.Kind], track.Codec.MIME)
		require.NotZero(t, track.Codec.ClockRate)
	}
	require.Nil(t, e.Sender(""))
	require.Equal(t, media.StateConnected, e.State())

	var s *media.Stats
	until(ctx, t, "numbers of everything", func() bool {
		var err error
		s, err = e.Stats(ctx)
		require.NoError(t, err)
		in := s.Stream(senders[1].MID(), false)
		return len(s.Streams) == 4 && in != nil && in.FrameRate > 0 && in.Width > 0 && s.RTT > 0 &&
			heard(s.Stream(senders[0].MID(), true)) && heard(s.Stream(senders[0].MID(), false))
	})
	out := s.Stream(senders[1].MID(), true)
	require.Equal(t, "VP8", out.Codec)
	require.Equal(t, 640, out.Width)
	require.NotZero(t, out.Frames)
	require.True(t, s.Streams[0].Sent && s.Streams[1].Sent && !s.Streams[2].Sent, "senders first")
	var sent, received uint64
	for _, x := range s.Streams {
		if x.Sent {
			sent += x.Bytes
		} else {
			received += x.Bytes
		}
	}
	require.Equal(t, []uint64{sent, received}, []uint64{s.BytesSent, s.BytesReceived})
	require.Contains(t, s.Local, "udp")
	require.Contains(t, s.Remote, "host udp")
	require.Equal(t, "RTCStatsReport", s.Raw.(js.Value).Get("constructor").Get("name").String())
	require.Equal(t, "RTCPeerConnection", e.Underlying().(js.Value).Get("constructor").Get("name").String())
}

// heard reports whether a sound was not silent so far: the fake microphone beeps twice a second.
func heard(s *media.StreamStats) bool {
	return s != nil && s.AudioLevel > 0 && s.AudioEnergy > 0 && s.AudioEnergy < s.AudioDuration.Seconds()
}

// What is removed ends, with its mid; what is counted is not lost; what is added
// again comes back.
func TestBrowserRenegotiate(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	senders, video := startEcho(ctx, t, e)
	moves(ctx, t, video)
	before, err := e.Stats(ctx)
	require.NoError(t, err)
	mid := senders[1].MID()
	require.NoError(t, senders[1].Remove())
	require.NoError(t, senders[1].Remove())
	require.ErrorIs(t, senders[1].Mute(true), media.ErrClosed)
	require.ErrorIs(t, senders[1].Replace(ctx, nil), media.ErrClosed)
	require.NoError(t, e.handle.Renegotiate(ctx))
	ended := event[*media.TrackEnded](ctx, t, e).Track
	require.Equal(t, mid, ended.MID)
	<-ended.Done()
	require.ErrorIs(t, ended.Attach(media.Discard()), media.ErrClosed)
	require.Len(t, e.Tracks(), 1)
	after, err := e.Stats(ctx)
	require.NoError(t, err)
	require.GreaterOrEqual(t, after.BytesSent, before.BytesSent)

	e.send(t, devices(ctx, t, media.DeviceRequest{Video: true})...)
	require.NoError(t, e.handle.Renegotiate(ctx))
	track := event[*media.TrackAdded](ctx, t, e).Track
	require.Equal(t, media.Video, track.Kind)
	other, sink := element(t, "video", "again")
	require.NoError(t, track.Attach(sink))
	moves(ctx, t, other)

	// Of an m-line that is stopped for good the browser forgets the numbers.
	before, err = e.Stats(ctx)
	require.NoError(t, err)
	e.Underlying().(js.Value).Call("getTransceivers").Index(1).Call("stop")
	require.NoError(t, e.handle.Renegotiate(ctx))
	until(ctx, t, "them to be forgotten", func() bool {
		after, err := e.Stats(ctx)
		require.NoError(t, err)
		require.GreaterOrEqual(t, after.BytesSent, before.BytesSent)
		require.GreaterOrEqual(t, after.BytesReceived, before.BytesReceived)
		return after.Stream(mid, true) == nil
	})
}

// An offer nobody answered does no harm.
func TestBrowserOfferAgain(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, &media.Options{HalfTrickle: true})
	e.send(t, devices(ctx, t, media.DeviceRequest{Video: true})...)
	first, err := e.Offer(ctx, false)
	require.NoError(t, err)
	require.False(t, *first.Trickle)
	require.Contains(t, first.SDP, "a=candidate:")
	require.NoError(t, e.handle.Start(ctx, echotest.Config{}, e))
	e.tracks(ctx, t, 1)

	again, err := e.Offer(ctx, true)
	require.NoError(t, err)
	candidates := func(j *client.JSEP) string { return strings.Join(lines(j.SDP, "a=candidate:"), "\n") }
	require.NotEmpty(t, candidates(again), "those of the restart are waited for")
	require.NotEqual(t, candidates(first), candidates(again))
	require.NotEqual(t, lines(first.SDP, "a=ice-ufrag:"), lines(again.SDP, "a=ice-ufrag:"))
}

// lines returns the lines of an SDP that begin with prefix.
func lines(sdp, prefix string) []string {
	var found []string
	for line := range strings.SplitSeq(sdp, "\r\n") {
		if strings.HasPrefix(line, prefix) {
			found = append(found, line)
		}
	}
	return found
}

func TestBrowserICERestart(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	_, video := startEcho(ctx, t, e)
	moves(ctx, t, video)
	user := func() string {
		return lines(e.Underlying().(js.Value).Get("localDescription").Get("sdp").String(), "a=ice-ufrag:")[0]
	}
	before := user()
	require.NotEmpty(t, before)
	s, err := e.Stats(ctx)
	require.NoError(t, err)
	require.NoError(t, e.handle.Restart(ctx))
	require.NotEqual(t, before, user())
	until(ctx, t, "another path", func() bool {
		now, err := e.Stats(ctx)
		require.NoError(t, err)
		return now.Local != s.Local && now.Local != ""
	})
	moves(ctx, t, video)
	require.Len(t, e.Tracks(), 2, "the tracks are the same")
}

func TestBrowserData(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	h, p := attach(ctx, t, "echotest")
	testData(ctx, t, h, p)
}

func TestBrowserOffers(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	h, p := attach(ctx, t, "textroom")
	testOffers(ctx, t, h, p)
}

// addDevices sends a camera and a microphone.
func addDevices(ctx context.Context, t *testing.T, p *media.Peer) {
	t.Helper()
	for _, src := range devices(ctx, t, media.DeviceRequest{Audio: true, Video: true}) {
		_, err := p.Add(src, nil)
		require.NoError(t, err)
	}
}

func TestBrowserHangsUp(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	h, p := attach(ctx, t, "echotest")
	addDevices(ctx, t, p)
	testHangsUp(ctx, t, h, p)
	_, err := p.Offer(ctx, false)
	require.ErrorIs(t, err, media.ErrClosed)
	_, err = p.Stats(ctx)
	require.ErrorIs(t, err, media.ErrClosed)
}

func TestBrowserDetached(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	h, p := attach(ctx, t, "echotest")
	addDevices(ctx, t, p)
	testDetached(ctx, t, h, p)
}

func TestBrowserFullTrickle(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	gw := page.NewJanus(t, map[string]any{"FullTrickle": true})
	e := newEchoAt(ctx, t, gw.WS, nil)
	addDevices(ctx, t, e.Peer)
	begin := time.Now()
	require.NoError(t, e.handle.Start(ctx, nothing, e))
	e.tracks(ctx, t, 2)
	require.Less(t, time.Since(begin), 900*time.Millisecond, "no candidate was lost")
	for _, ev := range e.skipped {
		require.NotEqual(t, "trickle", ev.Base().Kind, "the peer keeps them")
	}
}

// The other side offers: what was added before is sent with the answer, and its
// data channel is heard from the first message on.
func TestBrowserAnswer(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	a, b := newEnds(t)
	_, err := a.Add(canvas(t, "red", "#f00"), &media.SendOptions{StreamID: "a"})
	require.NoError(t, err)
	sender, err := b.Add(canvas(t, "blue", "#00f"), nil)
	require.NoError(t, err)
	require.Empty(t, sender.MID())
	out, err := a.OpenData(ctx, "greeting", nil)
	require.NoError(t, err)
	connect(ctx, t, a, b)
	require.NotEmpty(t, sender.MID())
	require.Same(t, sender, b.Sender(sender.MID()))
	require.NoError(t, out.SendText(ctx, "hello"))
	for _, want := range []struct {
		end
		blue bool
	}{{a, true}, {b, false}} {
		track := await[*media.TrackAdded](t, want.link).Track
		video, sink := element(t, "video", "v"+track.ID)
		require.NoError(t, track.Attach(sink))
		colour(ctx, t, video, !want.blue, false, want.blue)
		if !want.blue {
			require.Equal(t, "a", track.StreamID)
		}
	}
	in := await[*media.DataOpened](t, b.link).Channel
	require.Equal(t, "greeting", in.Label())
	text, err := in.ReceiveText(ctx)
	require.NoError(t, err)
	require.Equal(t, "hello", text)
	require.NoError(t, in.Send(ctx, []byte{1, 2}))
	m, err := out.Receive(ctx)
	require.NoError(t, err)
	require.Equal(t, media.Data{Bytes: []byte{1, 2}}, m)
	require.NoError(t, a.Close())
	<-out.Done()
	<-in.Done()
	require.Equal(t, media.StateClosed, a.State())
}

// An m-line that is used again, as the VideoRoom does, brings a new track.
func TestBrowserReuse(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	a, b := newEnds(t)
	_, err := a.Add(canvas(t, "red", "#f00"), nil)
	require.NoError(t, err)
	connect(ctx, t, a, b)
	first := await[*media.TrackAdded](t, b.link).Track
	line := a.Underlying().(js.Value).Call("getTransceivers").Index(0)
	negotiate := func(direction string) {
		line.Set("direction", direction)
		offer, err := a.Offer(ctx, false)
		require.NoError(t, err)
		answer, err := b.Answer(ctx, offer)
		require.NoError(t, err)
		require.NoError(t, a.Accept(ctx, answer))
	}
	for range 2 {
		negotiate("inactive")
		require.Same(t, first, await[*media.TrackEnded](t, b.link).Track)
		require.Empty(t, b.Tracks())
		negotiate("sendonly")
		second := await[*media.TrackAdded](t, b.link).Track
		require.NotSame(t, first, second)
		require.Equal(t, first.MID, second.MID)
		video, sink := element(t, "video", "again")
		require.NoError(t, second.Attach(sink))
		colour(ctx, t, video, true, false, false)
		require.NoError(t, sink.Close())
		video.Call("remove")
		first = second
	}
}

func TestBrowserOptions(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, &media.Options{RelayOnly: true, ICEServers: []media.ICEServer{
		{URLs: []string{"stun:127.0.0.1:9"}},
		{URLs: []string{"turn:127.0.0.1:9?transport=tcp"}, Username: "me", Credential: "secret"},
	}})
	c := e.Underlying().(js.Value).Call("getConfiguration")
	require.Equal(t, "relay", c.Get("iceTransportPolicy").String())
	require.Equal(t, "max-bundle", c.Get("bundlePolicy").String())
	turn := c.Get("iceServers").Index(1)
	require.Equal(t, "turn:127.0.0.1:9?transport=tcp", turn.Get("urls").Index(0).String())
	require.Equal(t, "me", turn.Get("username").String())
	require.Equal(t, "secret", turn.Get("credential").String())
	require.NoError(t, e.Receive(media.Video))
	var bad *media.OptionError
	require.ErrorAs(t, e.Receive(0), &bad)
	_, err := e.OpenData(ctx, "x", &media.DataOptions{MaxRetransmits: new(70000)})
	require.ErrorAs(t, err, &bad)
	offer, err := e.Offer(ctx, false)
	require.NoError(t, err)
	require.NotContains(t, offer.SDP, "a=candidate:")
	require.Contains(t, offer.SDP, "a=recvonly")
	_, err = e.Answer(ctx, offer)
	require.ErrorIs(t, err, media.ErrState)
	require.Error(t, e.Accept(ctx, &client.JSEP{Type: "answer", SDP: "no description"}))
}

// held returns how many JavaScript values Go holds.
func held() int {
	runtime.GC()
	runtime.Gosched() // finalizers
	runtime.GC()
	tables := js.Global().Get("goForTest")
	return tables.Get("_values").Length() - tables.Get("_idPool").Length()
}

// Nothing stays behind, however often; and who closes in the middle of
// something is not kept waiting.
func TestBrowserCycles(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	sources := devices(ctx, t, media.DeviceRequest{Audio: true, Video: true})
	_, sink := element(t, "video", "cycle")
	cycle := func(i int) {
		p, err := media.NewPeer(e.handle, nil)
		require.NoError(t, err)
		for _, src := range sources {
			_, err := p.Add(src, nil)
			require.NoError(t, err)
		}
		_, err = p.OpenData(ctx, "x", nil)
		require.NoError(t, err)
		if i%4 == 3 {
			go func() { _, _ = p.Offer(ctx, false) }() // Close waits for it
		} else {
			require.NoError(t, e.handle.Start(ctx, nothing, p))
			if i%4 != 0 {
				for _, track := range e.tracks(ctx, t, 2) {
					require.NoError(t, track.Attach(sink))
				}
			}
			require.NoError(t, e.handle.Hangup(ctx))
			event[*client.Hangup](ctx, t, e)
		}
		require.NoError(t, p.Close())
		require.Empty(t, p.Tracks())
		e.skipped = nil
	}
	for i := range 4 {
		cycle(i)
	}
	functions, values := jsx.Live(), held()
	const cycles = 40
	for i := range cycles {
		cycle(i)
	}
	require.Equal(t, functions, jsx.Live())
	until(ctx, t, "the values to go", func() bool { return held() <= values+16 })
	t.Logf("JavaScript values held by Go: %d, after %d cycles %d", values, cycles, held())
}
