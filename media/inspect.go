package media

import (
	"context"
	"io"
	"time"
)

// Inspection is what [Inspect] found in a file.
type Inspection struct {
	// Duration is what the header says; zero for a live stream, which does not.
	Duration time.Duration
	Cues     int // entries of the seek index
	Tracks   []TrackInfo
}

// TrackInfo describes one track of a file.
type TrackInfo struct {
	Kind          Kind
	Codec         string // name, e.g. "VP8"
	Width, Height int    // video only
	Frames        int
	Keyframes     int // of video; every frame of sound is one
	Bytes         int64
	Start         time.Duration // of the first frame
	Duration      time.Duration // from the first frame to the end of the last
	LongestGap    time.Duration // between two frames
}

// Track returns the first track of a kind; nil when there is none.
func (i *Inspection) Track(k Kind) *TrackInfo {
	for n := range i.Tracks {
		if i.Tracks[n].Kind == k {
			return &i.Tracks[n]
		}
	}
	return nil
}

// Inspect reads a WebM file to its end and reports what is in it, without
// decoding. It needs little memory, however large or broken the file. A file
// that is broken or not WebM gives a *[FileError]; then the Inspection holds
// what came before. ctx is looked at between frames.
//
// A browser build returns an error that matches errors.ErrUnsupported.
func Inspect(ctx context.Context, r io.Reader) (*Inspection, error) { return inspect(ctx, r) }
