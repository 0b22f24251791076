//go:build !js

package guest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/media"
)

// enough is so much that it can be told from a picture that stands, and from
// silence: a second.
const (
	enoughVideo = 15
	enoughAudio = 50
)

// recordings writes a file for everybody who is received. Its methods may be
// called concurrently.
type recordings struct {
	dir string

	mu sync.Mutex // guards the rest
	n  int
	by map[string]*recording
}

type recording struct {
	file string
	rec  *media.Recorder
}

// add records a track of somebody, with those that came since the last received.
func (r *recordings) add(who string, track *media.Track) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by[who] == nil {
		r.n++
		name := filepath.Join(r.dir, fmt.Sprintf("%d.webm", r.n))
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		rec, err := media.Record(f, nil)
		if err != nil {
			return errors.Join(err, f.Close())
		}
		r.by[who] = &recording{name, rec}
	}
	return track.Attach(r.by[who].rec)
}

// received waits until enough of somebody is recorded, and decodes it.
func (r *recordings) received(ctx context.Context, who string) (*Received, error) {
	tick := time.NewTicker(20 * time.Millisecond) // a recorder does not tell
	defer tick.Stop()
	var stats media.RecordStats
	for {
		r.mu.Lock()
		x := r.by[who]
		if x != nil {
			stats = x.rec.Stats()
		}
		if stats.VideoFrames >= enoughVideo && stats.AudioFrames >= enoughAudio {
			delete(r.by, who)
			r.mu.Unlock()
			if err := x.rec.Close(); err != nil {
				return nil, err
			}
			return decode(ctx, x.file)
		}
		r.mu.Unlock()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("%w; it has %d pictures and %d packets of sound", ctx.Err(), stats.VideoFrames, stats.AudioFrames)
		}
	}
}

// close ends what is still recorded, and removes the files.
func (r *recordings) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, x := range r.by {
		errs = append(errs, x.rec.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(r.dir))...)
}
