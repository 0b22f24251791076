//go:build !js

package videoroom_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// patience is how long a busy machine may take to carry a second of media.
const patience = 90 * time.Second

// screen records what a room receives, a file for each feed.
type screen struct {
	dir string
	rec map[client.ID]*media.Recorder
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	return &screen{t.TempDir(), map[client.ID]*media.Recorder{}}
}

// receiving makes the peers of the room.
func (s *screen) receiving(h *client.Handle) (client.Negotiator, error) { return receiving(h) }

func (s *screen) file(feed client.ID) string { return filepath.Join(s.dir, feed.String()+".webm") }

// attach records a track of a feed.
func (s *screen) attach(t *testing.T, feed client.ID, track *media.Track) {
	t.Helper()
	if s.rec[feed] == nil {
		f, err := os.Create(s.file(feed))
		require.NoError(t, err)
		s.rec[feed], err = media.Record(f, &media.RecordOptions{Wait: patience}) // sound and picture come apart
		require.NoError(t, err)
	}
	require.NoError(t, track.Attach(s.rec[feed]))
}

// check waits until enough of a feed is recorded, and has ffprobe decode it.
// What comes of the feed after that is recorded anew.
func (s *screen) check(ctx context.Context, t *testing.T, feed client.ID) {
	t.Helper()
	rec := s.rec[feed]
	require.NotNil(t, rec)
	enough := func() bool {
		stats := rec.Stats()
		return stats.VideoFrames >= 30 && stats.AudioFrames >= 60
	}
	if !assert.Eventually(t, enough, patience, 10*time.Millisecond) {
		require.FailNow(t, "not enough was recorded", "%+v", rec.Stats())
	}
	require.NoError(t, rec.Close())
	probe(ctx, t, s.file(feed), 30, 60)
	delete(s.rec, feed)
}

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
