package videoroom_test

import (
	"context"
	"slices"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
)

// gateway is the URL of the real Janus beside the page, textGateway of one whose
// ids are strings, newGateway of one for this test.
func gateway(t *testing.T) string     { return page.Janus(t).WS }
func textGateway(t *testing.T) string { return page.NewJanus(t, map[string]any{"StringIDs": true}).WS }
func newGateway(t *testing.T) string  { return page.NewJanus(t, nil).WS }

func TestBrowserJanus(t *testing.T) {
	for name, body := range bodies {
		t.Run(name, body)
	}
}

// endless returns a microphone and a camera of a size that three can send at once
// on a small machine.
func endless(ctx context.Context, t *testing.T, kinds []media.Kind) []media.Source {
	t.Helper()
	list, err := media.Device(ctx, media.DeviceRequest{
		Audio: slices.Contains(kinds, media.Audio), Video: slices.Contains(kinds, media.Video), Width: 320, Height: 240, FrameRate: 15})
	require.NoError(t, err)
	return list
}

// forwardTo returns a port that a page cannot listen on.
func forwardTo(t *testing.T) (port int, comes func(payloadType uint8, ssrc uint32)) {
	t.Helper()
	return 9, func(uint8, uint32) {}
}

// smallest is the width of the smallest of the three sizes that simulcast sends,
// and the others are twice and four times that.
const smallest = 320

// simulcast returns a peer that sends in three sizes.
func simulcast(ctx context.Context, t *testing.T, link media.Link) client.Negotiator {
	t.Helper()
	list, err := media.Device(ctx, media.DeviceRequest{Video: true, Width: 4 * smallest, Height: 3 * smallest * 3 / 4, FrameRate: 10})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, list[0].Close()) })
	p := receiver(t, link)
	_, err = p.Add(list[0], &media.SendOptions{Simulcast: true})
	require.NoError(t, err)
	return p
}

// newWidths returns what waits until a track is so many pixels wide.
func newWidths(t *testing.T, track *media.Track) func(context.Context, *testing.T, int) {
	t.Helper()
	video := newVideo(t)
	require.NoError(t, track.Attach(video.sink))
	return func(ctx context.Context, t *testing.T, width int) {
		t.Helper()
		page.Until(ctx, t, "the size", func() bool { return video.Element.Get("videoWidth").Int() == width })
	}
}

// speaker returns a peer that sends a tone, and a function that makes it loud or
// silent, which it is at first.
func speaker(t *testing.T, link media.Link) (client.Negotiator, func(loud bool)) {
	t.Helper()
	audio := js.Global().Get("AudioContext").New()
	tone, volume, out := audio.Call("createOscillator"), audio.Call("createGain"), audio.Call("createMediaStreamDestination")
	gain := volume.Get("gain")
	gain.Set("value", 0)
	tone.Call("connect", volume)
	volume.Call("connect", out)
	tone.Call("start")
	t.Cleanup(func() { audio.Call("close") })
	src, err := media.External(out.Get("stream").Call("getTracks").Index(0))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, src.Close()) })
	p := receiver(t, link)
	_, err = p.Add(src, nil)
	require.NoError(t, err)
	return p, func(loud bool) {
		gain.Set("value", map[bool]float64{true: 0.5, false: 0}[loud])
	}
}
