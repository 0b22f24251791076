package codec_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/media/internal/codec"
)

func TestMain(m *testing.M) { leak.Main(m) }

// Configurations of RFC 6716 table 2, in tenths of a millisecond.
func TestOpusDuration(t *testing.T) {
	tenths := []int{
		100, 200, 400, 600, 100, 200, 400, 600, 100, 200, 400, 600, // SILK
		100, 200, 100, 200, // hybrid
		25, 50, 100, 200, 25, 50, 100, 200, 25, 50, 100, 200, 25, 50, 100, 200, // CELT
	}
	for config, want := range tenths {
		toc := byte(config << 3)
		samples := want * 48 / 10
		require.Equal(t, samples, codec.OpusDuration([]byte{toc}))
		require.Equal(t, 2*samples, codec.OpusDuration([]byte{toc | 1}))
		require.Equal(t, 2*samples, codec.OpusDuration([]byte{toc | 2}))
		require.Equal(t, samples, codec.OpusDuration([]byte{toc | 3, 1}))
		require.Zero(t, codec.OpusDuration([]byte{toc | 3}))
		require.Zero(t, codec.OpusDuration([]byte{toc | 3, 0}))
	}
	require.Equal(t, 5760, codec.OpusDuration([]byte{3<<3 | 3, 2})) // 120 ms, the most
	require.Zero(t, codec.OpusDuration([]byte{3<<3 | 3, 3}))
	require.Zero(t, codec.OpusDuration(nil))
}

func TestVP8(t *testing.T) {
	key := []byte{0x10, 2, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00, 9}
	require.True(t, codec.VP8Keyframe(key))
	w, h, ok := codec.VP8Size(key)
	require.True(t, ok)
	require.Equal(t, []int{320, 240}, []int{w, h})
	inter := append([]byte{0x11}, key[1:]...)
	require.False(t, codec.VP8Keyframe(inter))
	_, _, ok = codec.VP8Size(inter)
	require.False(t, ok)
	_, _, ok = codec.VP8Size(key[:9])
	require.False(t, ok)
	require.False(t, codec.VP8Keyframe(nil))
}

func TestVP8Payload(t *testing.T) {
	data := []byte("frame")
	for name, c := range map[string]struct {
		head  []byte
		start bool
	}{
		"bare":           {[]byte{0x10}, true},
		"in the middle":  {[]byte{0x00}, false},
		"partition 1":    {[]byte{0x11}, false},
		"short picture":  {[]byte{0x90, 0x80, 0x11}, true},
		"long picture":   {[]byte{0x90, 0x80, 0x91, 0x22}, true},
		"everything":     {[]byte{0x90, 0xf0, 0x91, 0x22, 1, 2}, true},
		"temporal layer": {[]byte{0x80, 0x20, 0x40}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d, rest, ok := codec.VP8Payload(append(bytes.Clone(c.head), data...))
			require.True(t, ok)
			require.Equal(t, c.start, d.Start)
			require.Equal(t, data, rest)
			for n := range len(c.head) + 1 {
				_, _, ok := codec.VP8Payload(c.head[:n])
				require.False(t, ok, "%d bytes", n)
			}
		})
	}
	for _, picture := range []uint16{0, 1, 0x7f, 0x80, 0x7fff} {
		b := codec.AppendVP8Header(nil, true, picture)
		require.Len(t, b, codec.VP8Header)
		d, rest, ok := codec.VP8Payload(append(b, data...))
		require.True(t, ok)
		require.True(t, d.Start)
		require.Equal(t, data, rest)
	}
}

func TestVP9(t *testing.T) {
	// frame_marker 2, profile 0, key, shown; sync code; color 1; 64x48.
	b := []byte{0x82, 0x49, 0x83, 0x42, 0x20, 0x03, 0xf0, 0x02, 0xf0, 0}
	key, w, h, ok := codec.VP9Keyframe(b)
	require.True(t, ok)
	require.True(t, key)
	require.Equal(t, []int{64, 48}, []int{w, h})
	inter := append([]byte{0x86}, b[1:]...)
	key, _, _, ok = codec.VP9Keyframe(inter)
	require.True(t, ok)
	require.False(t, key)
	for n := range 9 {
		key, _, _, _ := codec.VP9Keyframe(b[:n])
		require.False(t, key)
	}
}

func TestKeyframe(t *testing.T) {
	require.True(t, codec.Keyframe("opus", []byte{1}))
	require.True(t, codec.Keyframe("vp8", []byte{0}))
	require.False(t, codec.Keyframe("VP8", []byte{1}))
	require.False(t, codec.Keyframe("VP9", []byte{1}))
	idr := []byte{0, 0, 0, 1, 0x09, 0x10, 0, 0, 1, 0x65, 1}
	require.True(t, codec.Keyframe("H264", idr))
	require.False(t, codec.Keyframe("H264", []byte{0, 0, 1, 0x41, 0, 0, 1}))
	require.True(t, codec.Keyframe("AV1", []byte{1}), "not known")
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte{0x10, 2, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00})
	f.Add([]byte{0x82, 0x49, 0x83, 0x42, 0x00, 0x03, 0xf0, 0x02, 0xf0})
	f.Add([]byte{0x90, 0xf0, 0x91, 0x22, 1, 2, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, name := range []string{codec.VP8, codec.VP9, codec.H264, codec.Opus} {
			codec.Keyframe(name, b)
		}
		codec.VP8Size(b)
		if _, rest, ok := codec.VP8Payload(b); ok {
			require.NotEmpty(t, rest)
		}
		n := codec.OpusDuration(b)
		require.True(t, n >= 0 && n <= 5760)
	})
}
