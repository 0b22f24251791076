package media

import (
	"context"
	"time"
)

// Sample is one encoded frame: a picture, or a packet of sound.
type Sample struct {
	Data []byte
	// PTS is the time of presentation since the start of the stream.
	PTS time.Duration
	// Duration is how long the frame lasts; zero when not known.
	Duration time.Duration
	// Keyframe says that decoding can start here. It is set on reading; on
	// writing it is looked up in Data.
	Keyframe bool
}

// SampleSource is a Source the application feeds with encoded frames.
type SampleSource struct {
	codec Codec
	feed  *feed
}

var _ Source = (*SampleSource)(nil)

// NewSampleSource returns a source of frames in codec. An unknown codec, and a
// browser build, give an error that matches errors.ErrUnsupported.
func NewSampleSource(codec Codec) (*SampleSource, error) {
	c, ok := codec.complete()
	if !ok {
		return nil, unsupported("samples of "+codec.MIME, "known are VP8, VP9, H264 and Opus")
	}
	f, err := newFeed(c)
	if err != nil {
		return nil, err
	}
	return &SampleSource{codec: c, feed: f}, nil
}

// Kind returns the kind of the codec.
func (s *SampleSource) Kind() Kind { return s.codec.Kind }

// Codec returns the codec with every field filled in.
func (s *SampleSource) Codec() Codec { return s.codec }

// Write sends one frame now; the application does the pacing. It waits until a
// peer the source was added to is connected, at most until ctx ends, so that
// nothing is lost to the set-up; from then on it does not block, and while no
// peer is connected frames are dropped. Data may be reused when Write returns.
//
// The frame gets the RTP timestamp of PTS; a PTS that does not increase means
// "where the frame before ended". H264 data is in Annex B format. After Close
// the error matches [ErrClosed].
func (s *SampleSource) Write(ctx context.Context, smp Sample) error { return s.feed.write(ctx, smp) }

// KeyframeRequests returns a channel that holds a value when a keyframe is due:
// a receiver asked for one (PLI or FIR, RFC 4585 and 5104), or a sender begins
// with this source or goes on with it. Requests that nobody took yet are one.
func (s *SampleSource) KeyframeRequests() <-chan struct{} { return s.feed.keyframes() }

// Done is closed by Close.
func (s *SampleSource) Done() <-chan struct{} { return s.feed.done() }

// Err returns nil before Close and an error that matches [ErrClosed] after it.
func (s *SampleSource) Err() error { return s.feed.err() }

// Underlying returns nil.
func (s *SampleSource) Underlying() any { return nil }

// Close ends the source.
func (s *SampleSource) Close() error { return s.feed.close() }

func (s *SampleSource) source() *feed { return s.feed }

// SampleSink is a Sink the application reads encoded frames from.
type SampleSink struct{ impl *sampleSink }

var _ Sink = (*SampleSink)(nil)

// NewSampleSink returns a sink that keeps up to 256 frames, or 8 MiB, for its
// reader. A browser build returns an error that matches errors.ErrUnsupported.
func NewSampleSink() (*SampleSink, error) {
	impl, err := newSampleSink()
	if err != nil {
		return nil, err
	}
	return &SampleSink{impl: impl}, nil
}

// Read returns the next frame in decoding order. Frames with missing packets are
// left out. When the reader was too slow the oldest frames are gone: one Read
// returns a *[DroppedError] and the next goes on. After Close, and after the
// track ended, the error matches [ErrClosed].
func (s *SampleSink) Read(ctx context.Context) (Sample, error) { return s.impl.read(ctx) }

// Close ends the sink and unblocks Read.
func (s *SampleSink) Close() error { return s.impl.close() }

func (s *SampleSink) open(t *Track) (intake, error) { return s.impl.open(t) }
