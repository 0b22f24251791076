package media_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
)

// A browser build has everything by name, and nothing yet by deed.
func TestUnsupportedInBrowser(t *testing.T) {
	ctx := t.Context()
	l := &handle{}
	_, err := media.NewPeer(l, nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.Zero(t, l.observed)
	_, err = media.File(ctx, nil, "clip.ivf")
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.NewSampleSource(media.Codec{MIME: media.VP8})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.NewSampleSink()
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.Record(nil, nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = media.Inspect(ctx, nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
}
