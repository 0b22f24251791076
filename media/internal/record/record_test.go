package record_test

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/media/internal/codec"
	"github.com/bifrons-rtc/bifrons/media/internal/record"
	"github.com/bifrons-rtc/bifrons/media/internal/rtpflow"
	"github.com/bifrons-rtc/bifrons/media/internal/webm"
)

func TestMain(m *testing.M) { leak.Main(m) }

// sink is a file in memory that can seek.
type sink struct {
	mu     sync.Mutex
	b      []byte
	at     int64
	closed bool
	fail   error
	hang   chan struct{} // when not nil, Write waits for it
}

func (s *sink) Write(p []byte) (int, error) {
	if s.hang != nil {
		<-s.hang
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return 0, s.fail
	}
	s.b = append(s.b[:s.at], append(bytes.Clone(p), s.b[min(int(s.at)+len(p), len(s.b)):]...)...)
	s.at += int64(len(p))
	return len(p), nil
}

func (s *sink) Seek(offset int64, whence int) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch whence {
	case io.SeekStart:
		s.at = offset
	case io.SeekCurrent:
		s.at += offset
	}
	return s.at, nil
}

func (s *sink) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// recording is what a file holds: the times of the frames of each kind.
type recording struct {
	duration     time.Duration
	audio, video []time.Duration
	keys         int
	tracks       []webm.Track
}

func (s *sink) read(t *testing.T) (r recording) {
	t.Helper()
	require.True(t, s.closed, "the recorder closes its file")
	d, err := webm.NewReader(bytes.NewReader(s.b))
	require.NoError(t, err)
	for {
		f, err := d.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if d.Tracks[f.Track].Video {
			r.video = append(r.video, f.At)
			if f.Keyframe {
				r.keys++
			}
		} else {
			r.audio = append(r.audio, f.At)
		}
	}
	r.duration, r.tracks = d.Duration, d.Tracks
	for _, times := range [][]time.Duration{r.audio, r.video} {
		for i := 1; i < len(times); i++ {
			require.Greater(t, times[i], times[i-1], "time goes on")
		}
	}
	return r
}

// stream makes the RTP packets of a track.
type stream struct {
	in        *record.Intake
	video     bool
	seq       uint16
	base      uint32
	ssrc      uint32
	keyEvery  int
	keyframes atomic.Int32 // asked for
	n         int          // frames made
}

func (s *stream) input() record.Input {
	if s.video {
		return record.Input{Video: true, Codec: "VP8", Rate: 90000, Keyframe: func() { s.keyframes.Add(1) }}
	}
	return record.Input{Codec: "opus", Rate: 48000, Channels: 2, Keyframe: func() {}}
}

func open(t *testing.T, r *record.Recorder, s *stream) {
	t.Helper()
	in, err := r.Open(s.input())
	require.NoError(t, err)
	s.in = in
	if s.keyEvery == 0 {
		s.keyEvery = 25
	}
}

// pictureTime and soundTime are how far frames are apart.
const (
	pictureTime = 40 * time.Millisecond
	soundTime   = 20 * time.Millisecond
)

// frame makes the packets of the next frame.
func (s *stream) frame() []*rtpflow.Packet {
	i := s.n
	s.n++
	if !s.video {
		s.seq++
		return []*rtpflow.Packet{{Seq: s.seq, SSRC: s.ssrc, Timestamp: s.base + uint32(i)*960, Payload: []byte{31 << 3, byte(i)}}}
	}
	data := bytes.Repeat([]byte{byte(i)}, 25)
	copy(data, []byte{0, 2, 0, 0x9d, 0x01, 0x2a, 64, 0, 48, 0})
	if i%s.keyEvery != 0 {
		data[0] = 1
	}
	var packets []*rtpflow.Packet
	for at := 0; at < len(data); at += 10 {
		s.seq++
		end := min(at+10, len(data))
		packets = append(packets, &rtpflow.Packet{
			Seq: s.seq, SSRC: s.ssrc, Timestamp: s.base + uint32(i)*3600, Marker: end == len(data),
			Payload: append(codec.AppendVP8Header(nil, at == 0, uint16(i)), data[at:end]...),
		})
	}
	return packets
}

func (s *stream) push(packets ...*rtpflow.Packet) {
	for _, p := range packets {
		p.Arrival = time.Now()
		s.in.Packet(p)
	}
}

// play sends n seconds in real time of the bubble: a picture and two sounds each
// 40 ms. change may drop or reorder the packets of a frame.
func play(n time.Duration, a, v *stream, change func(s *stream, packets []*rtpflow.Packet) []*rtpflow.Packet) {
	if change == nil {
		change = func(_ *stream, p []*rtpflow.Packet) []*rtpflow.Packet { return p }
	}
	for range int(n / pictureTime) {
		if v != nil {
			v.push(change(v, v.frame())...)
		}
		for range 2 {
			if a != nil {
				a.push(change(a, a.frame())...)
			}
			time.Sleep(soundTime) //nolint:forbidigo // virtual time
		}
	}
}

func TestRecordBoth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{base: 77}, &stream{video: true, base: 4294967000}
		open(t, r, a)
		open(t, r, v)
		play(10*time.Second, a, v, nil)
		require.NoError(t, r.Close())
		require.NoError(t, r.Close())
		got := out.read(t)
		require.Len(t, got.video, 250)
		require.Len(t, got.audio, 500)
		require.Equal(t, 10, got.keys)
		require.Equal(t, 10*time.Second, got.duration)
		s := r.Stats()
		require.Equal(t, record.Stats{
			Audio: 500, Video: 250, Keyframes: 10, Bytes: int64(len(out.b)), Duration: 10 * time.Second, Started: s.Started,
		}, s)
	})
}

func TestRecordOneTrack(t *testing.T) {
	for name, s := range map[string]*stream{"sound": {}, "picture": {video: true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				out := &sink{}
				r := record.New(out, record.Options{Wait: time.Second})
				open(t, r, s)
				if s.video {
					play(3*time.Second, nil, s, nil)
				} else {
					play(3*time.Second, s, nil, nil)
				}
				_, err := r.Open((&stream{video: !s.video}).input())
				require.ErrorIs(t, err, record.ErrLate)
				require.NoError(t, r.Close())
				got := out.read(t)
				require.Len(t, got.tracks, 1)
				require.Equal(t, 3*time.Second, got.duration, "nothing is lost to the wait")
			})
		})
	}
}

func TestRecordShorterThanTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Hour})
		a := &stream{}
		open(t, r, a)
		play(200*time.Millisecond, a, nil, nil)
		require.NoError(t, r.Close())
		require.Len(t, out.read(t).audio, 10)
	})
}

func TestRecordNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{})
		open(t, r, &stream{video: true})
		require.NoError(t, r.Close())
		require.True(t, out.closed)
		require.Empty(t, out.b)
		require.Zero(t, r.Stats())
		_, err := r.Open((&stream{}).input())
		require.ErrorIs(t, err, record.ErrClosed)
	})
}

func TestRecordBeginsWithAKeyframe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{}, &stream{video: true, keyEvery: 75}
		open(t, r, a)
		open(t, r, v)
		v.frame() // the keyframe is lost
		v.n = 1
		play(4*time.Second, a, v, nil)
		require.NoError(t, r.Close())
		got := out.read(t)
		require.Zero(t, got.video[0])
		require.Len(t, got.video, 26)
		require.InDelta(t, 26*2, len(got.audio), 1, "sound before the picture is left out")
		require.InDelta(t, 3, v.keyframes.Load(), 1, "one request a second")
	})
}

func TestRecordWithoutKeyframeForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{}, &stream{video: true, keyEvery: 15 * 25}
		open(t, r, a)
		open(t, r, v)
		v.n = 1
		play(16*time.Second, a, v, nil)
		require.NoError(t, r.Close())
		got := out.read(t)
		require.Equal(t, 1, got.keys)
		require.Greater(t, len(got.audio), 50*15-2)
		require.Equal(t, 64, got.tracks[1].Width, "known at last")
	})
}

// ntp is a sender's clock.
func ntp(d time.Duration) uint64 {
	return uint64(3_900_000_000+d/time.Second)<<32 | uint64(d%time.Second)<<32/uint64(time.Second)
}

// sync is how far picture and sound are apart at the end: by how much the n-th
// frame of one is later than that of the other, both sent at once.
func (r recording) sync(t *testing.T, a, v *stream) time.Duration {
	t.Helper()
	picture := r.video[len(r.video)-1] - time.Duration(v.n-1)*pictureTime
	sound := r.audio[len(r.audio)-1] - time.Duration(a.n-1)*soundTime
	return picture - sound
}

func TestRecordIsInSyncByReports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{base: 5}, &stream{video: true, base: 9}
		open(t, r, a)
		open(t, r, v)
		const late = 400 * time.Millisecond // of the picture
		var queue [][]*rtpflow.Packet
		for i := range 200 {
			queue = append(queue, v.frame())
			if len(queue) > int(late/pictureTime) {
				v.push(queue[0]...)
				queue = queue[1:]
			}
			if i%25 == 20 { // reports every second
				now := time.Duration(i) * pictureTime
				a.in.Report(ntp(now), a.base+uint32(2*i)*960)
				v.in.Report(ntp(now), v.base+uint32(i)*3600)
			}
			a.push(a.frame()...)
			time.Sleep(soundTime) //nolint:forbidigo // virtual time
			a.push(a.frame()...)
			time.Sleep(soundTime) //nolint:forbidigo // virtual time
		}
		v.n -= len(queue)
		require.NoError(t, r.Close())
		require.InDelta(t, 0, out.read(t).sync(t, a, v), float64(2*time.Millisecond))
	})
}

func TestRecordIsInSyncByArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{}, &stream{video: true}
		open(t, r, a)
		open(t, r, v)
		play(5*time.Second, a, v, nil)
		require.NoError(t, r.Close())
		require.InDelta(t, 0, out.read(t).sync(t, a, v), float64(5*time.Millisecond))
	})
}

func TestRecordLossAndReordering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{}, &stream{video: true}
		open(t, r, a)
		open(t, r, v)
		var kept []*rtpflow.Packet
		n := 0
		play(10*time.Second, a, v, func(s *stream, p []*rtpflow.Packet) []*rtpflow.Packet {
			if s != v {
				if n%40 == 7 {
					return nil // two of 80 sounds are lost
				}
				return p
			}
			n++
			p, kept = append(kept, p...), nil
			switch {
			case n%10 == 3:
				p[0], p[1] = p[1], p[0]
			case n%10 == 5:
				kept, p = p[:1], p[1:] // comes with the next frame
			case n%50 == 32:
				p = p[1:] // never comes
			}
			return p
		})
		require.NoError(t, r.Close())
		got := out.read(t)
		s := r.Stats()
		require.Equal(t, 5+2*7, s.Lost, "five packets of pictures, and both sounds seven times")
		// A broken picture freezes until the next keyframe, 19 pictures on.
		require.Equal(t, 250-5*19, len(got.video))
		require.Equal(t, 5*19, s.Dropped)
		require.Equal(t, 500-2*7, len(got.audio))
		require.InDelta(t, 10, got.duration.Seconds(), 0.1)
		require.GreaterOrEqual(t, v.keyframes.Load(), int32(5), "each loss asks for one")
	})
}

// A sender without keyframes to give freezes the picture for a second, no more.
func TestRecordLossWithoutKeyframes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{}, &stream{video: true, keyEvery: 1 << 30}
		open(t, r, a)
		open(t, r, v)
		play(10*time.Second, a, v, func(s *stream, p []*rtpflow.Packet) []*rtpflow.Packet {
			if s == v && v.n == 101 {
				return p[1:]
			}
			return p
		})
		require.NoError(t, r.Close())
		require.InDelta(t, 250-1-25, len(out.read(t).video), 8)
	})
}

func TestRecordSurvivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{}, &stream{video: true}
		open(t, r, a)
		open(t, r, v)
		play(3*time.Second, a, v, nil)
		time.Sleep(2 * time.Second) //nolint:forbidigo // virtual time, while the path is gone
		for i, s := range []*stream{a, v} {
			s.ssrc, s.seq, s.base, s.n = uint32(i)+7, 30000, 3_000_000_000, 0
		}
		play(3*time.Second, a, v, nil)
		// Other tracks, as after a renegotiation.
		a.in.End()
		v.in.End()
		for i, s := range []*stream{a, v} {
			s.ssrc, s.seq, s.base, s.n = uint32(i)+70, 60000, 1000, 0
			open(t, r, s)
		}
		play(3*time.Second, a, v, nil)
		time.Sleep(1500 * time.Millisecond) //nolint:forbidigo // virtual time: little came, and the streams go on
		for _, s := range []*stream{a, v} {
			s.n += int(1500 * time.Millisecond / map[bool]time.Duration{false: soundTime, true: pictureTime}[s.video])
		}
		play(time.Second, a, v, nil)
		time.Sleep(4 * time.Second) //nolint:forbidigo // virtual time
		for _, s := range []*stream{a, v} {
			s.n += int(4 * time.Second / map[bool]time.Duration{false: soundTime, true: pictureTime}[s.video])
		}
		play(time.Second, a, v, nil)
		require.NoError(t, r.Close())
		got := out.read(t)
		gaps := r.Gaps()
		require.Len(t, gaps, 2)
		for i, want := range []record.Gap{{Start: 3 * time.Second, End: 5 * time.Second}, {Start: 13500 * time.Millisecond, End: 17500 * time.Millisecond}} {
			require.InDelta(t, want.Start, gaps[i].Start, float64(100*time.Millisecond))
			require.InDelta(t, want.End, gaps[i].End, float64(100*time.Millisecond))
		}
		require.InDelta(t, 18.5, got.duration.Seconds(), 0.05)
		require.Len(t, got.video, 275)
		require.Len(t, got.audio, 550)
		require.InDelta(t, 0, got.sync(t, a, v), float64(5*time.Millisecond))
	})
}

func TestRecordCodecs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := record.New(&sink{}, record.Options{Wait: time.Millisecond})
		for _, in := range []record.Input{
			{Codec: "H264", Video: true, Rate: 90000},
			{Codec: "PCMU", Rate: 8000},
			{Codec: "VP8", Rate: 90000},
			{Codec: "opus", Video: true, Rate: 48000},
			{Codec: "VP8", Video: true},
		} {
			_, err := r.Open(in)
			require.ErrorIs(t, err, record.ErrCodec, "%+v", in)
		}
		v := &stream{video: true}
		open(t, r, v)
		play(time.Second, nil, v, nil)
		_, err := r.Open(record.Input{Codec: "VP9", Video: true, Rate: 90000})
		require.ErrorIs(t, err, record.ErrOther)
		require.NoError(t, r.Close())
	})
}

func TestRecordFailingFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("disk full")
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{}, &stream{video: true}
		open(t, r, a)
		open(t, r, v)
		play(2*time.Second, a, v, nil)
		out.mu.Lock()
		out.fail = full
		out.mu.Unlock()
		play(2*time.Second, a, v, nil)
		<-r.Done()
		require.ErrorIs(t, r.Err(), full)
		require.True(t, out.closed)
		play(time.Second, a, v, nil) // to nobody
		_, err := r.Open(a.input())
		require.ErrorIs(t, err, record.ErrClosed)
		require.ErrorIs(t, r.Close(), full)
		require.NoError(t, r.Close())
	})
}

// A file that hangs costs frames, not memory, and never holds up a track.
func TestRecordHangingFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{hang: make(chan struct{})}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{}, &stream{video: true}
		open(t, r, a)
		open(t, r, v)
		play(5*time.Minute, a, v, nil)
		close(out.hang)
		play(3*time.Second, a, v, nil)
		require.NoError(t, r.Close())
		got := out.read(t)
		require.Less(t, len(got.audio)+len(got.video), 4096+3*75+100)
		require.Greater(t, r.Stats().Dropped, 5*60*75-2*4096)
		require.InDelta(t, 303, got.duration.Seconds(), 1)
	})
}

// What was held up on its way at first, as on a busy machine, does not move the rest.
func TestRecordSoundThatWasHeldUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &sink{}
		r := record.New(out, record.Options{Wait: time.Second})
		a, v := &stream{}, &stream{video: true}
		open(t, r, a)
		open(t, r, v)
		var held []*rtpflow.Packet
		for i := range 100 {
			v.push(v.frame()...)
			for range 2 {
				held = append(held, a.frame()...)
				for _, p := range held {
					if i >= 8 {
						a.push(p)
						synctest.Wait() // the recorder sees the first by itself
					}
				}
				if i >= 8 {
					held = nil
				}
				time.Sleep(soundTime) //nolint:forbidigo // virtual time
			}
		}
		require.NoError(t, r.Close())
		got := out.read(t)
		require.InDelta(t, 4, got.duration.Seconds(), 0.01)
		require.InDelta(t, 0, got.sync(t, a, v), float64(5*time.Millisecond))
	})
}
