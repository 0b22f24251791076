package media_test

import (
	"context"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// colour waits until a video shows little else than one colour, a part of red,
// green and blue each.
func colour(ctx context.Context, t *testing.T, video js.Value, red, green, blue bool) {
	t.Helper()
	is := func(b byte, on bool) bool { return on && b > 180 || !on && b < 70 }
	until(ctx, t, "the colour", func() bool {
		if video.Get("videoWidth").Int() == 0 {
			return false
		}
		p := pixels(video)
		for i := 0; i < len(p); i += 4 * 97 {
			if !is(p[i], red) || !is(p[i+1], green) || !is(p[i+2], blue) {
				return false
			}
		}
		return true
	})
}

// canvas returns a source that is all of one colour.
func canvas(t *testing.T, id, fill string) media.Source {
	t.Helper()
	el := newElement(t, "canvas", id)
	el.Set("width", 320)
	el.Set("height", 240)
	c := el.Call("getContext", "2d")
	c.Set("fillStyle", fill)
	draw := js.FuncOf(func(js.Value, []js.Value) any {
		c.Call("fillRect", 0, 0, 320, 240)
		return nil
	})
	draw.Invoke()
	timer := js.Global().Call("setInterval", draw, 50) // a canvas sends what is drawn
	t.Cleanup(func() {
		js.Global().Call("clearInterval", timer)
		draw.Release()
	})
	sources, err := media.Capture("#" + id)
	require.NoError(t, err)
	require.Len(t, sources, 1)
	t.Cleanup(func() { require.NoError(t, sources[0].Close()) })
	return sources[0]
}

func TestBrowserReplace(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	senders, video := startEcho(ctx, t, e)
	moves(ctx, t, video)
	green := canvas(t, "green", "#0f0")
	require.NoError(t, senders[1].Replace(ctx, green))
	colour(ctx, t, video, false, true, false)

	// Another camera, and back.
	list, err := media.Devices(ctx, nil)
	require.NoError(t, err)
	var cameras []string
	for _, d := range list {
		if d.Kind == media.Video {
			cameras = append(cameras, d.ID)
		}
	}
	require.Len(t, cameras, 3) // the second of Chromium's fakes gives pictures no encoder takes
	second := devices(ctx, t, media.DeviceRequest{Video: true, VideoID: cameras[2]})[0]
	settings := second.Underlying().(js.Value).Call("getSettings")
	require.Equal(t, cameras[2], settings.Get("deviceId").String())
	require.NoError(t, senders[1].Replace(ctx, second))
	moves(ctx, t, video)

	require.NoError(t, senders[1].Replace(ctx, nil))
	require.NoError(t, senders[1].Replace(ctx, green))
	colour(ctx, t, video, false, true, false)

	var wrong *media.CodecError
	require.ErrorAs(t, senders[0].Replace(ctx, green), &wrong)
	require.Equal(t, media.Video, wrong.Kind)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, senders[1].Replace(gone, second), context.Canceled)
	require.Len(t, e.Tracks(), 2, "nothing was negotiated")
}

// A muted sender sends black; the source goes on, and so does its picture in the
// page.
func TestBrowserMute(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	green := canvas(t, "green", "#0f0")
	own, sink := element(t, "video", "own")
	require.NoError(t, sink.Show(green))
	require.True(t, own.Get("muted").Bool())
	sender := e.send(t, green)[0]
	require.NoError(t, e.handle.Start(ctx, echotest.Config{}, e))
	video, remote := element(t, "video", "remote")
	require.NoError(t, e.tracks(ctx, t, 1)[media.Video].Attach(remote))
	colour(ctx, t, video, false, true, false)
	require.False(t, sender.Muted())
	require.NoError(t, sender.Mute(true))
	require.True(t, sender.Muted())
	colour(ctx, t, video, false, false, false)
	colour(ctx, t, own, false, true, false)
	blue := canvas(t, "blue", "#00f")
	require.NoError(t, sender.Replace(ctx, blue))
	sent := e.Underlying().(js.Value).Call("getSenders").Index(0).Get("track")
	require.False(t, sent.Get("enabled").Bool(), "muted all the same")
	require.NoError(t, sender.Replace(ctx, green))
	colour(ctx, t, video, false, false, false)
	require.NoError(t, sender.Mute(false))
	colour(ctx, t, video, false, true, false)
}

// rids waits until layers are sent, and returns their numbers.
func rids(ctx context.Context, t *testing.T, e *echo, want ...string) map[string]media.StreamStats {
	t.Helper()
	var found map[string]media.StreamStats
	until(ctx, t, "layers", func() bool {
		found = map[string]media.StreamStats{}
		s, err := e.Stats(ctx)
		require.NoError(t, err)
		for _, x := range s.Streams {
			if x.Sent && x.Frames > 0 {
				found[x.RID] = x
			}
		}
		for _, rid := range want {
			if _, ok := found[rid]; !ok {
				return false
			}
		}
		return true
	})
	return found
}

func TestBrowserSimulcast(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	camera := devices(ctx, t, media.DeviceRequest{Video: true, Width: 1280, Height: 720})[0]
	sender, err := e.Add(camera, &media.SendOptions{Simulcast: true, LayerBitrates: media.LayerBitrates{High: 700_000}})
	require.NoError(t, err)
	offer, err := e.Offer(ctx, false)
	require.NoError(t, err)
	require.Equal(t, "hml", offer.RIDOrder)
	require.Contains(t, offer.SDP, "a=simulcast:send h;m;l")
	require.Empty(t, offer.SVC)
	require.NoError(t, e.handle.Start(ctx, echotest.Config{}, e))
	e.tracks(ctx, t, 1)
	layers := rids(ctx, t, e, "m", "l")
	require.Equal(t, 320, layers["l"].Width)
	require.Equal(t, 640, layers["m"].Width)
	rids(ctx, t, e, "h", "m", "l")
	s, err := e.Stats(ctx)
	require.NoError(t, err)
	require.Equal(t, "h", s.Stream(sender.MID(), true).RID, "the largest")

	parameters := func(rid, name string) js.Value {
		params := e.Underlying().(js.Value).Call("getSenders").Index(0).Call("getParameters")
		for i := range 3 {
			if p := params.Get("encodings").Index(i); p.Get("rid").String() == rid {
				return p.Get(name)
			}
		}
		return js.Undefined()
	}
	require.Equal(t, 700_000, parameters("h", "maxBitrate").Int())
	require.Equal(t, 100_000, parameters("l", "maxBitrate").Int())
	require.NoError(t, sender.Configure(ctx, media.SendParameters{
		Layers: []string{"l"}, LayerBitrates: media.LayerBitrates{Low: 80_000}, MaxFrameRate: new(10.0),
	}))
	require.False(t, parameters("h", "active").Bool())
	require.True(t, parameters("l", "active").Bool())
	require.Equal(t, 80_000, parameters("l", "maxBitrate").Int())
	require.Equal(t, 10, parameters("m", "maxFramerate").Int())
	before := rids(ctx, t, e)
	until(ctx, t, "the small one only", func() bool {
		now := rids(ctx, t, e)
		ok := now["l"].Frames > before["l"].Frames+5 && now["h"].Frames == before["h"].Frames
		before["h"] = now["h"]
		return ok
	})
	var bad *media.OptionError
	require.ErrorAs(t, sender.Configure(ctx, media.SendParameters{MaxBitrate: new(1)}), &bad)
	require.ErrorAs(t, sender.Configure(ctx, media.SendParameters{Layers: []string{"x"}}), &bad)
}

func TestBrowserCodecs(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	camera := devices(ctx, t, media.DeviceRequest{Video: true})[0]
	_, err := e.Add(camera, &media.SendOptions{Codecs: []string{"VP9", "no such"}})
	var refused *media.CodecError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "no such", refused.Codec)
	require.Empty(t, e.Senders())

	sender, err := e.Add(camera, &media.SendOptions{
		Codecs: []string{"vp9"}, ScalabilityMode: "L3T3", MaxBitrate: 400_000, StreamID: "my-stream",
	})
	require.NoError(t, err)
	offer, err := e.Offer(ctx, false)
	require.NoError(t, err)
	require.Equal(t, []client.SVC{{MID: sender.MID(), MIndex: new(0), Mode: "L3T3"}}, offer.SVC)
	require.Empty(t, offer.RIDOrder)
	require.Contains(t, offer.SDP, "a=msid:my-stream ")
	require.Less(t, strings.Index(offer.SDP, "VP9/90000"), strings.Index(offer.SDP, "VP8/90000"))
	require.NoError(t, e.handle.Start(ctx, echotest.Config{VideoCodec: new("vp9")}, e))
	track := event[*media.TrackAdded](ctx, t, e).Track
	require.Equal(t, media.VP9, track.Codec.MIME)
	require.Equal(t, "VP9", rids(ctx, t, e, "")[""].Codec)
}

// A sender without layers has its caps before the first packet, with later words
// counting, and others afterwards.
func TestBrowserConfigure(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	camera := devices(ctx, t, media.DeviceRequest{Video: true})[0]
	sender, err := e.Add(camera, &media.SendOptions{MaxBitrate: 99_000, MaxFrameRate: 5})
	require.NoError(t, err)
	require.NoError(t, sender.Configure(ctx, media.SendParameters{MaxBitrate: new(123_000)}))
	require.NoError(t, e.handle.Start(ctx, echotest.Config{}, e))
	layer := func() js.Value {
		return e.Underlying().(js.Value).Call("getSenders").Index(0).Call("getParameters").Get("encodings").Index(0)
	}
	require.Equal(t, 123_000, layer().Get("maxBitrate").Int())
	require.Equal(t, 5, layer().Get("maxFramerate").Int())
	require.NoError(t, sender.Configure(ctx, media.SendParameters{MaxBitrate: new(0)}))
	require.True(t, layer().Get("maxBitrate").IsUndefined())
	require.Equal(t, 5, layer().Get("maxFramerate").Int())
	e.tracks(ctx, t, 1)
	until(ctx, t, "few pictures", func() bool {
		s, err := e.Stats(ctx)
		require.NoError(t, err)
		out := s.Stream(sender.MID(), true)
		return out != nil && out.FrameRate > 0 && out.FrameRate <= 6
	})
}

// The echo test takes no keys, so the other end is in the page, too.
func TestBrowserDTMF(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	a, b := newEnds(t)
	var senders []*media.Sender
	for _, src := range devices(ctx, t, media.DeviceRequest{Audio: true, Video: true}) {
		s, err := a.Add(src, nil)
		require.NoError(t, err)
		senders = append(senders, s)
	}
	var wrong *media.CodecError
	require.ErrorAs(t, senders[0].DTMF(ctx, "1", 0, 0), &wrong, "not yet")
	connect(ctx, t, a, b)
	require.ErrorAs(t, senders[1].DTMF(ctx, "1", 0, 0), &wrong, "a camera has no keys")
	var bad *media.OptionError
	require.ErrorAs(t, senders[0].DTMF(ctx, "1x", 0, 0), &bad)
	// The browser takes keys a moment after it says that it is connected.
	require.Eventually(t, func() bool { return senders[0].DTMF(ctx, "", 0, 0) == nil }, 30*time.Second, 10*time.Millisecond)
	begin := time.Now()
	require.NoError(t, senders[0].DTMF(ctx, "12#", 100*time.Millisecond, 50*time.Millisecond))
	require.Greater(t, time.Since(begin), 300*time.Millisecond)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, senders[0].DTMF(short, "1234567890", 0, 0), context.DeadlineExceeded)
	require.NoError(t, senders[0].DTMF(ctx, "", 0, 0))
	require.NoError(t, a.Close())
	require.ErrorIs(t, senders[0].DTMF(ctx, "1", 0, 0), media.ErrClosed)
}
