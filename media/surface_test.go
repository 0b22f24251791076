package media_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// handle is a Link that does nothing.
type handle struct{ observed int }

func (*handle) Trickle(context.Context, ...client.Candidate) error { return nil }
func (*handle) Post(client.Event)                                  {}
func (h *handle) Observe(func(client.Event) bool) (stop func()) {
	h.observed++
	return func() { h.observed-- }
}

// What no target can do says so.
func TestUnsupported(t *testing.T) {
	_, err := media.NewSampleSource(media.Codec{MIME: "audio/what"})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.Record(nil, &media.RecordOptions{Container: "avi"})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.NoError(t, media.Discard().Close())
}

// testNoPage: what only a page can do says so, and does not panic.
func testNoPage(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	_, err := media.Capture("#canvas")
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.Element("#video")
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.External(nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.Device(ctx, media.DeviceRequest{Audio: true})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.Devices(ctx, nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	n := 0
	for _, err := range media.DeviceChanges(ctx, nil) {
		require.ErrorIs(t, err, errors.ErrUnsupported)
		n++
	}
	require.Equal(t, 1, n)
	_, err = media.Display(ctx, media.DeviceRequest{Video: true})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	l := &handle{}
	_, err = media.NewPeer(l, &media.Options{Transform: func(media.TransformTarget) any { return nil }})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.Zero(t, l.observed)
}

func TestResolutions(t *testing.T) {
	for name, want := range map[string]media.Resolution{
		"lowres": {320, 240}, "lowres-16:9": {320, 180}, "stdres": {640, 480}, "stdres-16:9": {640, 360},
		"hires": {1280, 720}, "hires-16:9": {1280, 720}, "hdres": {1280, 720}, "fhdres": {1920, 1080}, "4kres": {3840, 2160},
	} {
		got, ok := media.ResolutionByName(name)
		require.True(t, ok, name)
		require.Equal(t, want, got, name)
	}
	_, ok := media.ResolutionByName("8kres")
	require.False(t, ok)
}

func TestOptionErrors(t *testing.T) {
	for url, says := range map[string]string{
		"http://x":                          `scheme "http"`,
		"":                                  "scheme",
		"stun://host":                       "without //",
		"stun:":                             "host:port",
		"turn:host":                         "Username and Credential",
		"a-very-long-scheme-indeed-it-is:x": "…",
	} {
		l := &handle{}
		_, err := media.NewPeer(l, &media.Options{ICEServers: []media.ICEServer{{URLs: []string{url}}}})
		var bad *media.OptionError
		require.ErrorAs(t, err, &bad, url)
		require.ErrorContains(t, err, says)
		require.Zero(t, l.observed)
	}
	l := &handle{}
	_, err := media.NewPeer(l, &media.Options{RelayOnly: true})
	require.ErrorContains(t, err, "needs a TURN server")
}

func TestServersKeepTheirSecrets(t *testing.T) {
	s := media.ICEServer{URLs: []string{"turn:h"}, Username: "user", Credential: "secret"}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(format, s), "secret")
		require.NotContains(t, fmt.Sprintf(format, media.Options{ICEServers: []media.ICEServer{s}}), "secret")
	}
}

func TestNames(t *testing.T) {
	require.Equal(t, "audio", media.Audio.String())
	require.Equal(t, "video", media.Video.String())
	require.Equal(t, "unknown", media.Kind(7).String())
	require.Equal(t, "VP8", media.Codec{MIME: media.VP8}.Name())
	require.Equal(t, "odd", media.Codec{MIME: "odd"}.Name())
	require.Equal(t, "media: data: no (do)", (&media.CodecError{Reason: "no", Fix: "do"}).Error())
	require.Equal(t, "media: video codec VP8: no", (&media.CodecError{Kind: media.Video, Codec: "VP8", Reason: "no"}).Error())
	require.Equal(t, "media: audio: no (do)", (&media.DeviceError{Kind: media.Audio, Reason: "no", Fix: "do"}).Error())
	require.Equal(t, "media: no", (&media.DeviceError{Reason: "no"}).Error())
	require.Equal(t, "media: f: no (do)", (&media.FileError{Name: "f", Reason: "no", Fix: "do"}).Error())
}
