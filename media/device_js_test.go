package media_test

import (
	"context"
	"errors"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/media"
)

// stub replaces a property of an object until the test ends.
func stub(t *testing.T, object js.Value, name, expression string) {
	t.Helper()
	value := js.Global().Call("eval", "("+expression+")")
	js.Global().Get("Object").Call("defineProperty", object, name, map[string]any{"value": value, "configurable": true, "writable": true})
	t.Cleanup(func() { js.Global().Get("Reflect").Call("deleteProperty", object, name) })
}

func mediaDevices() js.Value { return js.Global().Get("navigator").Get("mediaDevices") }

func TestBrowserDevices(t *testing.T) {
	page.Janus(t) // in Chromium, with its fake devices
	balanced(t)
	ctx := testContext(t)
	list, err := media.Devices(ctx, &media.DevicesOptions{Prompt: true})
	require.NoError(t, err)
	found := map[string]int{}
	for _, d := range list {
		require.NotEmpty(t, d.ID)
		require.NotEmpty(t, d.Label)
		require.NotEmpty(t, d.GroupID)
		name := d.Kind.String()
		if d.Output {
			name += " out"
		}
		found[name]++
	}
	require.Equal(t, 3, found["video"])
	require.NotZero(t, found["audio"])
	require.NotZero(t, found["audio out"])

	n := 0
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for list, err := range media.DeviceChanges(ctx, nil) {
		n++
		if n == 3 {
			require.ErrorIs(t, err, context.Canceled)
			break
		}
		require.NoError(t, err)
		require.NotEmpty(t, list)
		mediaDevices().Call("dispatchEvent", js.Global().Get("Event").New("devicechange"))
		if n == 2 {
			cancel()
		}
	}
	require.Equal(t, 3, n)
}

func TestBrowserDeviceRequest(t *testing.T) {
	page.Janus(t)
	balanced(t)
	ctx := testContext(t)
	size, ok := media.ResolutionByName("lowres-16:9")
	require.True(t, ok)
	sources := devices(ctx, t, media.DeviceRequest{
		Audio: true, Video: true, Width: size.Width, Height: size.Height, FrameRate: 10, EchoCancellation: new(false),
		Constraints: map[string]any{"audio": map[string]any{"autoGainControl": false}},
	})
	audio, video := sources[0].Underlying().(js.Value).Call("getSettings"), sources[1].Underlying().(js.Value).Call("getSettings")
	require.Equal(t, 320, video.Get("width").Int())
	require.Equal(t, 180, video.Get("height").Int())
	require.Equal(t, 10, video.Get("frameRate").Int())
	require.False(t, audio.Get("echoCancellation").Bool())
	require.False(t, audio.Get("autoGainControl").Bool())
	require.NoError(t, sources[1].Close())
	require.NoError(t, sources[1].Close())
	<-sources[1].Done()
	require.ErrorIs(t, sources[1].Err(), media.ErrClosed)
	require.Equal(t, "ended", sources[1].Underlying().(js.Value).Get("readyState").String())
	require.NoError(t, sources[0].Err())

	var bad *media.OptionError
	_, err := media.Device(ctx, media.DeviceRequest{})
	require.ErrorAs(t, err, &bad)
	for _, c := range []any{1, map[string]any{"x": t}, js.ValueOf(1)} {
		_, err = media.Device(ctx, media.DeviceRequest{Audio: true, Constraints: c})
		require.ErrorAs(t, err, &bad)
	}
}

// What is missing does not take the rest with it.
func TestBrowserMissingDevice(t *testing.T) {
	page.Janus(t)
	balanced(t)
	ctx := testContext(t)
	sources, err := media.Device(ctx, media.DeviceRequest{Audio: true, Video: true, VideoID: "no such camera"})
	var missing *media.DeviceError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, media.Video, missing.Kind)
	require.Equal(t, "OverconstrainedError", missing.Name)
	require.Contains(t, missing.Reason, "deviceId")
	require.NotEmpty(t, missing.Fix)
	require.Len(t, sources, 1)
	require.Equal(t, media.Audio, sources[0].Kind())
	require.NoError(t, sources[0].Close())

	for _, name := range []string{
		"NotAllowedError", "NotFoundError", "NotReadableError", "SecurityError", "InvalidStateError", "WhateverError",
	} {
		stub(t, mediaDevices(), "getUserMedia", `() => Promise.reject(new DOMException("no", "`+name+`"))`)
		sources, err := media.Device(ctx, media.DeviceRequest{Audio: true, Video: true})
		require.Empty(t, sources)
		joined, ok := err.(interface{ Unwrap() []error })
		require.True(t, ok)
		require.Len(t, joined.Unwrap(), 2)
		for i, err := range joined.Unwrap() {
			var e *media.DeviceError
			require.ErrorAs(t, err, &e)
			require.Equal(t, name, e.Name)
			require.Equal(t, []media.Kind{media.Audio, media.Video}[i], e.Kind)
			require.NotEmpty(t, e.Reason)
			require.NotEmpty(t, e.Fix)
			require.ErrorIs(t, err, jsx.Name(name))
		}
	}
}

// A device that is granted when nobody waits any more is closed.
func TestBrowserLateDevice(t *testing.T) {
	page.Janus(t)
	balanced(t)
	ctx := testContext(t)
	js.Global().Set("lateGrant", js.Null())
	stub(t, mediaDevices(), "getUserMedia", `(c) => new Promise((resolve) => {
		MediaDevices.prototype.getUserMedia.call(navigator.mediaDevices, c).then((stream) => {
			lateTrack = stream.getTracks()[0];
			lateGrant = () => resolve(stream);
		});
	})`)
	t.Cleanup(func() {
		js.Global().Delete("lateGrant")
		js.Global().Delete("lateTrack")
	})
	asked, cancel := context.WithCancel(ctx)
	failed := make(chan error)
	go func() {
		_, err := media.Device(asked, media.DeviceRequest{Video: true})
		failed <- err
	}()
	until(ctx, t, "the prompt", func() bool { return js.Global().Get("lateGrant").Truthy() })
	cancel()
	require.ErrorIs(t, <-failed, context.Canceled)
	js.Global().Get("lateGrant").Invoke()
	until(ctx, t, "the end of it", func() bool {
		return js.Global().Get("lateTrack").Get("readyState").String() == "ended"
	})
}

func TestBrowserInsecure(t *testing.T) {
	page.Janus(t)
	stub(t, js.Global().Get("navigator"), "mediaDevices", "undefined")
	_, err := media.Device(t.Context(), media.DeviceRequest{Audio: true})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	stub(t, js.Global(), "isSecureContext", "false")
	for _, f := range []func() error{
		func() error { _, err := media.Device(t.Context(), media.DeviceRequest{Audio: true}); return err },
		func() error { _, err := media.Display(t.Context(), media.DeviceRequest{}); return err },
		func() error { _, err := media.Devices(t.Context(), nil); return err },
	} {
		var e *media.DeviceError
		require.ErrorAs(t, f(), &e)
		require.Equal(t, "SecurityError", e.Name)
		require.Contains(t, e.Fix, "https://")
	}
}

func TestBrowserDisplay(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	sources, err := media.Display(ctx, media.DeviceRequest{Audio: true})
	require.NoError(t, err)
	require.Len(t, sources, 2, "the sound, too")
	for _, s := range sources {
		defer func() { require.NoError(t, s.Close()) }()
	}
	require.Equal(t, media.Video, sources[0].Kind())
	e.send(t, sources...)
	require.NoError(t, e.handle.Start(ctx, nothing, e))
	video, sink := element(t, "video", "screen")
	track := e.tracks(ctx, t, 2)[media.Video]
	require.NoError(t, track.Attach(sink))
	until(ctx, t, "a picture", func() bool { return video.Get("videoWidth").Int() > 0 })

	// The browser's own button to stop.
	sources[0].Underlying().(js.Value).Call("stop")
	sources[0].Underlying().(js.Value).Call("dispatchEvent", js.Global().Get("Event").New("ended"))
	<-sources[0].Done()
	require.ErrorContains(t, sources[0].Err(), "the user stopped it")

	stub(t, mediaDevices(), "getDisplayMedia", `() => Promise.reject(new DOMException("no", "InvalidStateError"))`)
	_, err = media.Display(ctx, media.DeviceRequest{})
	var late *media.DeviceError
	require.ErrorAs(t, err, &late)
	require.Contains(t, late.Reason, "after a click")

	stub(t, mediaDevices(), "getDisplayMedia", `async (c) => new MediaStream((await navigator.mediaDevices.getUserMedia({video: true})).getTracks())`)
	sources, err = media.Display(ctx, media.DeviceRequest{Audio: true})
	require.ErrorAs(t, err, &late)
	require.Equal(t, media.Audio, late.Kind)
	require.Len(t, sources, 1)
	require.NoError(t, sources[0].Close())
}

func TestBrowserExternal(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	var bad *media.OptionError
	_, err := media.External("track")
	require.ErrorAs(t, err, &bad)
	_, err = media.External(js.Null())
	require.ErrorAs(t, err, &bad)

	own := canvas(t, "own", "#f00")
	track := own.Underlying().(js.Value)
	src, err := media.External(track)
	require.NoError(t, err)
	e := newEcho(ctx, t, nil)
	e.send(t, src)
	require.NoError(t, e.handle.Start(ctx, nothing, e))
	video, sink := element(t, "video", "external")
	require.NoError(t, e.tracks(ctx, t, 1)[media.Video].Attach(sink))
	colour(ctx, t, video, true, false, false)
	require.NoError(t, src.Close())
	require.Equal(t, "live", track.Get("readyState").String())
	require.NoError(t, e.Close())
	require.Equal(t, "live", track.Get("readyState").String())
}
