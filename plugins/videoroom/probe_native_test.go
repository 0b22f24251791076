//go:build !js

package videoroom_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// probed is a stream that ffprobe decoded.
type probed struct {
	Type   string `json:"codec_type"`
	Frames string `json:"nb_read_frames"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// probe lets ffprobe decode a file, which must have so many frames of each kind.
func probe(ctx context.Context, t *testing.T, file string, video, audio int) {
	t.Helper()
	path, err := exec.LookPath("ffprobe")
	if err != nil {
		if os.Getenv("CI") != "" {
			require.FailNow(t, "ffprobe is missing: apt-get install ffmpeg")
		}
		t.Skip("ffprobe is missing: apt-get install ffmpeg")
	}
	out, err := exec.CommandContext(ctx, path, "-v", "error", "-count_frames", "-show_streams", "-of", "json", file).Output()
	require.NoError(t, err)
	var found struct{ Streams []probed }
	require.NoError(t, json.Unmarshal(out, &found))
	frames := map[string]int{}
	for _, s := range found.Streams {
		frames[s.Type], err = strconv.Atoi(s.Frames)
		require.NoError(t, err)
		if s.Type == "video" {
			require.Equal(t, []int{320, 240}, []int{s.Width, s.Height})
		}
	}
	require.GreaterOrEqual(t, frames["video"], video)
	require.GreaterOrEqual(t, frames["audio"], audio)
}
