package media

import (
	"io"
	"time"
)

// RecordOptions tunes [Record]. Nil means every default.
type RecordOptions struct {
	// Container is "webm", the only one so far. Empty: "webm". Another gives an
	// error that matches errors.ErrUnsupported.
	Container string
	// Wait is how long the recorder waits for a second track after the first was
	// attached; tracks that come later than the start of the file are refused.
	// It ends as soon as one track of each kind is ready. Zero: 1 s.
	Wait time.Duration
}

// Recorder is a Sink that writes one audio and one video track into one file.
// Attach the same Recorder to both tracks; when a track ends, another of its
// kind and codec may take its place.
type Recorder struct{ impl *recorder }

var _ Sink = (*Recorder)(nil)

// Record returns a recorder that writes to w from a goroutine of its own, and
// closes w when it is closed. The file is WebM with VP8 or VP9, and Opus.
//
// A recording starts with a keyframe, which it asks for; the tracks are in sync
// by the sender's RTCP reports, and by the time of arrival until one came.
// Packets that come late or never cost the frames they belong to and nothing
// else. While nothing comes the time of the file goes on, also when the peer gets
// another connection meanwhile, and [Recorder.Gaps] tells where that was. If w is
// an io.WriteSeeker, Close writes duration, cues, and each gap as a chapter of the
// name "gap"; else the file is a live stream, which plays and cannot be searched.
//
// A browser writes what its MediaRecorder makes, a live stream, with the codecs
// it likes best. It fixes the tracks at the start: a track that ends, or goes on
// with another connection of its peer, is recorded up to that moment, no gap is
// told, and RecordStats has no frames. Where there is no
// MediaRecorder the error matches errors.ErrUnsupported; w is then still open.
func Record(w io.WriteCloser, opts *RecordOptions) (*Recorder, error) {
	var o RecordOptions
	if opts != nil {
		o = *opts
	}
	if o.Container == "" {
		o.Container = "webm"
	}
	if o.Container != "webm" {
		return nil, unsupported("record to "+o.Container, `the container is "webm"`)
	}
	if o.Wait <= 0 {
		o.Wait = time.Second
	}
	impl, err := newRecorder(w, o)
	if err != nil {
		return nil, err
	}
	return &Recorder{impl: impl}, nil
}

// RecordStats says what a recorder wrote so far.
type RecordStats struct {
	AudioFrames, VideoFrames int
	Keyframes                int
	Bytes                    int64         // of the file
	Duration                 time.Duration // from the first frame to the end of the last
	Started                  time.Time     // when the first frame was written; zero before
	Lost                     int           // RTP packets that never came
	Dropped                  int           // frames left out: incomplete, undecodable, or w too slow
}

// Stats returns what was written so far.
func (r *Recorder) Stats() RecordStats { return r.impl.stats() }

// Gap is a part of a recording for which no track had anything.
type Gap struct{ Start, End time.Duration } // in the time of the file

// Gaps returns the gaps so far, in their order: 50 ms without anything at least
// where the tracks went on with another connection of their peer, or with other
// tracks, and 2 s elsewhere. The first 1000 are kept.
func (r *Recorder) Gaps() []Gap { return r.impl.gaps() }

// Done is closed when the recording has ended: by Close, or because w failed;
// Err then says why, nil after Close.
func (r *Recorder) Done() <-chan struct{} { return r.impl.done() }

// Err returns why the recording ended, the first error of w; nil before the end
// and after Close.
func (r *Recorder) Err() error { return r.impl.err() }

// Close writes what is pending, finishes the file, closes w, and returns the
// first error of the whole recording. Later calls return nil.
func (r *Recorder) Close() error { return r.impl.close() }

func (r *Recorder) open(t *Track) (intake, error) { return r.impl.open(t) }
