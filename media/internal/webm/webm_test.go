package webm_test

import (
	"bytes"
	"embed"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/media/internal/webm"
)

func TestMain(m *testing.M) { leak.Main(m) }

// The file is made by ffmpeg: 0.3 s of picture and sound.
//
//go:embed testdata/*.webm
var files embed.FS

// file is a seekable file in memory.
type file struct {
	b    []byte
	at   int64
	fail error
	left int // bytes before fail
}

func (f *file) Write(p []byte) (int, error) {
	if f.fail != nil {
		if f.left -= len(p); f.left < 0 {
			return 0, f.fail
		}
	}
	if grow := f.at + int64(len(p)) - int64(len(f.b)); grow > 0 {
		f.b = append(f.b, make([]byte, grow)...)
	}
	copy(f.b[f.at:], p)
	f.at += int64(len(p))
	return len(p), nil
}

func (f *file) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
		f.at = offset
	case io.SeekCurrent:
		f.at += offset
	case io.SeekEnd:
		f.at = int64(len(f.b)) + offset
	}
	return f.at, nil
}

// pipe has Seek, as an *os.File has, and cannot.
type pipe struct{ bytes.Buffer }

func (*pipe) Seek(int64, int) (int64, error) { return 0, errors.New("illegal seek") }

func readAll(r io.Reader) (*webm.Reader, []webm.Frame, error) {
	d, err := webm.NewReader(r)
	if err != nil {
		return nil, nil, err
	}
	var frames []webm.Frame
	for {
		f, err := d.Next()
		if err != nil {
			return d, frames, err
		}
		frames = append(frames, f)
	}
}

var both = []webm.Track{{Codec: "OPUS", Channels: 2}, {Codec: "VP8", Video: true, Width: 320, Height: 240}}

// fill writes n seconds: 25 pictures with a keyframe each second, 50 sounds.
func fill(t *testing.T, w *webm.Writer, n int) {
	t.Helper()
	for i := range n * 50 {
		at := time.Duration(i) * 20 * time.Millisecond
		if i%2 == 0 {
			require.NoError(t, w.Write(1, at, 40*time.Millisecond, i%50 == 0, bytes.Repeat([]byte{1}, 500)))
		}
		require.NoError(t, w.Write(0, at, 20*time.Millisecond, true, bytes.Repeat([]byte{2}, 50)))
	}
}

func TestRoundTrip(t *testing.T) {
	for name, c := range map[string]struct {
		out  io.Writer
		read func(io.Writer) []byte
		live bool
	}{
		"file": {&file{}, func(w io.Writer) []byte { return w.(*file).b }, false},
		"live": {&bytes.Buffer{}, func(w io.Writer) []byte { return w.(*bytes.Buffer).Bytes() }, true},
		"pipe": {&pipe{}, func(w io.Writer) []byte { return w.(*pipe).Bytes() }, true},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := webm.NewWriter(c.out, both)
			require.NoError(t, err)
			fill(t, w, 12)
			require.NoError(t, w.Close())
			require.Equal(t, 12*time.Second, w.Duration())
			b := c.read(c.out)
			require.EqualValues(t, len(b), w.Size())
			d, frames, err := readAll(iotest.HalfReader(bytes.NewReader(b)))
			require.Equal(t, io.EOF, err)
			require.Equal(t, []webm.Track{{Codec: "OPUS"}, {Codec: "VP8", Video: true, Width: 320, Height: 240}}, d.Tracks)
			require.Len(t, frames, 12*75)
			keys := 0
			var last time.Duration
			for _, f := range frames {
				require.GreaterOrEqual(t, f.At, last)
				last = f.At
				if f.Track == 1 {
					require.Equal(t, 500, f.Size)
					require.Equal(t, f.At%time.Second == 0, f.Keyframe)
					if f.Keyframe {
						keys++
					}
				}
			}
			require.Equal(t, 12, keys)
			if c.live {
				require.Zero(t, d.Duration)
				require.Zero(t, d.Cues)
			} else {
				require.Equal(t, 12*time.Second, d.Duration)
				require.Equal(t, 12, d.Cues)
			}
		})
	}
}

func TestFileNotFromItsBeginning(t *testing.T) {
	f := &file{}
	_, err := f.Write([]byte("prefix"))
	require.NoError(t, err)
	w, err := webm.NewWriter(f, both)
	require.NoError(t, err)
	fill(t, w, 2)
	require.NoError(t, w.Close())
	require.Equal(t, "prefix", string(f.b[:6]))
	d, frames, err := readAll(bytes.NewReader(f.b[6:]))
	require.Equal(t, io.EOF, err)
	require.Len(t, frames, 150)
	require.Equal(t, 2*time.Second, d.Duration)
	require.EqualValues(t, len(f.b), f.at)
}

func TestUnfinishedFileReads(t *testing.T) {
	f := &file{}
	w, err := webm.NewWriter(f, both)
	require.NoError(t, err)
	fill(t, w, 10) // and the process dies
	d, frames, err := readAll(bytes.NewReader(f.b))
	require.Equal(t, io.EOF, err)
	require.Greater(t, len(frames), 600)
	require.Zero(t, d.Duration)
}

func TestSizeKnownLater(t *testing.T) {
	f := &file{}
	w, err := webm.NewWriter(f, []webm.Track{{Codec: "VP9", Video: true}})
	require.NoError(t, err)
	require.NoError(t, w.Write(0, 0, time.Second, true, []byte("x")))
	w.SetSize(0, 1920, 1080)
	require.NoError(t, w.Close())
	d, _, err := readAll(bytes.NewReader(f.b))
	require.Equal(t, io.EOF, err)
	require.Equal(t, []webm.Track{{Codec: "VP9", Video: true, Width: 1920, Height: 1080}}, d.Tracks)
}

func TestEmptyFile(t *testing.T) {
	f := &file{}
	w, err := webm.NewWriter(f, both)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	_, frames, err := readAll(bytes.NewReader(f.b))
	require.Equal(t, io.EOF, err)
	require.Empty(t, frames)
}

func TestLongRecordingNeedsLittleMemory(t *testing.T) {
	w, err := webm.NewWriter(io.Discard, both[1:])
	require.NoError(t, err)
	seek, err := webm.NewWriter(struct {
		io.Writer
		io.Seeker
	}{io.Discard, &file{}}, both[1:])
	require.NoError(t, err)
	data := []byte("x")
	for i := range 30_000 { // eight hours, with a keyframe a second
		at := time.Duration(i) * time.Second
		require.NoError(t, w.Write(0, at, time.Second, true, data))
		require.NoError(t, seek.Write(0, at, time.Second, true, data))
	}
	require.NoError(t, seek.Close())
	require.Less(t, seek.Size(), w.Size()+8192*32)
}

func TestGapsAndDisorder(t *testing.T) {
	f := &file{}
	w, err := webm.NewWriter(f, both)
	require.NoError(t, err)
	for _, at := range []time.Duration{0, time.Second, time.Hour, time.Hour - 400*time.Millisecond, time.Minute, 2 * time.Hour} {
		require.NoError(t, w.Write(0, at, 20*time.Millisecond, true, []byte("x")))
	}
	require.NoError(t, w.Write(1, -time.Second, 0, true, []byte("x")))
	require.NoError(t, w.Close())
	_, frames, err := readAll(bytes.NewReader(f.b))
	require.Equal(t, io.EOF, err)
	var at []time.Duration
	for _, f := range frames {
		at = append(at, f.At)
	}
	require.Equal(t, []time.Duration{0, time.Second, time.Hour, time.Hour - 400*time.Millisecond, time.Minute, 2 * time.Hour, 0}, at)
}

func TestWriteErrors(t *testing.T) {
	full := errors.New("disk full")
	_, err := webm.NewWriter(&file{fail: full}, both)
	require.ErrorIs(t, err, full)
	f := &file{fail: full, left: 2000}
	w, err := webm.NewWriter(f, both)
	require.NoError(t, err)
	for i := 0; err == nil; i++ {
		require.Less(t, i, 1000)
		err = w.Write(0, time.Duration(i)*time.Second, time.Second, true, make([]byte, 1000))
	}
	require.ErrorIs(t, err, full)
	require.ErrorIs(t, w.Write(0, 0, 0, true, nil), full, "nothing follows half a cluster")
	require.ErrorIs(t, w.Close(), full)
}

func TestReadsWhatOthersWrite(t *testing.T) {
	b, err := files.ReadFile("testdata/ffmpeg.webm")
	require.NoError(t, err)
	d, frames, err := readAll(bytes.NewReader(b))
	require.Equal(t, io.EOF, err)
	require.Len(t, d.Tracks, 2)
	require.InDelta(t, 0.3, d.Duration.Seconds(), 0.05)
	count := map[int]int{}
	for _, f := range frames {
		count[f.Track]++
	}
	for i, n := range map[bool]int{true: 3, false: 16} {
		for k, tr := range d.Tracks {
			if tr.Video == i {
				require.Equal(t, n, count[k])
			}
		}
	}
	for n := 0; n < len(b); n += 7 {
		_, _, err := readAll(bytes.NewReader(b[:n]))
		require.Error(t, err)
		require.NotEqual(t, io.EOF, err, "cut at %d", n)
	}
}

func TestNotWebM(t *testing.T) {
	for _, b := range []string{"", "x", "DKIF and so on and so on", "\x1a\x45\xdf\xa3\xff"} {
		_, _, err := readAll(bytes.NewReader([]byte(b)))
		require.ErrorIs(t, err, webm.ErrFormat, "%q", b)
	}
}

func FuzzReader(f *testing.F) {
	b, err := files.ReadFile("testdata/ffmpeg.webm")
	require.NoError(f, err)
	f.Add(b)
	for _, live := range []bool{true, false} {
		out := &file{}
		var w io.Writer = out
		if live {
			w = struct{ io.Writer }{out}
		}
		m, err := webm.NewWriter(w, both)
		require.NoError(f, err)
		require.NoError(f, m.Write(1, 0, 0, true, []byte("picture")))
		require.NoError(f, m.Write(0, 0, 0, true, []byte("sound")))
		require.NoError(f, m.Close())
		f.Add(out.b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, frames, err := readAll(bytes.NewReader(b))
		require.Error(t, err)
		total := 0
		for _, f := range frames {
			require.Less(t, f.Track, len(d.Tracks))
			require.GreaterOrEqual(t, f.Size, 0)
			total += f.Size
		}
		require.LessOrEqual(t, total, len(b))
	})
}
