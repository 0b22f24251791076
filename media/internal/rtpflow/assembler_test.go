package rtpflow_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media/internal/codec"
	"github.com/bifrons-rtc/bifrons/media/internal/rtpflow"
)

type frames []rtpflow.Frame

func (f *frames) emit(v *rtpflow.Frame) {
	c := *v
	c.Data = bytes.Clone(v.Data)
	*f = append(*f, c)
}

func newAssembler(t testing.TB, name string, f *frames) *rtpflow.Assembler {
	t.Helper()
	a, ok := rtpflow.NewAssembler(name, f.emit)
	require.True(t, ok)
	return a
}

// vp8 cuts a frame into packets of n bytes.
func vp8(seq *uint16, ts uint32, n int, data []byte) (packets []*rtpflow.Packet) {
	for start := true; len(data) > 0; start = false {
		m := min(n, len(data))
		p := &rtpflow.Packet{Seq: *seq, Timestamp: ts, Arrival: epoch, Marker: m == len(data)}
		p.Payload = append(codec.AppendVP8Header(nil, start, uint16(ts)), data[:m]...)
		data = data[m:]
		*seq++
		packets = append(packets, p)
	}
	return packets
}

func picture(key bool, n int, fill byte) []byte {
	b := bytes.Repeat([]byte{fill}, n)
	b[0] = 1
	if key {
		b[0] = 0
	}
	return b
}

func TestAssembleVP8(t *testing.T) {
	var got frames
	a := newAssembler(t, "vp8", &got)
	var seq uint16
	one, two := picture(true, 2500, 1), picture(false, 10, 2)
	for _, p := range append(vp8(&seq, 0, 1000, one), vp8(&seq, 3000, 1000, two)...) {
		a.Push(p)
	}
	require.Len(t, got, 2)
	require.Equal(t, one, got[0].Data)
	require.True(t, got[0].Keyframe)
	require.Equal(t, two, got[1].Data)
	require.Equal(t, uint32(3000), got[1].Timestamp)
	require.False(t, got[1].Keyframe)
}

func TestAssembleWithLoss(t *testing.T) {
	for lost := range 6 {
		var got frames
		a := newAssembler(t, "VP8", &got)
		var seq uint16
		packets := vp8(&seq, 0, 10, picture(true, 5, 9)) // arrives
		packets = append(packets, vp8(&seq, 1, 10, picture(false, 35, 1))...)
		packets = append(packets, vp8(&seq, 2, 10, picture(false, 5, 2))...)
		packets = append(packets, vp8(&seq, 3, 10, picture(false, 15, 3))...)
		packets = append(packets, vp8(&seq, 4, 10, picture(false, 5, 4))...)
		for i, p := range packets {
			if i != lost+1 {
				a.Push(p)
			}
		}
		a.Flush()
		require.Len(t, got, 4, "lost %d", lost)
		total, missing := 0, 0
		for _, f := range got {
			total += f.Broken
			missing += f.Lost
		}
		require.Equal(t, 1, missing)
		require.LessOrEqual(t, total, 1) // one that is lost whole is not known to be
	}
}

func TestAssembleWithoutMarkers(t *testing.T) {
	var got frames
	a := newAssembler(t, "VP8", &got)
	var seq uint16
	for i := range 4 {
		for _, p := range vp8(&seq, uint32(i), 10, picture(i == 0, 25, byte(i))) {
			p.Marker = false
			a.Push(p)
		}
	}
	require.Len(t, got, 3) // the last is not known to be whole
	require.Len(t, got[2].Data, 25)
}

func TestAssemblePadding(t *testing.T) {
	var got frames
	a := newAssembler(t, "opus", &got)
	for seq := range uint16(6) {
		p := &rtpflow.Packet{Seq: seq, Timestamp: uint32(seq) * 960, Arrival: epoch}
		if seq%2 == 0 {
			p.Payload = []byte{31 << 3, byte(seq)}
		}
		a.Push(p)
	}
	require.Len(t, got, 3)
	require.Equal(t, 960, got[0].Samples)
	require.True(t, got[0].Keyframe)
	require.Zero(t, got[2].Lost)
}

// pion cuts, we put together.
func TestAssembleH264AndVP9(t *testing.T) {
	unit := append([]byte{0, 0, 0, 1, 0x65}, bytes.Repeat([]byte{7}, 3000)...)
	vp9 := append([]byte{0x82, 0x49, 0x83, 0x42, 0x20, 0x03, 0xf0, 0x02, 0xf0}, bytes.Repeat([]byte{7}, 3000)...)
	for name, c := range map[string]struct {
		payloader rtp.Payloader
		data      []byte
	}{"H264": {&codecs.H264Payloader{}, unit}, "VP9": {&codecs.VP9Payloader{}, vp9}} {
		t.Run(name, func(t *testing.T) {
			var got frames
			a := newAssembler(t, name, &got)
			var seq uint16
			for n := range 3 {
				parts := c.payloader.Payload(1000, c.data)
				require.Greater(t, len(parts), 1)
				for i, part := range parts {
					if n != 1 || i != 1 { // of the second one packet is lost
						a.Push(&rtpflow.Packet{Seq: seq, Timestamp: uint32(n), Payload: part, Marker: i == len(parts)-1, Arrival: epoch})
					}
					seq++
				}
			}
			a.Flush()
			require.Len(t, got, 2)
			for _, f := range got {
				require.Equal(t, c.data, f.Data)
				require.True(t, f.Keyframe)
			}
			require.Equal(t, 1, got[1].Lost)
		})
	}
}

func TestAssembleUnknown(t *testing.T) {
	_, ok := rtpflow.NewAssembler("PCMU", func(*rtpflow.Frame) {})
	require.False(t, ok)
}

func TestAssembleRestart(t *testing.T) {
	var got frames
	a := newAssembler(t, "VP8", &got)
	seq := uint16(5)
	for _, p := range vp8(&seq, 0, 10, picture(true, 15, 1)) {
		a.Push(p)
	}
	half := vp8(&seq, 1, 10, picture(false, 15, 2))[0]
	a.Push(half)
	seq = 40000
	for _, p := range vp8(&seq, 99, 10, picture(true, 15, 3)) {
		a.Push(p)
	}
	require.Len(t, got, 2)
	require.True(t, got[1].Restart)
	require.Equal(t, 1, got[1].Broken)
}

func TestFramesAreBounded(t *testing.T) {
	var got frames
	a := newAssembler(t, "VP8", &got)
	p := &rtpflow.Packet{Payload: append(codec.AppendVP8Header(nil, true, 1), make([]byte, 60000)...), Arrival: epoch}
	for range 1000 { // 60 MB that never end
		a.Push(p)
		p.Seq++
		p.Payload[0] &^= 0x10
	}
	p.Marker = true
	a.Push(p)
	require.Empty(t, got)
}

func TestParse(t *testing.T) {
	h := rtp.Packet{Header: rtp.Header{
		Version: 2, Marker: true, PayloadType: 96, SequenceNumber: 7, Timestamp: 8, SSRC: 9, CSRC: []uint32{1, 2},
	}, Payload: []byte("payload"), PaddingSize: 5}
	require.NoError(t, h.SetExtension(1, []byte("mid")))
	h.Padding = true
	b, err := h.Marshal()
	require.NoError(t, err)
	var p rtpflow.Packet
	require.True(t, rtpflow.Parse(b, &p))
	require.Equal(t, rtpflow.Packet{Seq: 7, Timestamp: 8, SSRC: 9, Marker: true, Payload: []byte("payload")}, p)
	require.Zero(t, testing.AllocsPerRun(100, func() { rtpflow.Parse(b, &p) }))
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{0x80, 0xe0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x90, 0x80, 0x81, 0x82, 0})
	f.Add([]byte{0xb1, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0xbe, 0xde, 0, 1, 0x10, 1, 0, 0, 5, 2, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		var p rtpflow.Packet
		if !rtpflow.Parse(b, &p) {
			return
		}
		require.LessOrEqual(t, len(p.Payload), len(b)-12)
		p.Arrival = epoch
		for _, name := range []string{"VP8", "VP9", "H264", "opus"} {
			a, _ := rtpflow.NewAssembler(name, func(v *rtpflow.Frame) { require.NotEmpty(t, v.Data) })
			for range 3 {
				a.Push(&p)
				p.Seq++
				p.Marker = !p.Marker
			}
			a.Flush()
		}
	})
}

func TestClock(t *testing.T) {
	const skew = 300 * time.Millisecond // the picture arrives so much later
	var line rtpflow.Timeline
	a, v := line.Audio(48000), line.Video(90000)
	first := uint32(4294967000) // about to wrap
	at := func(d time.Duration) time.Time { return epoch.Add(d) }
	ntp := func(d time.Duration) uint64 {
		return uint64(1_000_000_000+d/time.Second)<<32 | uint64(d%time.Second)<<32/uint64(time.Second)
	}
	place := func(d time.Duration) (sound, picture time.Duration) {
		sound = a.At(uint32(1e9)+uint32(d.Milliseconds())*48, at(d), false)
		picture = v.At(first+uint32(d.Milliseconds())*90, at(d+skew), false)
		return sound, picture
	}
	sound, picture := place(0)
	require.Zero(t, sound)
	require.Equal(t, skew, picture, "nothing else is known")
	sound, picture = place(time.Second)
	require.Equal(t, time.Second, sound)
	require.Equal(t, time.Second+skew, picture)

	v.Report(ntp(time.Second), first+90*1000)
	_, picture = place(2 * time.Second)
	require.Equal(t, 2*time.Second+skew, picture, "one report says nothing of the other")
	a.Report(ntp(2*time.Second), uint32(1e9)+48*2000)
	sound, picture = place(3 * time.Second)
	require.Equal(t, 3*time.Second, sound)
	require.InDelta(t, 3*time.Second, picture, float64(time.Millisecond))

	// The sender's clocks go on, through a day and the wrap of both counters.
	for h := range 26 {
		d := time.Duration(h+1) * time.Hour
		sound, picture = place(d)
		require.InDelta(t, d, sound, float64(time.Millisecond))
		require.InDelta(t, d, picture, float64(time.Millisecond))
	}

	// A report that cannot be is not believed.
	v.Report(ntp(90*time.Hour), 0)
	_, p2 := place(27 * time.Hour)
	require.InDelta(t, 27*time.Hour, p2, float64(time.Millisecond))
}

func TestClockRestart(t *testing.T) {
	var line rtpflow.Timeline
	a := line.Audio(48000)
	require.Zero(t, a.At(100, epoch, false))
	require.Equal(t, 20*time.Millisecond, a.At(1060, epoch.Add(30*time.Millisecond), false), "jitter does not show")
	// Another stream, whose timestamps are elsewhere.
	require.Equal(t, time.Second, a.At(3_000_000_000, epoch.Add(time.Second), true))
	require.Equal(t, 1020*time.Millisecond, a.At(3_000_000_960, epoch.Add(1020*time.Millisecond), false))
	// The same, which went on while nothing came.
	require.Equal(t, 3*time.Second+20*time.Millisecond, a.At(3_000_000_960+2*48000, epoch.Add(3030*time.Millisecond), true))
	// One that stood still for a minute.
	require.Equal(t, 63*time.Second, a.At(3_000_000_960+3*48000, epoch.Add(63*time.Second), false))
	// Packets from the future do not exist.
	require.Equal(t, 64*time.Second, a.At(3_000_000_960+30*48000, epoch.Add(64*time.Second), false))
}

func TestClockObserve(t *testing.T) {
	var line rtpflow.Timeline
	a := line.Audio(48000)
	a.Observe(0, epoch.Add(80*time.Millisecond), false) // was held up on its way
	a.Observe(960, epoch.Add(81*time.Millisecond), false)
	a.Observe(1920, epoch.Add(82*time.Millisecond), false)
	require.Equal(t, -18*time.Millisecond, a.At(960, epoch.Add(81*time.Millisecond), false))
}

// A report of a sender that was held up counts as long as there is none better.
func TestClockLateReports(t *testing.T) {
	ntp := func(d time.Duration) uint64 {
		return uint64(1_000_000_000+d/time.Second)<<32 | uint64(d%time.Second)<<32/uint64(time.Second)
	}
	var line rtpflow.Timeline
	a, v := line.Audio(48000), line.Video(90000)
	held := []time.Duration{700, 0, 600, 900, 300, 800, 400, 500, 0, 700} // ms, of the picture's reports
	want := []time.Duration{700, 0, 0, 0, 0, 300, 300, 300, 0, 0}
	for i, late := range held {
		d := time.Duration(i) * time.Second
		sound := a.At(uint32(i)*48000, epoch.Add(d), false)
		require.Equal(t, d, sound, "sound keeps its place")
		v.At(uint32(i)*90000, epoch.Add(d), false)
		a.Report(ntp(d), uint32(i)*48000)
		v.Report(ntp(d+late*time.Millisecond), uint32(i)*90000)
		picture := v.At(uint32(i)*90000, epoch.Add(d), false)
		require.InDelta(t, d+want[i]*time.Millisecond, picture, float64(time.Millisecond), "report %d", i)
	}
	// The sender's clock is set: both streams tell.
	for i := range 3 {
		d := time.Duration(len(held)+i) * time.Second
		ticks := uint32(len(held) + i)
		a.Report(ntp(d+time.Hour), ticks*48000)
		v.Report(ntp(d+time.Hour), ticks*90000)
		require.InDelta(t, d, v.At(ticks*90000, epoch.Add(d), false), float64(time.Millisecond))
	}
}
