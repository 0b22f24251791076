//go:build !js

package guest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// makeFile has ffmpeg make a recording of a second.
func makeFile(t *testing.T, picture, sound string) string {
	t.Helper()
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		require.Empty(t, os.Getenv("CI"), "ffmpeg is missing: apt-get install ffmpeg")
		t.Skip("ffmpeg is missing: apt-get install ffmpeg")
	}
	file := filepath.Join(t.TempDir(), "x.webm")
	out, err := exec.CommandContext(t.Context(), path, "-v", "error", "-f", "lavfi", "-i", picture+"=size=160x120:rate=15:duration=1",
		"-f", "lavfi", "-i", sound, "-t", "1", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus", file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return file
}

func TestDecode(t *testing.T) {
	got, err := decode(t.Context(), makeFile(t, "testsrc2", "sine=frequency=400"))
	require.NoError(t, err)
	require.Equal(t, []int{160, 120, 15}, []int{got.Width, got.Height, got.Pictures})
	require.Greater(t, got.Contrast, 0.1)
	require.Greater(t, got.Motion, 0.005)
	require.InDelta(t, 0.125/1.414, got.Loudness, 0.02)

	got, err = decode(t.Context(), makeFile(t, "color", "anullsrc"))
	require.NoError(t, err)
	require.Less(t, got.Contrast, 0.01)
	require.Less(t, got.Motion, 0.0001)
	require.Less(t, got.Loudness, 0.001)

	got, err = decode(t.Context(), makeFile(t, "smptebars", "anullsrc"))
	require.NoError(t, err)
	require.Greater(t, got.Contrast, 0.1)
	require.Less(t, got.Motion, 0.0005, "it stands")

	_, err = decode(t.Context(), filepath.Join(t.TempDir(), "none.webm"))
	require.ErrorContains(t, err, "No such file")
}
