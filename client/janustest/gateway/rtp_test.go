//go:build !js

package gateway

import (
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"
)

// vp8Packet is a packet with a picture number of 15 bits, TL0PICIDX and a layer.
func vp8Packet(seq uint16, ts uint32, picture uint16, tl0, tid byte, key bool) *rtp.Packet {
	first := byte(1)
	if key {
		first = 0
	}
	return &rtp.Packet{Header: rtp.Header{SequenceNumber: seq, Timestamp: ts},
		Payload: []byte{0x90, 0xe0, 0x80 | byte(picture>>8), byte(picture), tl0, tid << 6, first, 1, 2, 3}}
}

// Numbers go on where the stream changes, and leave no gap for what is taken out.
func TestWriter(t *testing.T) {
	c, _ := codecNamed("vp8")
	a, b := streamKey{&inlet{}, 0}, streamKey{&inlet{}, 1}
	var w writer
	h, payload := w.next(a, vp8Packet(65534, 1000, 0x7ffe, 254, 0, true), c)
	require.Equal(t, uint16(65534), h.SequenceNumber)
	require.Equal(t, uint32(1000), h.Timestamp)
	require.Equal(t, []byte{0x90, 0xe0, 0xff, 0xfe, 254, 0, 0, 1, 2, 3}, payload)

	w.skip() // 65535 is taken out
	in := vp8Packet(0, 4000, 0x7fff, 255, 0, false)
	h, _ = w.next(a, in, c)
	require.Equal(t, uint16(65535), h.SequenceNumber)
	require.Equal(t, uint32(4000), h.Timestamp)

	late, _ := w.next(a, vp8Packet(65535, 1000, 0x7ffe, 254, 0, false), c)
	require.Equal(t, uint16(65534), late.SequenceNumber)

	in = vp8Packet(500, 9, 3, 7, 0, true)
	h, payload = w.next(b, in, c)
	require.Equal(t, uint16(0), h.SequenceNumber, "after the latest, not after the last")
	require.Greater(t, h.Timestamp, uint32(4000))
	require.Less(t, h.Timestamp, uint32(4000+90000*60))
	require.Equal(t, []byte{0x90, 0xe0, 0xff, 0xff, 255}, payload[:5], "as the one after the picture that came last")
	require.Equal(t, byte(3), in.Payload[3], "others get the packet too")

	next, payload := w.next(b, vp8Packet(501, 3009, 4, 8, 0, false), c)
	require.Equal(t, uint16(1), next.SequenceNumber)
	require.Equal(t, uint32(3000), next.Timestamp-h.Timestamp)
	require.Equal(t, []byte{0x80, 0, 0}, payload[2:5], "they wrap around")
}

// Layers change with keyframes only, and what is asked for is asked for again.
func TestPicker(t *testing.T) {
	c, _ := codecNamed("vp8")
	in := newInlet(nil, "0", c, []string{"l", "m", "h"})
	var k picker
	v := k.look(in, 0, vp8Packet(1, 1, 1, 1, 0, false))
	require.Equal(t, verdict{target: 2, wantKey: true}, v, "nothing is there yet")
	v = k.look(in, 0, vp8Packet(2, 1, 1, 1, 0, true))
	require.True(t, v.pass)
	require.Equal(t, 0, *v.substream)
	require.False(t, v.wantKey, "it was asked for a moment ago")
	require.False(t, k.look(in, 2, vp8Packet(1, 1, 1, 1, 0, false)).pass)
	v = k.look(in, 2, vp8Packet(2, 1, 1, 1, 0, true))
	require.Equal(t, 2, *v.substream)
	require.True(t, v.pass)
	require.False(t, k.look(in, 0, vp8Packet(3, 1, 1, 1, 0, true)).pass)

	v = k.look(in, 2, vp8Packet(3, 1, 1, 1, 2, false))
	require.True(t, v.pass)
	require.Equal(t, 2, *v.temporal)
	sub, temporal := k.want(new(2), new(1), 0)
	require.Equal(t, 2, *sub, "it is there already")
	require.Nil(t, temporal)
	require.Equal(t, verdict{target: 2, skip: true}, k.look(in, 2, vp8Packet(4, 1, 1, 1, 2, false)))
	require.Equal(t, 1, *k.look(in, 2, vp8Packet(5, 1, 1, 1, 1, false)).temporal)
	require.Equal(t, verdict{target: 2, skip: true}, k.look(in, 2, &rtp.Packet{}), "padding")

	k.passed = time.Now().Add(-time.Second)
	require.Equal(t, 1, *k.look(in, 1, vp8Packet(6, 1, 1, 1, 0, true)).substream, "the highest fell silent")

	plain := newInlet(nil, "0", c, nil)
	require.True(t, k.look(plain, 0, vp8Packet(1, 1, 1, 1, 0, false)).pass)
}

func TestKeyH264(t *testing.T) {
	for _, test := range []struct {
		payload []byte
		key     bool
	}{
		{nil, false}, {[]byte{0x65}, false}, {[]byte{0x65, 0}, true}, {[]byte{0x67, 0}, true}, {[]byte{0x61, 0}, false},
		{[]byte{0x78, 0, 4, 0x67}, true}, {[]byte{0x78, 0, 4}, false}, {[]byte{0x7c, 0x85}, true}, {[]byte{0x7c, 0x05}, false},
	} {
		require.Equal(t, test.key, look("video/H264", test.payload).key, "%x", test.payload)
	}
}

// No payload is read beyond its end, or changed in its length.
func FuzzPayload(f *testing.F) {
	f.Add([]byte{0x90, 0xe0, 0x80, 1, 1, 0x40, 0, 0})
	f.Add([]byte{0x90, 0x80, 0x7f})
	f.Add([]byte{0x90, 0xf0, 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0x7c, 0x85})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, mime := range []string{"video/VP8", "video/H264", "video/AV1"} {
			look(mime, b)
		}
		c, _ := codecNamed("vp8")
		var w writer
		for range 2 {
			_, out := w.next(streamKey{&inlet{}, 0}, &rtp.Packet{Payload: b}, c)
			require.Len(t, out, len(b))
		}
	})
}
