//go:build !js

package media_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
)

// probe is what ffprobe says of a file.
type probe struct {
	Streams []struct {
		Type   string `json:"codec_type"`
		Codec  string `json:"codec_name"`
		Width  int
		Height int
		Frames string `json:"nb_read_frames"`
	}
	Format struct{ Duration string }
}

// ffprobe decodes a file, which must give no error at all.
func ffprobe(t *testing.T, name string) probe {
	t.Helper()
	path, err := exec.LookPath("ffprobe")
	if err != nil {
		if os.Getenv("CI") != "" {
			require.FailNow(t, "ffprobe is missing: apt-get install ffmpeg")
		}
		t.Skip("ffprobe is missing: apt-get install ffmpeg")
	}
	cmd := exec.CommandContext(t.Context(), path, "-v", "warning", "-count_frames", "-show_streams", "-show_format", "-of", "json", name)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err)
	require.Empty(t, errs.String(), "ffprobe complains")
	var p probe
	require.NoError(t, json.Unmarshal(out, &p))
	return p
}

func (p probe) duration(t *testing.T) time.Duration {
	t.Helper()
	s, err := strconv.ParseFloat(p.Format.Duration, 64)
	require.NoError(t, err, "the file has no duration")
	return time.Duration(s * float64(time.Second))
}

// inspectFile inspects a recording, which must be whole.
func inspectFile(t *testing.T, name string) *media.Inspection {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	i, err := media.Inspect(t.Context(), f)
	require.NoError(t, err)
	return i
}

// newRecording returns a recorder and the name of its file.
func newRecording(t *testing.T) (*media.Recorder, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "out.webm")
	f, err := os.Create(name)
	require.NoError(t, err)
	rec, err := media.Record(f, nil)
	require.NoError(t, err)
	return rec, name
}

// checkRecording checks a recording of the clip that lasts d.
func checkRecording(t *testing.T, rec *media.Recorder, name string, d time.Duration) *media.Inspection {
	t.Helper()
	require.NoError(t, rec.Close())
	require.NoError(t, rec.Err())
	<-rec.Done()
	s := rec.Stats()
	info, err := os.Stat(name)
	require.NoError(t, err)
	i := inspectFile(t, name)
	require.Equal(t, info.Size(), s.Bytes)
	require.InDelta(t, d.Seconds(), i.Duration.Seconds(), d.Seconds()/10)
	require.InDelta(t, i.Duration, s.Duration, float64(time.Millisecond))
	require.NotZero(t, i.Cues)
	audio, video := i.Track(media.Audio), i.Track(media.Video)
	require.Equal(t, s.AudioFrames, audio.Frames)
	require.Equal(t, s.VideoFrames, video.Frames)
	require.Equal(t, s.Keyframes, video.Keyframes)
	require.Equal(t, []any{"VP8", 320, 240, "OPUS"}, []any{video.Codec, video.Width, video.Height, audio.Codec})
	require.InDelta(t, d.Seconds(), video.Duration.Seconds(), d.Seconds()/10)
	require.InDelta(t, d.Seconds(), audio.Duration.Seconds(), d.Seconds()/10)

	p := ffprobe(t, name)
	require.InDelta(t, d.Seconds(), p.duration(t).Seconds(), d.Seconds()/10)
	require.Len(t, p.Streams, 2)
	for _, st := range p.Streams {
		frames, err := strconv.Atoi(st.Frames)
		require.NoError(t, err)
		switch st.Type {
		case "video":
			require.Equal(t, []any{"vp8", 320, 240, s.VideoFrames}, []any{st.Codec, st.Width, st.Height, frames})
		default:
			require.Equal(t, []any{"opus", s.AudioFrames}, []any{st.Codec, frames})
		}
	}
	return i
}

func TestRecordClip(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	sources := openClip(ctx, t, false)
	addAll(t, a, sources)
	rec, name := newRecording(t)
	negotiate(ctx, t, a, b, false)
	attachAll(t, b, rec, 2)
	for _, s := range sources {
		<-s.Done()
		require.NoError(t, s.Err())
	}
	require.Eventually(t, func() bool { return rec.Stats().VideoFrames == 100 && rec.Stats().AudioFrames >= 200 }, 30*time.Second, 10*time.Millisecond)
	i := checkRecording(t, rec, name, 4*time.Second)
	require.Equal(t, 4, i.Track(media.Video).Keyframes)
	require.Zero(t, rec.Stats().Lost)
	require.Zero(t, rec.Stats().Dropped)
	// Both files begin at once, and so do the tracks: by the arrival of their first
	// packets, since no report of the sender is there yet.
	const late = 80 * time.Millisecond
	require.Less(t, (i.Track(media.Video).Start - i.Track(media.Audio).Start).Abs(), late)
	end := func(k media.Kind) time.Duration { return i.Track(k).Start + i.Track(k).Duration }
	require.InDelta(t, 20*time.Millisecond, end(media.Audio)-end(media.Video), float64(late), "one packet more")
}

// A live stream has no duration and plays all the same.
func TestRecordLive(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	addAll(t, a, openClip(ctx, t, true))
	name := filepath.Join(t.TempDir(), "live.webm")
	f, err := os.Create(name)
	require.NoError(t, err)
	rec, err := media.Record(struct{ io.WriteCloser }{f}, nil)
	require.NoError(t, err)
	negotiate(ctx, t, a, b, false)
	attachAll(t, b, rec, 2)
	require.Eventually(t, func() bool { return rec.Stats().Duration > 2*time.Second }, 30*time.Second, 10*time.Millisecond)
	require.NoError(t, rec.Close())
	i := inspectFile(t, name)
	require.Zero(t, i.Duration)
	require.Greater(t, i.Track(media.Video).Duration, 1900*time.Millisecond)
	p := ffprobe(t, name)
	require.Len(t, p.Streams, 2)
}

// The path moves in the middle, and the recording is one.
func TestRecordThroughRestart(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	addAll(t, a, openClip(ctx, t, true))
	rec, name := newRecording(t)
	negotiate(ctx, t, a, b, false)
	attachAll(t, b, rec, 2)
	reach := func(d time.Duration) {
		require.Eventually(t, func() bool { return rec.Stats().Duration >= d }, 30*time.Second, 5*time.Millisecond)
	}
	reach(1500 * time.Millisecond)
	before, err := a.Stats(ctx)
	require.NoError(t, err)
	negotiate(ctx, t, a, b, true)
	reach(4 * time.Second)
	after, err := a.Stats(ctx)
	require.NoError(t, err)
	require.NotEqual(t, before.Local, after.Local)
	i := checkRecording(t, rec, name, rec.Stats().Duration)
	require.Less(t, i.Track(media.Video).LongestGap, 1500*time.Millisecond)
	require.Less(t, i.Track(media.Audio).LongestGap, time.Second)
}

func TestRecordOptions(t *testing.T) {
	t.Parallel()
	_, err := media.Record(nopCloser{}, &media.RecordOptions{Container: "mp4"})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	ctx := testContext(t)
	src := newSource(t, media.H264)
	_, b, _, _ := join(ctx, t, src)
	require.NoError(t, src.Write(ctx, media.Sample{Data: []byte{0, 0, 1, 0x65, 1}}))
	track := await[*media.TrackAdded](t, b.link).Track
	rec, err := media.Record(nopCloser{}, nil)
	require.NoError(t, err)
	var refused *media.CodecError
	require.ErrorAs(t, track.Attach(rec), &refused)
	require.Equal(t, "H264", refused.Codec)
	require.NoError(t, rec.Close())
	require.ErrorIs(t, track.Attach(rec), media.ErrClosed)
}

type nopCloser struct{}

func (nopCloser) Write(p []byte) (int, error) { return len(p), nil }
func (nopCloser) Close() error                { return nil }

func TestInspectErrors(t *testing.T) {
	ctx := testContext(t)
	for name, is := range map[string]error{"": errors.ErrUnsupported, "DKIF": errors.ErrUnsupported} {
		_, err := media.Inspect(ctx, strings.NewReader(name))
		var bad *media.FileError
		require.ErrorAs(t, err, &bad)
		require.ErrorIs(t, err, is)
	}
	b := small(t)["a.webm"].Data
	i, err := media.Inspect(ctx, bytes.NewReader(b[:len(b)*2/3]))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.ErrorContains(t, err, "ends too early")
	require.Len(t, i.Tracks, 2)
	require.Nil(t, i.Track(0))
	over, cancel := context.WithCancel(ctx)
	cancel()
	_, err = media.Inspect(over, bytes.NewReader(b))
	require.ErrorIs(t, err, context.Canceled)
}
