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

	checkEcho(t, out)
}

// Without a URL there is no Janus, and no need of one.
func TestEchoWithoutJanus(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, clip.FS))
	t.Chdir(dir)
	require.NoError(t, run([]string{clip.Video, clip.Audio}))
	checkEcho(t, "echo.webm")
	require.ErrorContains(t, run(nil), "usage: ")
}

func checkEcho(t *testing.T, out string) {
	t.Helper()
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
