package media_test

import (
	"errors"
	"fmt"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/media"
)

func TestBrowserElement(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	_, video := startEcho(ctx, t, e)
	moves(ctx, t, video)
	require.Equal(t, 2, video.Get("srcObject").Call("getTracks").Length(), "picture and sound together")

	other, sink := element(t, "video", "other")
	for _, track := range e.Tracks() {
		require.NoError(t, track.Attach(sink))
	}
	moves(ctx, t, other)
	require.True(t, video.Get("srcObject").IsNull(), "the sink before has let go")
	require.NoError(t, sink.SetVolume(0.25))
	require.InDelta(t, 0.25, other.Get("volume").Float(), 0.001)
	sink.SetMuted(true)
	require.True(t, other.Get("muted").Bool())
	var bad *media.OptionError
	require.ErrorAs(t, sink.SetVolume(1.5), &bad)
	require.NoError(t, sink.Play(ctx))
	require.NoError(t, sink.SetOutput(ctx, ""))
	var missing *media.DeviceError
	require.ErrorAs(t, sink.SetOutput(ctx, "no such loudspeaker"), &missing)

	for _, track := range e.Tracks() {
		if track.Kind == media.Audio {
			require.NoError(t, track.Attach(nil))
		}
	}
	require.Equal(t, 1, other.Get("srcObject").Call("getTracks").Length())
	require.NoError(t, sink.Close())
	require.True(t, other.Get("srcObject").IsNull())
	require.ErrorIs(t, e.Tracks()[0].Attach(sink), media.ErrClosed)
}

// A page nobody has clicked in may not play: the stream says so, and Play does
// it after the click.
func TestBrowserPlayBlocked(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	e.send(t, canvas(t, "green", "#0f0"))
	require.NoError(t, e.handle.Start(ctx, nothing, e))
	video, sink := element(t, "video", "blocked")
	stub(t, video, "play", `() => Promise.reject(new DOMException("click first", "NotAllowedError"))`)
	track := e.tracks(ctx, t, 1)[media.Video]
	require.NoError(t, track.Attach(sink))
	blocked := event[*media.PlayBlocked](ctx, t, e)
	require.Equal(t, track, blocked.Track)
	require.Same(t, sink, blocked.Sink)
	require.ErrorIs(t, blocked.Err, media.ErrBlocked)
	require.ErrorIs(t, sink.Play(ctx), media.ErrBlocked)
	js.Global().Get("Reflect").Call("deleteProperty", video, "play")
	require.NoError(t, blocked.Sink.Play(ctx))
	colour(ctx, t, video, false, true, false)
}

func TestBrowserNoElement(t *testing.T) {
	page.Janus(t)
	newElement(t, "div", "division")
	newElement(t, "video", "empty")
	for _, target := range []any{"#nothing", "::no selector", 7, js.Null(), "#division"} {
		var bad *media.OptionError
		_, err := media.Element(target)
		require.ErrorAs(t, err, &bad, target)
		_, err = media.Capture(target)
		require.ErrorAs(t, err, &bad, target)
	}
	_, err := media.Capture("#empty")
	require.ErrorContains(t, err, "nothing loaded yet")
}

// What a video element plays can be sent.
func TestBrowserCaptureVideo(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	first, sink := element(t, "video", "first")
	require.NoError(t, sink.Show(canvas(t, "red", "#f00")))
	until(ctx, t, "the picture", func() bool { return first.Get("readyState").Int() >= 2 })
	sources, err := media.Capture(first)
	require.NoError(t, err)
	require.Len(t, sources, 1)
	defer func() { require.NoError(t, sources[0].Close()) }()
	second, other := element(t, "video", "second")
	require.NoError(t, other.Show(sources[0]))
	colour(ctx, t, second, true, false, false)
	require.NoError(t, other.Show(nil))
	require.True(t, second.Get("srcObject").IsNull())
}

// A mute that lasts is news, one that does not is none.
func TestBrowserTrackMuted(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	startEcho(ctx, t, e)
	var video, audio *media.Track
	for _, track := range e.Tracks() {
		if track.Kind == media.Video {
			video = track
		} else {
			audio = track
		}
	}
	say := func(track *media.Track, what string) {
		track.Underlying().(js.Value).Call("dispatchEvent", js.Global().Get("Event").New(what))
	}
	say(audio, "mute")
	say(audio, "unmute")
	say(video, "mute")
	muted := event[*media.TrackMuted](ctx, t, e)
	require.Equal(t, video, muted.Track, "the other was too short")
	require.True(t, muted.Muted)
	say(video, "unmute")
	muted = event[*media.TrackMuted](ctx, t, e)
	require.Equal(t, video, muted.Track)
	require.False(t, muted.Muted)
	require.ErrorIs(t, video.RequestKeyframe(), errors.ErrUnsupported)
	require.NoError(t, audio.RequestKeyframe())
	say(audio, "mute") // nobody hears the end of this one
}

// transformWorker shifts the bytes of every frame, one way and back, and says
// that it did.
const transformWorker = `
onrtctransform = ({ transformer: t }) => {
	const by = t.options;
	let told = false;
	t.readable.pipeThrough(new TransformStream({
		transform(frame, out) {
			const bytes = new Uint8Array(frame.data);
			for (let i = 10; i < bytes.length; i++) bytes[i] += by;
			frame.data = bytes.buffer;
			out.enqueue(frame);
			if (!told) postMessage(by);
			told = true;
		},
	})).pipeTo(t.writable);
};`

func TestBrowserTransform(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	var scope jsx.Scope
	t.Cleanup(scope.Close)
	worked := map[int]bool{}
	worker := func(by int) js.Value {
		blob := js.Global().Get("Blob").New([]any{transformWorker})
		url := js.Global().Get("URL").Call("createObjectURL", blob)
		w := js.Global().Get("Worker").New(url)
		t.Cleanup(func() { w.Call("terminate") })
		scope.Listen(w, "message", func(ev js.Value) { worked[ev.Get("data").Int()] = true })
		return js.Global().Get("RTCRtpScriptTransform").New(w, by)
	}
	var asked []media.TransformTarget
	encrypted := &media.Options{Transform: func(to media.TransformTarget) any {
		asked = append(asked, to)
		if to.Sent {
			return worker(1)
		}
		return worker(255)
	}}
	e := newEcho(ctx, t, encrypted)
	e.send(t, canvas(t, "green", "#0f0"))
	offer, err := e.Offer(ctx, false)
	require.NoError(t, err)
	require.True(t, offer.E2EE)
	require.NoError(t, e.handle.Start(ctx, nothing, e))
	video, sink := element(t, "video", "secret")
	track := e.tracks(ctx, t, 1)[media.Video]
	require.NoError(t, track.Attach(sink))
	colour(ctx, t, video, false, true, false)
	until(ctx, t, "frames there and back", func() bool { return worked[1] && worked[255] })
	require.Equal(t, []media.TransformTarget{
		{Kind: media.Video}, {Kind: media.Video, Sent: true},
	}, asked, "once each")

	// Both ends of m-lines that the other side offers, and of those that only
	// receive at first.
	for _, answers := range []bool{true, false} {
		worked = map[int]bool{}
		a, b := newEnds(t)
		require.NoError(t, b.Close())
		p, err := media.NewPeer(b.link, encrypted)
		require.NoError(t, err)
		defer func() { require.NoError(t, p.Close()) }()
		b.Peer = p
		source := canvas(t, fmt.Sprint("c", answers), "#0f0")
		if answers {
			_, err = a.Add(source, nil)
			require.NoError(t, err)
			connect(ctx, t, a, b)
		} else {
			require.NoError(t, b.Receive(media.Video))
		}
		_, err = b.Add(source, nil)
		require.NoError(t, err)
		offer, err := b.Offer(ctx, false)
		require.NoError(t, err)
		require.True(t, offer.E2EE)
		answer, err := a.Answer(ctx, offer)
		require.NoError(t, err)
		require.NoError(t, b.Accept(ctx, answer))
		until(ctx, t, "encrypted frames", func() bool { return worked[1] && (worked[255] || !answers) })
	}

	// What the browser does not take: nothing goes out in clear.
	wrong := newEcho(ctx, t, &media.Options{Transform: func(media.TransformTarget) any { return js.ValueOf(7) }})
	var bad *media.OptionError
	_, err = wrong.Add(canvas(t, "blue", "#00f"), nil)
	require.ErrorAs(t, err, &bad)
	require.ErrorAs(t, wrong.Receive(media.Audio), &bad)
	_, err = wrong.Offer(ctx, false)
	require.ErrorAs(t, err, &bad)

	none := newEcho(ctx, t, &media.Options{Transform: func(media.TransformTarget) any { return nil }})
	none.send(t, canvas(t, "red", "#f00"))
	offer, err = none.Offer(ctx, false)
	require.NoError(t, err)
	require.False(t, offer.E2EE)
}
