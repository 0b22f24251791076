//go:build !js

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/media"
)

var gateway janustesting.Shared

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway)) }

func TestJanusEcho(t *testing.T) {
	gw := gateway.Get(t)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, clip.FS))
	out := filepath.Join(dir, "echo.webm")
	require.NoError(t, echo(t.Context(), gw.WS(), out, filepath.Join(dir, clip.Video), filepath.Join(dir, clip.Audio)))

	f, err := os.Open(out)
	require.NoError(t, err)
	defer f.Close()
	found, err := media.Inspect(t.Context(), f)
	require.NoError(t, err)
	for _, k := range []media.Kind{media.Audio, media.Video} {
		track := found.Track(k)
		require.NotNil(t, track, k)
		require.InDelta(t, 4, track.Duration.Seconds(), 0.4, k)
	}
}
