package media

import (
	"io"
	"sync"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

const (
	chunkMillis  = 250     // of a recording come at once
	recorderHigh = 8 << 20 // bytes that wait for the writer, above which recording pauses
	recorderLow  = 2 << 20 // and goes on
)

// recorder writes what a MediaRecorder makes.
type recorder struct {
	w      io.WriteCloser
	wait   time.Duration
	stream js.Value
	scope  jsx.Scope
	ready  chan struct{} // holds a token when there is work
	over   chan struct{} // closed when the file is
	once   sync.Once     // of close

	mu      sync.Mutex // protects what follows
	tracks  map[Kind]recording
	timer   *time.Timer // to begin; nil before the first track
	encoder js.Value    // a MediaRecorder; undefined before the beginning
	chunks  []js.Value  // Blobs
	waiting int         // bytes in them
	ending  bool        // by close, or because something failed
	dry     bool        // the encoder gives no more, or was never made
	cause   error
	written RecordStats
	stopped time.Time
}

func newRecorder(w io.WriteCloser, o RecordOptions) (*recorder, error) {
	class := js.Global().Get("MediaRecorder")
	switch {
	case class.Type() != js.TypeFunction:
		return nil, unsupported("record", noPage)
	case !class.Call("isTypeSupported", "video/webm").Bool():
		return nil, unsupported("record", "this browser makes no WebM")
	}
	r := &recorder{
		w: w, wait: o.Wait, stream: js.Global().Get("MediaStream").New(), tracks: make(map[Kind]recording),
		ready: make(chan struct{}, 1), over: make(chan struct{}), dry: true,
	}
	// Owns the writing; ends when the recording does; close waits for it.
	go r.write()
	return r, nil
}

func (r *recorder) open(t *Track) (intake, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, other := r.tracks[t.Kind]
	refused := &CodecError{Kind: t.Kind, MID: t.MID, Codec: t.Codec.Name()}
	switch {
	case r.ending:
		return nil, fmt.Errorf("media: attach: recorder: %w", ErrClosed)
	case other:
		refused.Reason, refused.Fix = "cannot be recorded: there is a track of this kind already", "record to another file"
		return nil, refused
	case !r.encoder.IsUndefined():
		refused.Reason, refused.Fix = "cannot be recorded: the recording has begun", "attach both tracks within RecordOptions.Wait"
		return nil, refused
	}
	in := recording{track: t.impl.media.Call("clone")}
	if t.Kind == Audio {
		in.pump = pump(t.impl.media)
	}
	r.tracks[t.Kind] = in
	r.stream.Call("addTrack", in.track)
	if r.timer == nil {
		r.timer = time.AfterFunc(r.wait, r.begin)
	}
	if len(r.tracks) == 2 {
		r.timer.Reset(0)
	}
	return in, nil
}

// recording is one track in a recorder: a copy, as it may end while the recording
// goes on.
type recording struct{ track, pump js.Value }

func (in recording) end(bool) {
	in.track.Call("stop")
	if !in.pump.IsUndefined() {
		in.pump.Set("srcObject", js.Null())
	}
}

// pump plays a remote sound to nobody: Chromium decodes only what some element
// plays.
func pump(track js.Value) js.Value {
	el := js.Global().Get("document").Call("createElement", "audio")
	el.Set("muted", true)
	el.Set("srcObject", js.Global().Get("MediaStream").New([]any{track}))
	el.Call("play").Call("catch", js.Global().Get("Boolean")) // it was taken away again
	return el
}

// begin starts the encoder.
func (r *recorder) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ending || !r.encoder.IsUndefined() {
		return
	}
	kind := "audio/webm"
	if _, video := r.tracks[Video]; video {
		kind = "video/webm"
	}
	encoder, err := jsx.Try(func() js.Value {
		return js.Global().Get("MediaRecorder").New(r.stream, map[string]any{"mimeType": kind})
	})
	if err == nil {
		r.scope.Listen(encoder, "dataavailable", func(ev js.Value) { r.take(ev.Get("data")) })
		r.scope.Listen(encoder, "error", func(ev js.Value) { r.fail(jsx.ErrorOf(ev.Get("error"))) })
		r.scope.Listen(encoder, "stop", func(js.Value) { r.stop() })
		_, err = call(encoder, "start", chunkMillis)
	}
	if err != nil {
		r.cause, r.ending = err, true
		signal(r.ready)
		return
	}
	r.encoder, r.dry, r.written.Started = encoder, false, time.Now()
}

// take takes a Blob.
func (r *recorder) take(blob js.Value) {
	size := blob.Get("size").Int()
	if size == 0 {
		return
	}
	r.mu.Lock()
	r.chunks = append(r.chunks, blob)
	r.waiting += size
	if r.waiting > recorderHigh && r.encoder.Get("state").String() == "recording" {
		r.encoder.Call("pause")
	}
	r.mu.Unlock()
	signal(r.ready)
}

// stop takes note that the encoder gives no more: it was stopped, or every track
// has ended.
func (r *recorder) stop() {
	r.mu.Lock()
	r.dry, r.stopped = true, time.Now()
	r.mu.Unlock()
	signal(r.ready)
}

// fail ends the recording; only the first cause counts.
func (r *recorder) fail(cause error) {
	r.mu.Lock()
	if r.cause == nil {
		r.cause = cause
	}
	r.finish()
	r.mu.Unlock()
}

// finish has the encoder give what it has left. It needs r.mu.
func (r *recorder) finish() {
	r.ending = true
	if r.timer != nil {
		r.timer.Stop()
	}
	if !r.encoder.IsUndefined() && r.encoder.Get("state").String() != "inactive" {
		r.encoder.Call("stop")
	}
	signal(r.ready)
}

func (r *recorder) stats() RecordStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.written
	switch {
	case s.Started.IsZero():
	case r.stopped.IsZero():
		s.Duration = time.Since(s.Started)
	default:
		s.Duration = r.stopped.Sub(s.Started)
	}
	return s
}

// gaps returns none: a MediaRecorder ends with its tracks.
func (r *recorder) gaps() []Gap { return nil }

func (r *recorder) done() <-chan struct{} { return r.over }

func (r *recorder) err() error {
	select {
	case <-r.over:
	default:
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cause == nil {
		return nil
	}
	return fmt.Errorf("media: record: %w", r.cause)
}

func (r *recorder) close() (err error) {
	r.once.Do(func() {
		r.mu.Lock()
		r.finish()
		r.mu.Unlock()
		<-r.over
		err = r.err()
	})
	return err
}
