package media

import (
	"context"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// write writes the file until it is over.
func (r *recorder) write() {
	for range r.ready {
		for blob, ok := r.next(); ok; blob, ok = r.next() {
			if err := r.store(blob); err != nil {
				r.fail(err)
			}
		}
		r.mu.Lock()
		over := r.ending && r.dry && len(r.chunks) == 0
		r.mu.Unlock()
		if over {
			break
		}
	}
	r.scope.Close()
	err := r.w.Close()
	r.mu.Lock()
	if r.cause == nil && err != nil {
		r.cause = err
	}
	for _, in := range r.tracks {
		in.end(true)
	}
	r.mu.Unlock()
	close(r.over)
}

func (r *recorder) next() (js.Value, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.chunks) == 0 {
		return js.Undefined(), false
	}
	blob := r.chunks[0]
	r.chunks = r.chunks[1:]
	return blob, true
}

// store writes one Blob; after a failure it only takes it away.
func (r *recorder) store(blob js.Value) error {
	r.mu.Lock()
	failed := r.cause != nil
	r.mu.Unlock()
	n := 0
	var err error
	if !failed {
		var buffer js.Value
		if buffer, err = jsx.Await(context.Background(), blob.Call("arrayBuffer")); err == nil {
			n, err = r.w.Write(jsx.Bytes(buffer))
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.written.Bytes += int64(n)
	r.waiting -= blob.Get("size").Int()
	if r.waiting < recorderLow && r.encoder.Get("state").String() == "paused" {
		r.encoder.Call("resume")
	}
	return err
}
