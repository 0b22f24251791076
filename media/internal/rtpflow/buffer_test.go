package rtpflow_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/media/internal/rtpflow"
)

func TestMain(m *testing.M) { leak.Main(m) }

var epoch = time.Unix(1_700_000_000, 0)

// log is what a buffer hands out: "5" a packet, "5-2" one after two lost, "5!"
// one that restarts.
type log []string

func (l *log) emit(p *rtpflow.Packet, o rtpflow.Order) {
	s := fmt.Sprint(p.Seq)
	if string(p.Payload) != s {
		s = "payload " + string(p.Payload)
	}
	if o.Lost > 0 {
		s += fmt.Sprintf("-%d", o.Lost)
	}
	if o.Restart {
		s += "!"
	}
	*l = append(*l, s)
}

// push pushes packets 10 ms apart, their payloads in one buffer as a reader's
// are.
func push(b *rtpflow.Buffer, seqs ...uint16) {
	buf := make([]byte, 0, 8)
	for i, seq := range seqs {
		buf = fmt.Append(buf[:0], seq)
		b.Push(&rtpflow.Packet{Seq: seq, Payload: buf, Arrival: epoch.Add(time.Duration(i) * 10 * time.Millisecond)})
		for i := range buf {
			buf[i] = 'x'
		}
	}
}

func TestBuffer(t *testing.T) {
	span := func(from, n int) (s []uint16) {
		for i := range n {
			s = append(s, uint16(from+i))
		}
		return s
	}
	names := func(s []uint16) (l log) {
		for _, v := range s {
			l = append(l, fmt.Sprint(v))
		}
		return l
	}
	for name, c := range map[string]struct {
		in   []uint16
		want log
	}{
		"in order":       {[]uint16{1, 2, 3}, log{"1", "2", "3"}},
		"wrapping":       {[]uint16{65534, 65535, 0, 1}, log{"65534", "65535", "0", "1"}},
		"swapped":        {[]uint16{1, 3, 2, 4}, log{"1", "2", "3", "4"}},
		"doubled":        {[]uint16{1, 1, 2, 2, 4, 4, 3, 3, 5}, log{"1", "2", "3", "4", "5"}},
		"late":           {[]uint16{5, 4, 6}, log{"5", "6"}},
		"given up":       {append([]uint16{1}, span(3, 40)...), append(log{"1", "3-1"}, names(span(4, 39))...)},
		"two gaps":       {append([]uint16{1, 3}, span(6, 60)...), append(log{"1", "3-1", "6-2"}, names(span(7, 59))...)},
		"found at last":  {append(append([]uint16{1}, span(3, 20)...), 2), append(log{"1", "2"}, names(span(3, 20))...)},
		"far ahead":      {[]uint16{1, 30000, 30001}, log{"1", "30000!", "30001"}},
		"stray":          {[]uint16{40000, 20000, 40001, 20000, 40002}, log{"40000", "40001", "40002"}},
		"back for good":  {[]uint16{40000, 20000, 20001, 20002}, log{"40000", "20000!", "20001", "20002"}},
		"a hole of 1000": {append([]uint16{1}, span(1002, 30)...), append(log{"1", "1002-1000"}, names(span(1003, 29))...)},
	} {
		t.Run(name, func(t *testing.T) {
			var got log
			b := rtpflow.NewBuffer(got.emit)
			push(b, c.in...)
			b.Flush()
			require.Equal(t, c.want, got)
		})
	}
}

func TestBufferOtherStream(t *testing.T) {
	var got log
	b := rtpflow.NewBuffer(got.emit)
	push(b, 1, 3)
	b.Push(&rtpflow.Packet{Seq: 2, SSRC: 9, Payload: []byte("2")})
	require.Equal(t, log{"1", "3-1", "2!"}, got)
}

func TestBufferWaits(t *testing.T) {
	var got log
	b := rtpflow.NewBuffer(got.emit)
	at := func(seq uint16, ms int) {
		b.Push(&rtpflow.Packet{Seq: seq, Payload: fmt.Append(nil, seq), Arrival: epoch.Add(time.Duration(ms) * time.Millisecond)})
	}
	at(1, 0)
	at(3, 10)
	at(4, 250)
	require.Equal(t, log{"1"}, got)
	at(5, 270)
	require.Equal(t, log{"1", "3-1", "4", "5"}, got)
}

// Whatever the network does, what comes out is in order, once, and every packet
// is counted.
func TestBufferRandom(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		const n = 2000
		type arrival struct {
			seq uint16
			at  int
		}
		first := uint16(r.UintN(65536))
		var all []arrival
		for i := range n {
			seq := first + uint16(i)
			if i > 0 && r.IntN(20) == 0 {
				continue // lost
			}
			all = append(all, arrival{seq, i*20 + r.IntN(120)})
			if r.IntN(20) == 0 {
				all = append(all, arrival{seq, i*20 + r.IntN(120)}) // doubled
			}
		}
		all[0].at = -1
		for i := 1; i < len(all); i++ { // insertion sort by arrival
			for j := i; j > 0 && all[j].at < all[j-1].at; j-- {
				all[j], all[j-1] = all[j-1], all[j]
			}
		}
		next, count := first, 0
		b := rtpflow.NewBuffer(func(p *rtpflow.Packet, o rtpflow.Order) {
			require.False(t, o.Restart)
			require.Equal(t, next+uint16(o.Lost), p.Seq)
			next = p.Seq + 1
			count += 1 + o.Lost
		})
		for _, a := range all {
			b.Push(&rtpflow.Packet{Seq: a.seq, Arrival: epoch.Add(time.Duration(a.at) * time.Millisecond)})
		}
		b.Flush()
		require.Equal(t, uint16(count), next-first)
		require.InDelta(t, n, count, 10) // the last ones may be lost
	}
}

func TestBufferInOrderNeedsNoMemory(t *testing.T) {
	b := rtpflow.NewBuffer(func(*rtpflow.Packet, rtpflow.Order) {})
	p := rtpflow.Packet{Payload: make([]byte, 1000), Arrival: epoch}
	require.Zero(t, testing.AllocsPerRun(1000, func() { b.Push(&p); p.Seq++ }))
}

func FuzzBuffer(f *testing.F) {
	f.Add([]byte{0, 1, 0, 0, 3, 0, 0, 2, 0, 0xff, 0xff, 9})
	f.Fuzz(func(t *testing.T, in []byte) {
		count := 0
		b := rtpflow.NewBuffer(func(p *rtpflow.Packet, o rtpflow.Order) {
			require.GreaterOrEqual(t, o.Lost, 0)
			count++
		})
		for n := 0; len(in) >= 3; in, n = in[3:], n+1 {
			b.Push(&rtpflow.Packet{
				Seq:     uint16(in[0])<<8 | uint16(in[1]),
				SSRC:    uint32(in[2] & 1),
				Arrival: epoch.Add(time.Duration(n*int(in[2]>>1)) * time.Millisecond),
			})
			require.LessOrEqual(t, count, n+1)
		}
		b.Flush()
	})
}
