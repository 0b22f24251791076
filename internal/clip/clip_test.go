package clip_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestVideo(t *testing.T) {
	b, err := clip.FS.ReadFile(clip.Video)
	require.NoError(t, err)
	require.Less(t, len(b), 120<<10)
	require.Equal(t, "DKIF", string(b[:4]))
	require.Equal(t, "VP80", string(b[8:12]))
	require.Equal(t, []uint16{320, 240}, []uint16{binary.LittleEndian.Uint16(b[12:]), binary.LittleEndian.Uint16(b[14:])})
	frames, keys := 0, 0
	for b = b[32:]; len(b) > 0; frames++ {
		size := binary.LittleEndian.Uint32(b)
		require.EqualValues(t, frames, binary.LittleEndian.Uint64(b[4:]))
		frame := b[12 : 12+size]
		require.NotZero(t, frame[0]&0x10, "frame %d is hidden", frames)
		if frame[0]&1 == 0 {
			keys++
			require.Zero(t, frames%25, "key frame at %d", frames)
		}
		b = b[12+size:]
	}
	require.Equal(t, 100, frames)
	require.Equal(t, 4, keys)
}

func TestAudio(t *testing.T) {
	b, err := clip.FS.ReadFile(clip.Audio)
	require.NoError(t, err)
	require.Less(t, len(b), 40<<10)
	require.Contains(t, string(b[:64]), "OpusHead\x01\x02")
	pages := 0
	for len(b) > 0 {
		require.Equal(t, "OggS", string(b[:4]))
		size := 27 + int(b[26])
		for _, lace := range b[27 : 27+int(b[26])] {
			size += int(lace)
		}
		b = b[size:]
		pages++
	}
	require.InDelta(t, 4*50+2, pages, 2)
}
