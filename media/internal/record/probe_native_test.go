//go:build !js

package record_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media/internal/record"
)

// ffprobe has the last word. Frames that are real come from the tests of media.
func TestRecordProbed(t *testing.T) {
	path, err := exec.LookPath("ffprobe")
	if err != nil {
		require.Empty(t, os.Getenv("CI"), "ffprobe is missing: apt-get install ffmpeg")
		t.Skip("ffprobe is missing: apt-get install ffmpeg")
	}
	out := &sink{}
	synctest.Test(t, func(t *testing.T) {
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{}, &stream{video: true}
		open(t, r, a)
		open(t, r, v)
		play(time.Second, a, v, nil)
		a.in.Pause()
		v.in.Pause()
		time.Sleep(time.Second) //nolint:forbidigo // virtual time, while there is no connection
		a.ssrc, v.ssrc, v.n = 7, 8, 0
		play(2*time.Second, a, v, nil)
		require.NoError(t, r.Close())
	})
	name := filepath.Join(t.TempDir(), "out.webm")
	require.NoError(t, os.WriteFile(name, out.b, 0o600))
	cmd := exec.CommandContext(t.Context(), path, "-v", "warning", "-show_entries", "packet=pts_time,stream_index", "-of", "csv", name)
	b, err := cmd.CombinedOutput()
	require.NoError(t, err)
	require.Equal(t, 225, bytes.Count(b, []byte("packet,")), "%s", b)
	require.Equal(t, 225, bytes.Count(b, []byte("\n")), "no warnings")
	cmd = exec.CommandContext(t.Context(), path, "-v", "warning", "-show_entries", "chapter=start_time,end_time:chapter_tags=title", "-of", "csv", name)
	b, err = cmd.CombinedOutput()
	require.NoError(t, err)
	require.Equal(t, "chapter,1.000000,2.000000,gap\n", string(b))
}
