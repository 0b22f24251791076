// Package record turns the RTP packets of one audio and one video track into a
// WebM file.
package record

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/media/internal/codec"
	"github.com/bifrons-rtc/bifrons/media/internal/rtpflow"
)

// Errors of Open.
var (
	ErrClosed = errors.New("recorder closed")
	ErrCodec  = errors.New("WebM holds VP8, VP9 and Opus")
	ErrLate   = errors.New("the file began without a track of this kind")
	ErrOther  = errors.New("the file has another codec")
)

// Options tunes a Recorder.
type Options struct {
	Wait time.Duration // for a second track
}

// Stats says what was written so far.
type Stats struct {
	Audio, Video, Keyframes int
	Bytes                   int64
	Duration                time.Duration
	Started                 time.Time
	Lost, Dropped           int
}

// Gap is a time in the file for which nothing came.
type Gap struct{ Start, End time.Duration }

// Input describes a track.
type Input struct {
	Video    bool
	Codec    string // name
	Rate     int    // of RTP timestamps
	Channels int    // audio only
	Keyframe func() // asks the sender for one; does not block
}

// Recorder writes one file from a goroutine of its own.
type Recorder struct {
	w    io.WriteCloser
	wait time.Duration

	box    mailbox
	stop   chan struct{} // closed by Close
	done   chan struct{} // closed when the file is
	ending sync.Once
	told   sync.Once

	mu      sync.Mutex // protects what follows
	began   bool
	kinds   [2]string // codecs by kind; empty: none yet
	intakes [2]*Intake
	stats   Stats
	gaps    []Gap
	err     error
	stopped bool
}

// Kinds index what there is one of for each.
const (
	audio = 0
	video = 1
)

// New starts a recorder. Close ends it.
func New(w io.WriteCloser, o Options) *Recorder {
	r := &Recorder{w: w, wait: o.Wait, stop: make(chan struct{}), done: make(chan struct{})}
	r.box.init()
	f := newFile(r)
	// Owns the file; ends with stop or when w fails; Close waits for it.
	go func() { defer close(r.done); f.run() }()
	return r
}

// Open returns where the packets of a track go. It replaces the track of the
// same kind before it.
func (r *Recorder) Open(in Input) (*Intake, error) {
	name := strings.ToUpper(in.Codec)
	kind := audio
	if in.Video {
		kind = video
	}
	known := name == codec.Opus || name == codec.VP8 || name == codec.VP9
	k := &Intake{r: r, kind: kind, codec: name, input: in}
	k.asm, _ = rtpflow.NewAssembler(name, k.frame)

	r.mu.Lock()
	defer r.mu.Unlock()
	switch before := r.kinds[kind]; {
	case r.stopped:
		return nil, ErrClosed
	case !known || (name == codec.Opus) == in.Video || in.Rate <= 0:
		return nil, ErrCodec
	case r.began && before == "":
		return nil, ErrLate
	case r.began && before != name:
		return nil, ErrOther
	}
	r.kinds[kind], r.intakes[kind] = name, k
	r.box.push(item{from: k, what: opened, arrival: time.Now()})
	return k, nil
}

// Stats returns what was written so far.
func (r *Recorder) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stats
}

// Gaps returns the gaps so far, in their order.
func (r *Recorder) Gaps() []Gap {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.gaps)
}

// Done is closed when the file is finished, or broken; Err then says why.
func (r *Recorder) Done() <-chan struct{} { return r.done }

// Err returns the first error of the file.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// Close finishes the file, closes w and returns the first error. Later calls
// return nil.
func (r *Recorder) Close() (err error) {
	r.mu.Lock()
	intakes := r.intakes
	r.mu.Unlock()
	for _, k := range intakes {
		if k != nil {
			k.flush()
		}
	}
	r.ending.Do(func() { close(r.stop) })
	<-r.done
	r.told.Do(func() { err = r.Err() })
	return err
}

// begin takes note that the header is written with the kinds that are there.
func (r *Recorder) begin(now time.Time) [2]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.began = true
	r.stats.Started = now
	return r.kinds
}

// end refuses what comes from now on.
func (r *Recorder) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
	if r.err == nil && err != nil {
		r.err = fmt.Errorf("record: %w", err)
	}
	r.box.close()
}

func (r *Recorder) count(f func(*Stats)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.stats)
}
