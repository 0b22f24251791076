//go:build !js

package media

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/evq"
	"github.com/bifrons-rtc/bifrons/media/internal/rtpflow"
)

const (
	sinkFrames = 256
	sinkBytes  = 8 << 20
)

// sampleSink queues the frames of one track.
type sampleSink struct {
	queue evq.Queue[Sample]

	mu     sync.Mutex // protects what follows
	closed bool
	in     *sampleIntake // nil: no track
}

func newSampleSink() (*sampleSink, error) {
	s := &sampleSink{}
	s.queue.Init(sinkFrames, sinkBytes)
	return s, nil
}

func (s *sampleSink) read(ctx context.Context) (Sample, error) {
	v, dropped, err := s.queue.Pop(ctx)
	switch {
	case err != nil:
		return Sample{}, fmt.Errorf("media: read sample: %w", err)
	case dropped > 0:
		return Sample{}, &DroppedError{Count: dropped}
	}
	return v, nil
}

func (s *sampleSink) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.queue.Close(ErrClosed)
	return nil
}

func (s *sampleSink) open(t *Track) (intake, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, fmt.Errorf("media: attach: sink: %w", ErrClosed)
	case s.in != nil:
		return nil, fmt.Errorf("media: attach: %w: the sink has a track already, make one sink a track", ErrState)
	}
	in := &sampleIntake{sink: s, rate: int64(t.Codec.ClockRate)}
	var ok bool
	if in.asm, ok = rtpflow.NewAssembler(t.Codec.Name(), in.frame); !ok || in.rate == 0 {
		return nil, &CodecError{Kind: t.Kind, MID: t.MID, Codec: t.Codec.Name(), Reason: "no frames can be made of it", Fix: "receive VP8, VP9, H264 or Opus"}
	}
	s.in = in
	_ = t.RequestKeyframe() // without it the first frames are of no use; the next request mends that
	return in, nil
}

// sampleIntake takes one track. Its methods run on the goroutine of the track.
type sampleIntake struct {
	sink    *sampleSink
	asm     *rtpflow.Assembler
	rate    int64
	started bool
	arrival time.Time // of the last frame
	last    uint32
	ticks   int64
}

func (in *sampleIntake) packet(p *rtpflow.Packet) { in.asm.Push(p) }

func (in *sampleIntake) pause() {}

func (in *sampleIntake) report(uint64, uint32) {}

func (in *sampleIntake) frame(f *rtpflow.Frame) {
	switch {
	case !in.started:
	case f.Restart: // its time is another
		in.ticks += int64(f.Arrival.Sub(in.arrival).Seconds() * float64(in.rate))
	default:
		in.ticks += int64(int32(f.Timestamp - in.last))
	}
	in.started, in.last, in.arrival = true, f.Timestamp, f.Arrival
	in.sink.queue.Push(Sample{
		Data:     append([]byte(nil), f.Data...),
		PTS:      in.duration(in.ticks),
		Duration: in.duration(int64(f.Samples)),
		Keyframe: f.Keyframe,
	}, len(f.Data))
}

func (in *sampleIntake) duration(ticks int64) time.Duration {
	return time.Duration(ticks/in.rate)*time.Second + time.Duration(ticks%in.rate)*time.Second/time.Duration(in.rate)
}

// end lets the sink take another track; when the track itself ended, its reader
// learns it.
func (in *sampleIntake) end(over bool) {
	in.asm.Flush()
	s := in.sink
	s.mu.Lock()
	defer s.mu.Unlock()
	s.in = nil
	if over {
		s.queue.Close(ErrClosed)
	}
}
