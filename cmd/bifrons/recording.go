//go:build !js

package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/bifrons-rtc/bifrons/media"
)

// recording is the recorder of a job and its file.
type recording struct {
	*media.Recorder
	path    string // empty: frames are counted and thrown away
	regular bool   // path is a file, and not a pipe or a device
}

// record opens the recording. It comes late, so that a gateway that cannot be
// reached leaves an older recording alone.
func (j *job) record() (*recording, error) {
	r := &recording{path: j.out}
	var w io.WriteCloser = nowhere{}
	if r.path != "" {
		f, err := os.Create(r.path)
		if err != nil {
			return nil, fmt.Errorf("--out: %w (name a file in a folder you may write to)", err)
		}
		info, err := f.Stat()
		r.regular = err == nil && info.Mode().IsRegular()
		if w = f; !r.regular {
			w = struct{ io.WriteCloser }{f} // it cannot seek, whatever its type says
		}
	}
	var err error
	if r.Recorder, err = media.Record(w, nil); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return r, nil
}

// abort closes the recording of a job that failed, and removes a file with
// nothing in it. After Close it does nothing.
func (r *recording) abort() {
	_ = r.Close()
	if r.regular && r.frames() == 0 {
		_ = os.Remove(r.path)
	}
}

// frames returns how many came so far.
func (r *recording) frames() int {
	s := r.Stats()
	return s.AudioFrames + s.VideoFrames
}

// nowhere takes what nobody wants to keep.
type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) Close() error                { return nil }
