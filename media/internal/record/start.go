package record

import (
	"time"

	"github.com/bifrons-rtc/bifrons/media/internal/webm"
)

// startable reports whether the header can be written: every track there is has
// something to show, and no more are waited for.
func (f *file) startable(now time.Time) bool {
	a, v := f.tracks[audio], f.tracks[video]
	waited := now.Sub(f.first)
	switch {
	case a == nil && v == nil:
		return false
	case f.isReady(audio) && f.isReady(video):
		return true
	case !f.isReady(audio) && !f.isReady(video):
		return false
	case waited >= patience:
		return true
	case a != nil && v != nil:
		return false
	}
	return waited >= f.r.wait
}

// hold keeps frames until the start.
func (f *file) hold(kind int, t *track, v item) {
	t.clock.Observe(v.ts, v.arrival, v.restart)
	if kind == video && (v.broken > 0 || v.lost > 0 || v.restart) && !v.key {
		t.drop()
	}
	if kind == video && !t.ready && !v.key {
		return
	}
	t.ready, t.waitKey = true, false
	t.frames = append(t.frames, v)
	t.bytes += len(v.data)
	if len(t.frames) <= pending && t.bytes <= keep {
		return
	}
	if kind == video {
		t.drop() // and wait for another keyframe
		return
	}
	t.bytes -= len(t.frames[0].data)
	t.frames = t.frames[1:]
}

func (t *track) drop() { t.frames, t.bytes, t.ready = nil, 0, false }

// start writes the header and what was held.
func (f *file) start(now time.Time) {
	kinds := f.r.begin(now)
	f.out = newMuxer()
	var list []webm.Track
	for kind, name := range kinds {
		t := f.tracks[kind]
		if name == "" || t == nil {
			continue
		}
		f.out.index[kind] = len(list)
		list = append(list, f.describe(kind, name, t))
	}
	if f.err = f.out.open(f.r.w, list); f.err != nil {
		return
	}
	f.zero = f.origin()
	for kind, t := range f.tracks {
		if t == nil {
			continue
		}
		frames := t.frames
		t.frames, t.bytes = nil, 0
		for _, v := range frames {
			v.restart, v.lost, v.broken = false, 0, 0 // counted, and looked at, before
			f.write(kind, t, v)
		}
	}
}

// origin is the place of the first keyframe, or of the first sound.
func (f *file) origin() time.Duration {
	for _, kind := range []int{video, audio} {
		if t := f.tracks[kind]; t != nil && len(t.frames) > 0 {
			return t.clock.At(t.frames[0].ts, t.frames[0].arrival, false)
		}
	}
	return 0
}

func (f *file) describe(kind int, name string, t *track) webm.Track {
	w := webm.Track{Codec: name, Video: kind == video}
	if kind == audio {
		w.Codec, w.Channels = "OPUS", 2
		if t.in != nil && t.in.input.Channels > 0 {
			w.Channels = t.in.input.Channels
		}
		return w
	}
	if len(t.frames) > 0 {
		w.Width, w.Height, t.sized = size(name, t.frames[0].data)
	}
	return w
}
