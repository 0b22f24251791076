package ogg

import (
	"bytes"
	"embed"
	"encoding/binary"
	"io"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// The files are made by ffmpeg.
//
//go:embed testdata/*.og?
var files embed.FS

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := files.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return b
}

// readAll reads packets until an error.
func readAll(r io.Reader) (packets []Packet, err error) {
	d, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	for {
		p, err := d.Next()
		if err != nil {
			return packets, err
		}
		p.Data = bytes.Clone(p.Data)
		packets = append(packets, p)
	}
}

// builder makes Ogg files, good and bad ones.
type builder struct {
	bytes.Buffer
	seq uint32
}

const ours = 7 // serial number

func (b *builder) page(serial uint32, flags byte, granule int64, lacing, body []byte) *builder {
	h := make([]byte, pageHeader)
	copy(h, Magic)
	h[5] = flags
	binary.LittleEndian.PutUint64(h[6:], uint64(granule))
	binary.LittleEndian.PutUint32(h[14:], serial)
	binary.LittleEndian.PutUint32(h[18:], b.seq)
	b.seq++
	h[26] = byte(len(lacing))
	all := append(append(h, lacing...), body...)
	p := pages{table: crcTable()}
	binary.LittleEndian.PutUint32(all[22:], p.crc(all))
	b.Write(all)
	return b
}

// packets writes a page of whole packets.
func (b *builder) packets(flags byte, granule int64, packets ...[]byte) *builder {
	var lacing, body []byte
	for _, p := range packets {
		for n := len(p); ; n -= 255 {
			lacing = append(lacing, byte(min(n, 255)))
			if n < 255 {
				break
			}
		}
		body = append(body, p...)
	}
	return b.page(ours, flags, granule, lacing, body)
}

func opusHeader(channels, family byte) []byte {
	return append([]byte("OpusHead\x01"), channels, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, family)
}

// started writes the two headers.
func started() *builder {
	b := &builder{}
	b.packets(flagBegin, 0, opusHeader(2, 0))
	return b.packets(0, 0, []byte("OpusTags and so on"))
}

// packet makes a 20 ms packet (CELT, one frame) of n bytes.
func packet(n int, fill byte) []byte {
	p := bytes.Repeat([]byte{fill}, n)
	p[0] = 31 << 3
	return p
}

const step = 960 // samples of packet

func TestFiles(t *testing.T) {
	for name, want := range map[string]int{"page20.ogg": 16, "page1000.ogg": 26, "both.ogv": 16} {
		t.Run(name, func(t *testing.T) {
			packets, err := readAll(iotest.OneByteReader(bytes.NewReader(file(t, name))))
			require.Equal(t, io.EOF, err)
			require.Len(t, packets, want)
			for i, p := range packets {
				require.Equal(t, time.Duration(i)*20*time.Millisecond, p.PTS)
				require.Equal(t, 20*time.Millisecond, p.Duration)
			}
		})
	}
}

func TestNoOpus(t *testing.T) {
	_, err := readAll(bytes.NewReader(file(t, "vorbis.ogg")))
	require.ErrorIs(t, err, ErrCodec)
	require.ErrorContains(t, err, "Vorbis")
	b := &builder{}
	_, err = readAll(b.packets(flagBegin, 0, opusHeader(6, 1)))
	require.ErrorIs(t, err, ErrCodec)
	require.ErrorContains(t, err, "6 channels")
}

func TestSpanningPackets(t *testing.T) {
	long, short := packet(255*3, 1), packet(10, 2)
	b := started()
	// The first ends where a page does, which takes a lacing value of zero.
	b.page(ours, 0, -1, []byte{255, 255, 255}, long)
	b.page(ours, flagContinued, 2*step, []byte{0, 10}, short)
	// The next spans three pages, the one in the middle holding nothing else.
	b.page(ours, 0, 3*step, []byte{10, 255}, append(bytes.Clone(short), long[:255]...))
	b.page(ours, flagContinued, -1, []byte{255}, long[255:510])
	b.page(ours, flagContinued|flagEnd, 5*step, []byte{255, 0, 10}, append(bytes.Clone(long[510:]), short...))
	packets, err := readAll(b)
	require.Equal(t, io.EOF, err)
	var got [][]byte
	for i, p := range packets {
		require.Equal(t, time.Duration(i)*20*time.Millisecond, p.PTS)
		got = append(got, p.Data)
	}
	require.Equal(t, [][]byte{long, short, short, long, short}, got)
}

func TestManyPacketsInAPage(t *testing.T) {
	var in [][]byte
	for i := range 50 {
		in = append(in, packet(1+i*7, byte(i)))
	}
	packets, err := readAll(started().packets(flagEnd, 50*step, in...))
	require.Equal(t, io.EOF, err)
	require.Len(t, packets, 50)
	for i, p := range packets {
		require.Equal(t, in[i], p.Data)
	}
}

func TestHugeTags(t *testing.T) {
	b := &builder{}
	b.packets(flagBegin, 0, opusHeader(1, 0))
	full := bytes.Repeat([]byte{255}, 255)
	for i := range 20 { // 1.3 MB of pictures
		flags := byte(flagContinued)
		if i == 0 {
			flags = 0
		}
		b.page(ours, flags, -1, full, make([]byte, 255*255))
	}
	b.page(ours, flagContinued, 0, []byte{3}, []byte{1, 2, 3})
	b.packets(flagEnd, step, packet(9, 9))
	packets, err := readAll(b)
	require.Equal(t, io.EOF, err)
	require.Len(t, packets, 1)
	require.Equal(t, packet(9, 9), packets[0].Data)
}

func TestHoleAndStart(t *testing.T) {
	b := started() // a live stream that was cut out of a longer one
	b.packets(0, 100*step, packet(9, 1))
	b.packets(0, 105*step, packet(9, 2)) // four are missing before it
	b.packets(flagEnd, 105*step+10, packet(9, 3))
	packets, err := readAll(b)
	require.Equal(t, io.EOF, err)
	require.Len(t, packets, 3)
	require.Zero(t, packets[0].PTS)
	require.Equal(t, 100*time.Millisecond, packets[1].PTS)
	require.Equal(t, 120*time.Millisecond, packets[2].PTS)
}

func TestOtherStreamsAndEmptyPackets(t *testing.T) {
	b := &builder{}
	b.page(1, flagBegin, 0, []byte{8}, []byte("fishead\x00"))
	b.packets(flagBegin, 0, opusHeader(2, 0))
	b.packets(0, 0, []byte("OpusTags"))
	b.page(1, 0, 0, []byte{3}, []byte("abc"))
	b.packets(0, step, packet(9, 1), nil)
	b.page(1, flagEnd, 0, nil, nil)
	b.packets(flagEnd, 2*step, packet(9, 2))
	packets, err := readAll(b)
	require.Equal(t, io.EOF, err)
	require.Len(t, packets, 2)
}

func TestBroken(t *testing.T) {
	sum := started().packets(0, step, packet(9, 1)).Bytes()
	sum[len(sum)-1] ^= 1
	full := bytes.Repeat([]byte{255}, 255)
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":        {nil, io.ErrUnexpectedEOF},
		"magic":        {bytes.Repeat([]byte("x"), 100), ErrFormat},
		"checksum":     {sum, ErrCorrupt},
		"garbage":      {append(started().Bytes(), bytes.Repeat([]byte("x"), 30)...), ErrCorrupt},
		"short head":   {(&builder{}).packets(flagBegin, 0, []byte("OpusHead\x01")).Bytes(), ErrCorrupt},
		"not opus":     {started().packets(0, step, []byte{3}).Bytes(), ErrCorrupt},
		"not going on": {started().page(ours, 0, -1, []byte{255}, make([]byte, 255)).packets(0, step, packet(9, 1)).Bytes(), ErrCorrupt},
		"going on at the end": {
			started().page(ours, 0, -1, []byte{255}, make([]byte, 255)).Bytes(), io.ErrUnexpectedEOF,
		},
		"endless packet": {
			started().page(ours, 0, -1, full, make([]byte, 255*255)).page(ours, flagContinued, -1, full, make([]byte, 255*255)).Bytes(),
			ErrCorrupt,
		},
		"granule": {started().packets(0, step, packet(9, 1)).packets(0, 1<<60, packet(9, 1)).Bytes(), ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(bytes.NewReader(c.data))
			require.ErrorIs(t, err, c.want)
		})
	}
}

func TestCutAnywhere(t *testing.T) {
	whole := file(t, "page20.ogg")
	for n := range len(whole) {
		_, err := readAll(bytes.NewReader(whole[:n]))
		require.Error(t, err)
		if atPage := bytes.HasPrefix(whole[n:], []byte(Magic)); !atPage {
			require.ErrorIs(t, err, io.ErrUnexpectedEOF, "cut at %d", n)
		}
	}
}

// A packet whose start was cut off is left out.
func TestStartsInTheMiddle(t *testing.T) {
	b := started()
	b.page(ours, flagContinued, step, []byte{4, 9}, append([]byte{1, 2, 3, 4}, packet(9, 5)...))
	packets, err := readAll(b)
	require.Equal(t, io.EOF, err)
	require.Len(t, packets, 1)
	require.Equal(t, packet(9, 5), packets[0].Data)
}

func FuzzReader(f *testing.F) {
	for _, name := range []string{"page20.ogg", "page1000.ogg", "vorbis.ogg", "both.ogv"} {
		f.Add(file(f, name))
	}
	f.Add(started().packets(0, step, packet(9, 1)).Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		var last time.Duration
		total := 0
		packets, err := readAll(bytes.NewReader(seal(b)))
		require.Error(t, err)
		for _, p := range packets {
			require.GreaterOrEqual(t, p.PTS, last)
			last = p.PTS
			total += len(p.Data)
		}
		require.LessOrEqual(t, total, len(b))
	})
}

// seal puts right checksums into what looks like pages, so that fuzzing gets
// behind them.
func seal(b []byte) []byte {
	b = bytes.Clone(b)
	sums := pages{table: crcTable()}
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte(Magic))
		if i < 0 || at+i+pageHeader > len(b) {
			return b
		}
		at += i
		n := pageHeader + int(b[at+26])
		if at+n > len(b) {
			return b
		}
		for _, l := range b[at+pageHeader : at+n] {
			n += int(l)
		}
		if at+n > len(b) {
			return b
		}
		page := b[at : at+n]
		clear(page[22:26])
		binary.LittleEndian.PutUint32(page[22:], sums.crc(page))
		at += n
	}
}
