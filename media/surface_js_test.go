package media_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
)

// What no browser has says so.
func TestNoSamples(t *testing.T) {
	_, err := media.NewSampleSource(media.Codec{MIME: media.VP8})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.NewSampleSink()
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.Inspect(t.Context(), nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
}

// A Worker has no devices, no elements and no peer connections.
func TestBrowserNoPage(t *testing.T) {
	tab := page.Open(t, page.Options{Run: "TestInTabNoPage", Worker: true})
	require.Contains(t, tab.Wait(t), "--- PASS: TestInTabNoPage")
}

func TestInTabNoPage(t *testing.T) {
	page.Inside(t)
	testNoPage(t)
	_, err := media.NewPeer(&handle{}, nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.File(t.Context(), nil, "x")
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.Record(nil, nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
}
