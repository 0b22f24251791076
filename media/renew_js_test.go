package media_test

import (
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// TestBrowserRenew replaces the connections of two peers: senders with what they
// were set to, tracks with their elements, and data channels go on.
func TestBrowserRenew(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	a, b := newEnds(t)
	sender, err := a.Add(canvas(t, "blue", "#00f"), nil)
	require.NoError(t, err)
	other, err := a.Add(canvas(t, "red", "#f00"), nil)
	require.NoError(t, err)
	data, err := a.OpenData(ctx, "greeting", &media.DataOptions{Protocol: "p"})
	require.NoError(t, err)
	connect(ctx, t, a, b)
	track := await[*media.TrackAdded](t, b.link).Track
	for track.MID != sender.MID() {
		track = await[*media.TrackAdded](t, b.link).Track
	}
	video, sink := element(t, "video", "renewed")
	require.NoError(t, track.Attach(sink))
	colour(ctx, t, video, false, false, true)
	require.NoError(t, sender.Configure(ctx, media.SendParameters{MaxBitrate: new(123_000), MaxFrameRate: new(12.5)}))
	first := await[*media.DataOpened](t, b.link).Channel

	require.NoError(t, a.Renew(ctx))
	require.NoError(t, b.Renew(ctx))
	<-first.Done()
	connect(ctx, t, a, b)
	require.NoError(t, sender.Replace(ctx, canvas(t, "green", "#0f0")))
	colour(ctx, t, video, false, true, false)
	require.Contains(t, b.Tracks(), track)
	require.NoError(t, data.SendText(ctx, "hello"))
	again := await[*media.DataOpened](t, b.link).Channel
	require.Equal(t, "p", again.Protocol())
	text, err := again.ReceiveText(ctx)
	require.NoError(t, err)
	require.Equal(t, "hello", text)
	require.Equal(t, 123_000, layer(a.Peer, 0).Get("maxBitrate").Int())
	require.Equal(t, 12.5, layer(a.Peer, 0).Get("maxFramerate").Float())

	require.NoError(t, other.Replace(ctx, nil)) // nothing is sent on then
	require.NoError(t, a.Renew(ctx))
	require.NoError(t, b.Renew(ctx))
	connect(ctx, t, a, b)
	colour(ctx, t, video, false, true, false)
	require.NoError(t, a.Close())
	<-data.Done()
}

// layer returns what the first sender of p is set to, for one of its layers.
func layer(p *media.Peer, i int) js.Value {
	sender := p.Underlying().(js.Value).Call("getSenders").Index(0)
	return sender.Call("getParameters").Get("encodings").Index(i)
}

// TestBrowserOnline: another network is a reason to look for another way.
func TestBrowserOnline(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	a, b := newEnds(t)
	_, err := a.Add(canvas(t, "blue", "#00f"), nil)
	require.NoError(t, err)
	connect(ctx, t, a, b)
	online := func() { js.Global().Call("dispatchEvent", js.Global().Get("Event").New("online")) }
	online()
	health, _ := a.Health()
	require.Equal(t, client.HealthGood, health, "nobody wants to know")
	release, ok := a.Keep()
	require.True(t, ok)
	online()
	health, _ = a.Health()
	require.Equal(t, client.HealthBroken, health)
	_, err = a.Offer(ctx, true)
	require.NoError(t, err)
	health, _ = a.Health()
	require.Equal(t, client.HealthGood, health)
	release()
}

// TestBrowserRebuilt kills the gateway and starts it again: the echo runs on in
// the same peer and the same element.
func TestBrowserRebuilt(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	gw := page.NewJanus(t, nil)
	e := newEchoAt(ctx, t, gw.WS, nil)
	sender, err := e.Add(canvas(t, "blue", "#00f"), &media.SendOptions{Simulcast: true})
	require.NoError(t, err)
	senders := append(e.Senders(), e.send(t, devices(ctx, t, media.DeviceRequest{Audio: true})...)...)
	require.NoError(t, e.handle.Start(ctx, echotest.Config{}, e))
	video, sink := element(t, "video", "remote")
	for _, track := range e.tracks(ctx, t, 2) {
		require.NoError(t, track.Attach(sink))
	}
	colour(ctx, t, video, false, false, true)
	require.NoError(t, sender.Configure(ctx, media.SendParameters{
		Layers: []string{"m", "l"}, LayerBitrates: media.LayerBitrates{Low: 77_000}}))
	tracks := e.Tracks()
	pc := e.Underlying().(js.Value)
	gw.Do(t, "kill")
	gw.Do(t, "restart")
	resumed := event[*client.Resumed](ctx, t, e)
	require.True(t, resumed.Rebuilt)
	require.NoError(t, resumed.Err)
	event[*client.WebRTCUp](ctx, t, e) // of the first connection
	event[*client.WebRTCUp](ctx, t, e)
	require.NoError(t, sender.Replace(ctx, canvas(t, "green", "#0f0")))
	colour(ctx, t, video, false, true, false)
	require.False(t, layer(e.Peer, 0).Get("active").Bool())
	require.Equal(t, 77_000, layer(e.Peer, 2).Get("maxBitrate").Int())
	require.False(t, pc.Equal(e.Underlying().(js.Value)))
	require.Equal(t, senders, e.Senders())
	require.ElementsMatch(t, tracks, e.Tracks())
	require.NoError(t, e.handle.Stop(ctx))
	<-e.Done()
}
