//go:build !js

package media_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
)

// small holds half a second of picture and a third of sound.
func small(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for name, from := range map[string]string{
		"small.ivf": "internal/ivf/testdata/vp8.ivf", "vp9.ivf": "internal/ivf/testdata/vp9.ivf",
		"av1.ivf": "internal/ivf/testdata/av1.ivf", "small.ogg": "internal/ogg/testdata/page20.ogg",
		"vorbis.ogg": "internal/ogg/testdata/vorbis.ogg", "a.webm": "internal/webm/testdata/ffmpeg.webm",
	} {
		b, err := os.ReadFile(from)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: b}
	}
	return files
}

func TestFileErrors(t *testing.T) {
	files := small(t)
	ivf := files["small.ivf"].Data
	files["empty.ivf"] = &fstest.MapFile{}
	files["head.ivf"] = &fstest.MapFile{Data: ivf[:20]}
	files["none.ivf"] = &fstest.MapFile{Data: ivf[:32]}
	files["cut.ivf"] = &fstest.MapFile{Data: ivf[:60]}
	files["text.ivf"] = &fstest.MapFile{Data: []byte("not a video at all, really")}
	files["a.mp4"] = &fstest.MapFile{Data: []byte("\x00\x00\x00\x20ftypisom and so on")}
	files["a.wav"] = &fstest.MapFile{Data: []byte("RIFF\x00\x00\x00\x00WAVEfmt ")}
	bad := bytes.Clone(files["small.ogg"].Data)
	bad[len(bad)/2] ^= 1
	files["dir"] = &fstest.MapFile{Mode: fs.ModeDir}
	for name, c := range map[string]struct {
		is   error
		says []string
	}{
		"missing.ivf": {fs.ErrNotExist, []string{"missing.ivf: no such file", "check the path"}},
		"empty.ivf":   {nil, []string{"empty"}},
		"head.ivf":    {nil, []string{"ends too early"}},
		"none.ivf":    {nil, []string{"no frames"}},
		"cut.ivf":     {nil, []string{"ends too early", "frame 1"}},
		"text.ivf":    {errors.ErrUnsupported, []string{"no kind", "ffmpeg"}},
		"av1.ivf":     {errors.ErrUnsupported, []string{"AV01", "libvpx"}},
		"vorbis.ogg":  {errors.ErrUnsupported, []string{"Vorbis", "libopus"}},
		"a.webm":      {errors.ErrUnsupported, []string{"WebM", "-c copy"}},
		"a.mp4":       {errors.ErrUnsupported, []string{"MP4"}},
		"a.wav":       {errors.ErrUnsupported, []string{"libopus"}},
		"dir":         {nil, []string{"dir: "}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := media.File(t.Context(), &media.FileOptions{FS: files}, "small.ivf", name)
			var bad *media.FileError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, name, bad.Name)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			for _, s := range c.says {
				require.ErrorContains(t, err, s)
			}
		})
	}
	_, err := media.File(t.Context(), nil)
	require.Error(t, err)
	_, err = media.File(t.Context(), nil, filepath.Join(t.TempDir(), "x.ivf"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = media.File(over, &media.FileOptions{FS: files}, "small.ivf")
	require.ErrorIs(t, err, context.Canceled)
}

// play connects sources and returns a sink for each, in their order.
func play(ctx context.Context, t *testing.T, sources []media.Source) (a, b end, sinks []*media.SampleSink) {
	t.Helper()
	a, b = newPair(t, nil)
	byKind := map[media.Kind]*media.SampleSink{}
	for _, src := range sources {
		_, err := a.Add(src, nil)
		require.NoError(t, err)
		s := newSink(t)
		byKind[src.Kind()] = s
		sinks = append(sinks, s)
	}
	negotiate(ctx, t, a, b, false)
	for range sources {
		track := await[*media.TrackAdded](t, b.link).Track
		require.NoError(t, track.Attach(byKind[track.Kind]))
	}
	return a, b, sinks
}

func TestFilePlays(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	for _, video := range []string{"small.ivf", "vp9.ivf"} {
		sources, err := media.File(ctx, &media.FileOptions{FS: small(t)}, video, "small.ogg")
		require.NoError(t, err)
		require.Equal(t, []media.Kind{media.Video, media.Audio}, []media.Kind{sources[0].Kind(), sources[1].Kind()})
		a, b, sinks := play(ctx, t, sources)
		begin := time.Now() // the first frames are there
		for _, s := range sources {
			<-s.Done()
			require.NoError(t, s.Err())
		}
		require.Greater(t, time.Since(begin), 250*time.Millisecond, "in real time")
		finish(ctx, t, a, b)
		want := map[string]int{"small.ivf": 5, "vp9.ivf": 3}[video]
		require.Len(t, drain(ctx, t, sinks[0]), want)
		var at []time.Duration
		for _, v := range drain(ctx, t, sinks[1]) {
			at = append(at, v.PTS)
		}
		require.InDelta(t, 16, len(at), 1, "a busy machine may lose one")
		for _, s := range sources {
			require.NoError(t, s.Close())
			require.NoError(t, s.Err(), "the end came before")
		}
	}
}

// drain reads until the track's end.
func drain(ctx context.Context, t *testing.T, s *media.SampleSink) (all []media.Sample) {
	t.Helper()
	for {
		v, err := s.Read(ctx)
		if err != nil {
			require.ErrorIs(t, err, media.ErrClosed)
			return all
		}
		all = append(all, v)
	}
}

func TestFilesLoopTogether(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	files := small(t)
	sources, err := media.File(ctx, &media.FileOptions{FS: files, Loop: true}, "small.ivf", "small.ogg")
	require.NoError(t, err)
	_, _, sinks := play(ctx, t, sources)
	const rounds = 4
	for n := range rounds * 5 {
		v, err := sinks[0].Read(ctx)
		require.NoError(t, err)
		require.InDelta(t, time.Duration(n)*100*time.Millisecond, v.PTS, float64(time.Millisecond), "no gap")
		require.Equal(t, n%5 == 0 || n%5 == 3, v.Keyframe)
	}
	var first []byte
	for n := range rounds * 16 {
		v, err := sinks[1].Read(ctx)
		require.NoError(t, err)
		round, i := n/16, n%16
		want := time.Duration(round)*500*time.Millisecond + time.Duration(i)*20*time.Millisecond
		require.InDelta(t, want, v.PTS, float64(time.Millisecond), "with the picture")
		if n == 0 {
			first = v.Data
		}
		if i == 0 {
			require.Equal(t, first, v.Data)
		}
	}
	// One is closed, the other plays on.
	require.NoError(t, sources[0].Close())
	require.ErrorIs(t, sources[0].Err(), media.ErrClosed)
	_, err = sinks[1].Read(ctx)
	require.NoError(t, err)
	require.NoError(t, sources[1].Close())
}

// A file that breaks off plays until there, and says so.
func TestFileBreaksOff(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	files := small(t)
	whole := files["small.ivf"].Data
	second := 32 + 12 + int(binary.LittleEndian.Uint32(whole[32:]))
	files["cut.ivf"] = &fstest.MapFile{Data: whole[:second+20]}
	for _, loop := range []bool{false, true} {
		sources, err := media.File(ctx, &media.FileOptions{FS: files, Loop: loop}, "cut.ivf", "small.ogg")
		require.NoError(t, err)
		_, _, sinks := play(ctx, t, sources)
		<-sources[0].Done()
		var bad *media.FileError
		require.ErrorAs(t, sources[0].Err(), &bad)
		require.Equal(t, "cut.ivf", bad.Name)
		require.ErrorContains(t, bad, "ends too early: frame 2")
		if !loop {
			<-sources[1].Done()
			require.NoError(t, sources[1].Err())
		} else {
			for range 20 {
				_, err := sinks[1].Read(ctx)
				require.NoError(t, err)
			}
		}
		for _, s := range sources {
			require.NoError(t, s.Close())
		}
	}
}

// Files wait for a peer, pause without one, and go on with the next.
func TestFilePauses(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	sources, err := media.File(ctx, &media.FileOptions{FS: clip.FS}, clip.Audio)
	require.NoError(t, err)
	a, b, sinks := play(ctx, t, sources)
	for range 10 {
		_, err := sinks[0].Read(ctx)
		require.NoError(t, err)
	}
	require.NoError(t, a.Close())
	timer := time.NewTimer(100 * time.Millisecond)
	<-timer.C // what is on its way arrives
	require.NoError(t, b.Close())
	got := 10 + len(drain(ctx, t, sinks[0]))
	select {
	case <-sources[0].Done():
		require.Fail(t, "played to nobody")
	case <-time.After(100 * time.Millisecond):
	}
	a, b, sinks = play(ctx, t, sources)
	<-sources[0].Done()
	finish(ctx, t, a, b)
	got += len(drain(ctx, t, sinks[0]))
	require.InDelta(t, 201, got, 1, "every packet went to one of them")
	require.NoError(t, sources[0].Close())
}

// The schedule is absolute: being late does not add up.
func TestFileDoesNotDrift(t *testing.T) {
	ctx := testContext(t)
	sources := openClip(ctx, t, false)
	_, _, sinks := play(ctx, t, sources)
	begin := time.Now()
	var late [4]time.Duration // the least of each second: a busy machine adds to the rest
	for n := range 200 {
		v, err := sinks[1].Read(ctx)
		require.NoError(t, err)
		now := time.Since(begin) - v.PTS
		if i := n / 50; n%50 == 0 || now < late[i] {
			late[i] = now
		}
	}
	t.Logf("late by %v", late)
	require.InDelta(t, late[0], late[3], float64(30*time.Millisecond))
}
