//go:build !js

package media

import (
	"errors"
	"fmt"
	"io"

	"github.com/bifrons-rtc/bifrons/media/internal/record"
	"github.com/bifrons-rtc/bifrons/media/internal/rtpflow"
)

// recorder is package record behind the errors of this one.
type recorder struct{ r *record.Recorder }

func newRecorder(w io.WriteCloser, o RecordOptions) (*recorder, error) {
	return &recorder{record.New(w, record.Options{Wait: o.Wait})}, nil
}

func (r *recorder) open(t *Track) (intake, error) {
	in, err := r.r.Open(record.Input{
		Video:    t.Kind == Video,
		Codec:    t.Codec.Name(),
		Rate:     t.Codec.ClockRate,
		Channels: t.Codec.Channels,
		// A request that is lost is made again.
		Keyframe: func() { _ = t.RequestKeyframe() },
	})
	if err == nil {
		return recordIntake{in}, nil
	}
	e := &CodecError{Kind: t.Kind, MID: t.MID, Codec: t.Codec.Name(), Reason: "cannot be recorded: " + err.Error()}
	switch {
	case errors.Is(err, record.ErrClosed):
		return nil, fmt.Errorf("media: attach: recorder: %w", ErrClosed)
	case errors.Is(err, record.ErrCodec):
		e.Fix = "have one of them negotiated"
	case errors.Is(err, record.ErrLate):
		e.Fix = "attach both tracks within RecordOptions.Wait"
	case errors.Is(err, record.ErrOther):
		e.Fix = "record to another file"
	}
	return nil, e
}

func (r *recorder) stats() RecordStats {
	s := r.r.Stats()
	return RecordStats{
		AudioFrames: s.Audio,
		VideoFrames: s.Video,
		Keyframes:   s.Keyframes,
		Bytes:       s.Bytes,
		Duration:    s.Duration,
		Started:     s.Started,
		Lost:        s.Lost,
		Dropped:     s.Dropped,
	}
}

func (r *recorder) gaps() (all []Gap) {
	for _, g := range r.r.Gaps() {
		all = append(all, Gap(g))
	}
	return all
}

func (r *recorder) done() <-chan struct{} { return r.r.Done() }

func (r *recorder) err() error { return recordError(r.r.Err()) }

func (r *recorder) close() error { return recordError(r.r.Close()) }

func recordError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("media: %w", err)
}

type recordIntake struct{ in *record.Intake }

func (i recordIntake) packet(p *rtpflow.Packet)     { i.in.Packet(p) }
func (i recordIntake) report(ntp uint64, ts uint32) { i.in.Report(ntp, ts) }
func (i recordIntake) pause()                       { i.in.Pause() }
func (i recordIntake) end(bool)                     { i.in.End() }
