package ivf_test

import (
	"bytes"
	"embed"
	"encoding/binary"
	"io"
	"io/fs"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/media/internal/ivf"
)

func TestMain(m *testing.M) { leak.Main(m) }

// The files are made by ffmpeg, 10 pictures a second of testsrc2 at 64x48.
//
//go:embed testdata/*.ivf
var files embed.FS

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := files.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return b
}

// readAll reads frames until an error.
func readAll(r io.Reader) (frames []ivf.Frame, err error) {
	d, err := ivf.NewReader(r)
	if err != nil {
		return nil, err
	}
	for {
		f, err := d.Next()
		if err != nil {
			return frames, err
		}
		f.Data = bytes.Clone(f.Data)
		frames = append(frames, f)
	}
}

func TestFiles(t *testing.T) {
	for name, want := range map[string]struct {
		fourCC string
		frames int
	}{"vp8.ivf": {"VP80", 5}, "vp9.ivf": {"VP90", 3}, "av1.ivf": {"AV01", 2}} {
		t.Run(name, func(t *testing.T) {
			d, err := ivf.NewReader(bytes.NewReader(file(t, name)))
			require.NoError(t, err)
			h := d.Header()
			require.Equal(t, want.fourCC, h.FourCC)
			require.Equal(t, 64, h.Width)
			require.Equal(t, 48, h.Height)
			frames, err := readAll(iotest.OneByteReader(bytes.NewReader(file(t, name))))
			require.Equal(t, io.EOF, err)
			require.Len(t, frames, want.frames)
			for i, f := range frames {
				require.Equal(t, time.Duration(i)*100*time.Millisecond, f.PTS)
				require.NotEmpty(t, f.Data)
			}
		})
	}
}

func TestCutAnywhere(t *testing.T) {
	whole := file(t, "vp8.ivf")
	starts := map[int]bool{} // of frames, where a cut cannot be seen
	for at := 32; at < len(whole); at += 12 + int(binary.LittleEndian.Uint32(whole[at:])) {
		starts[at] = true
	}
	for n := range len(whole) {
		_, err := readAll(bytes.NewReader(whole[:n]))
		if starts[n] {
			require.Equal(t, io.EOF, err)
			continue
		}
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "cut at %d", n)
	}
}

func TestBroken(t *testing.T) {
	change := func(at int, with ...byte) []byte {
		b := bytes.Clone(file(t, "vp8.ivf"))
		copy(b[at:], with)
		return b
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"magic":       {change(0, 'X'), ivf.ErrFormat},
		"header size": {change(6, 8, 0), ivf.ErrCorrupt},
		"huge header": {change(6, 0xff, 0xff), ivf.ErrCorrupt},
		"no rate":     {change(16, 0, 0, 0, 0), ivf.ErrCorrupt},
		"no scale":    {change(20, 0, 0, 0, 0), ivf.ErrCorrupt},
		"huge frame":  {change(32, 0xff, 0xff, 0xff, 0x7f), ivf.ErrCorrupt},
		"late":        {change(36, 0, 0, 0, 0, 1), ivf.ErrCorrupt},
		"overflow":    {change(36, 255, 255, 255, 255, 255, 255, 255, 255), ivf.ErrCorrupt},
		"empty":       {nil, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(bytes.NewReader(c.data))
			require.ErrorIs(t, err, c.want)
		})
	}
}

func TestBackwards(t *testing.T) {
	b := bytes.Clone(file(t, "vp8.ivf"))
	second := 32 + 12 + int(binary.LittleEndian.Uint32(b[32:]))
	b[36] = 9 // the first frame is after the second now
	b[second+4] = 1
	_, err := readAll(bytes.NewReader(b))
	require.ErrorIs(t, err, ivf.ErrCorrupt)
	require.ErrorContains(t, err, "frame 2")
}

func TestLongHeader(t *testing.T) {
	b := bytes.Clone(file(t, "vp8.ivf"))
	b[6] = 40
	b = append(b[:32], append(make([]byte, 8), b[32:]...)...)
	frames, err := readAll(bytes.NewReader(b))
	require.Equal(t, io.EOF, err)
	require.Len(t, frames, 5)
}

// A size of 8 MiB with nothing behind it costs no 8 MiB.
func TestSizeCostsNothing(t *testing.T) {
	b := append(bytes.Clone(file(t, "vp8.ivf")[:32]), 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	n := testing.Benchmark(func(bm *testing.B) {
		for bm.Loop() {
			_, err := readAll(bytes.NewReader(b))
			require.ErrorIs(bm, err, io.ErrUnexpectedEOF)
		}
	}).AllocedBytesPerOp()
	require.Less(t, n, int64(1<<20))
}

func FuzzReader(f *testing.F) {
	err := fs.WalkDir(files, "testdata", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			b, _ := files.ReadFile(path)
			f.Add(b)
		}
		return err
	})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, b []byte) {
		frames, err := readAll(bytes.NewReader(b))
		require.Error(t, err)
		var last time.Duration
		total := 0
		for _, f := range frames {
			require.GreaterOrEqual(t, f.PTS, last)
			last = f.PTS
			total += len(f.Data)
		}
		require.LessOrEqual(t, total, len(b))
	})
}
