package record

import (
	"errors"
	"time"

	"github.com/bifrons-rtc/bifrons/media/internal/codec"
	"github.com/bifrons-rtc/bifrons/media/internal/rtpflow"
)

const (
	tick     = 100 * time.Millisecond
	ask      = time.Second            // between two requests for a keyframe
	patience = 10 * time.Second       // with a picture that has no keyframe
	freeze   = time.Second            // of the picture after a loss, at most
	settle   = 200 * time.Millisecond // to see which frames were held up on their way, once all could start
	pending  = 512                    // frames of a track kept before the start
	keep     = 8 << 20                // and bytes

	gapMin  = 50 * time.Millisecond // without anything, before a stream that is new
	silence = 2 * time.Second       // and before one that goes on: less is in the nature of a network
	maxGaps = 1000
)

// file is the recording, all of it owned by run.
type file struct {
	r      *Recorder
	tracks [2]*track
	line   rtpflow.Timeline
	out    *muxer    // nil: not begun
	first  time.Time // when the first track was attached
	ready  time.Time // when all there is could start
	zero   time.Duration
	end    time.Duration // of what was written
	anew   bool          // a stream is to begin anew, or took the place of another
	err    error
}

// track is what is known of one kind.
type track struct {
	in      *Intake // nil: ended
	clock   *rtpflow.Clock
	frames  []item // before the start
	bytes   int
	ready   bool // it can start
	waitKey bool
	since   time.Time // when waitKey began
	asked   time.Time
	sized   bool
	last    time.Duration
	started bool
}

func newFile(r *Recorder) *file { return &file{r: r} }

// run takes items until Close, or until the file breaks.
func (f *file) run() {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for f.err == nil {
		select {
		case <-f.r.box.ready:
			f.takeAll()
		case <-ticker.C:
		case <-f.r.stop:
			f.takeAll()
			f.finish()
			return
		}
		f.turn(time.Now())
	}
	f.r.end(errors.Join(f.err, f.r.w.Close()))
}

func (f *file) takeAll() {
	for _, v := range f.r.box.take() {
		f.take(v)
	}
}

// turn does what is due.
func (f *file) turn(now time.Time) {
	if f.out == nil && f.startable(now) {
		if f.ready.IsZero() {
			f.ready = now
		}
		if now.Sub(f.ready) >= settle {
			f.start(now)
		}
	}
	if f.out != nil && f.err == nil {
		f.err = f.out.flush(now, false)
		f.count()
	}
	if t := f.tracks[video]; t != nil && t.in != nil && (t.waitKey || !t.ready) && now.Sub(t.asked) >= ask {
		t.asked = now
		t.in.input.Keyframe()
	}
}

// finish completes the file.
func (f *file) finish() {
	if f.out == nil && f.err == nil && (f.isReady(audio) || f.isReady(video)) {
		f.start(time.Now())
	}
	if f.out != nil {
		f.err = errors.Join(f.err, f.out.close())
		f.count()
	}
	f.r.end(errors.Join(f.err, f.r.w.Close()))
}

func (f *file) isReady(kind int) bool { return f.tracks[kind] != nil && f.tracks[kind].ready }

func (f *file) take(v item) {
	kind := v.from.kind
	t := f.tracks[kind]
	if v.what == opened {
		f.opened(kind, v)
		return
	}
	if t == nil || t.in != v.from {
		return // replaced meanwhile
	}
	switch v.what {
	case ended:
		t.in = nil
	case paused:
		f.anew = true
	case reported:
		t.clock.Report(v.ntp, v.ts)
	case framed:
		f.r.count(func(s *Stats) { s.Lost += v.lost; s.Dropped += v.broken })
		if f.out == nil {
			f.hold(kind, t, v)
		} else {
			f.write(kind, t, v)
		}
	}
}

func (f *file) opened(kind int, v item) {
	if f.first.IsZero() {
		f.first = v.arrival
	}
	t := f.tracks[kind]
	if t == nil {
		t = &track{}
		f.tracks[kind] = t
		if kind == audio {
			t.clock = f.line.Audio(v.from.input.Rate)
		} else {
			t.clock = f.line.Video(v.from.input.Rate)
		}
	}
	t.in, f.anew = v.from, true
	if kind == video {
		t.waitKey, t.since, t.asked = true, v.arrival, time.Time{}
	}
}

// write places a frame.
func (f *file) write(kind int, t *track, v item) {
	at := t.clock.At(v.ts, v.arrival, v.restart) - f.zero
	if kind == video && !f.decodable(t, v) {
		f.r.count(func(s *Stats) { s.Dropped++ })
		return
	}
	if at < 0 && !t.started {
		return // sound before the first picture
	}
	if t.started {
		at = max(at, t.last+time.Millisecond)
	}
	t.started, t.last = true, at
	var length time.Duration
	if v.samples > 0 {
		length = time.Duration(v.samples) * time.Second / time.Duration(v.from.input.Rate)
	}
	f.gap(at, at+max(length, time.Millisecond))
	f.out.add(kind, entry{at: at, length: length, key: v.key, data: v.data, since: time.Now()})
	f.out.active[kind] = t.in != nil
}

// gap takes note of a frame from at to end, and of a gap before it.
func (f *file) gap(at, end time.Duration) {
	before, hole, anew := f.end, at-f.end, f.anew
	f.end, f.anew = max(f.end, end), false
	if before == 0 || hole < gapMin || !anew && hole < silence {
		return
	}
	f.r.mu.Lock()
	defer f.r.mu.Unlock()
	if len(f.r.gaps) < maxGaps {
		f.r.gaps = append(f.r.gaps, Gap{before, at})
		f.out.w.Mark("gap", before, at)
	}
}

// decodable reports whether a decoder can make sense of a picture: after a loss
// it freezes until a keyframe, but not for long, because not every sender has
// one to give.
func (f *file) decodable(t *track, v item) bool {
	now := time.Now()
	if v.key {
		t.waitKey, t.ready = false, true
		if w, h, ok := size(v.from.codec, v.data); ok && !t.sized {
			t.sized = true
			f.out.resize(video, w, h)
		}
		return true
	}
	if (v.lost > 0 || v.broken > 0 || v.restart) && !t.waitKey {
		t.waitKey, t.since = true, now
	}
	if !t.waitKey {
		return true
	}
	if t.sized && now.Sub(t.since) > freeze {
		t.waitKey = false
		return true
	}
	return false
}

func (f *file) count() {
	for kind, t := range f.tracks {
		f.out.active[kind] = t != nil && t.in != nil
	}
	f.r.count(func(s *Stats) {
		s.Audio, s.Video, s.Keyframes = f.out.frames[audio], f.out.frames[video], f.out.keys
		s.Bytes, s.Duration = f.out.size()
	})
}

func size(name string, frame []byte) (width, height int, ok bool) {
	if name == codec.VP9 {
		_, width, height, ok = codec.VP9Keyframe(frame)
		return width, height, ok && width > 0
	}
	return codec.VP8Size(frame)
}
