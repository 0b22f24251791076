//go:build !js

package media

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/bifrons-rtc/bifrons/media/internal/webm"
)

func inspect(ctx context.Context, r io.Reader) (*Inspection, error) {
	out := &Inspection{}
	last := map[int]time.Duration{} // frame, by track
	d, err := webm.NewReader(r)
	if err != nil {
		return out, inspectError(err)
	}
	for {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		f, err := d.Next()
		out.describe(d)
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return out, nil
		}
		if err != nil {
			return out, inspectError(err)
		}
		out.Tracks[f.Track].count(f, last[f.Track])
		last[f.Track] = f.At
	}
}

func inspectError(err error) error {
	e := &FileError{Reason: err.Error(), Err: err}
	switch {
	case errors.Is(err, webm.ErrFormat):
		e.Fix, e.Err = "inspect what Record wrote", errors.Join(err, errors.ErrUnsupported)
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Reason, e.Fix = "the file ends too early: "+e.Reason, "close the recorder before the file is read"
	}
	return e
}

// describe takes over what the reader knows by now.
func (i *Inspection) describe(d *webm.Reader) {
	i.Duration, i.Cues = d.Duration, d.Cues
	for n, t := range d.Tracks {
		if n == len(i.Tracks) {
			i.Tracks = append(i.Tracks, TrackInfo{})
		}
		info := &i.Tracks[n]
		info.Kind, info.Codec, info.Width, info.Height = Audio, t.Codec, t.Width, t.Height
		if t.Video {
			info.Kind = Video
		}
	}
}

// count adds a frame; last is when the one before it was.
func (t *TrackInfo) count(f webm.Frame, last time.Duration) {
	if t.Frames == 0 {
		t.Start = f.At
	} else {
		gap := f.At - last
		t.LongestGap = max(t.LongestGap, gap)
		if gap > 0 && f.Duration == 0 {
			f.Duration = gap // as long as the one before
		}
	}
	t.Frames++
	t.Bytes += int64(f.Size)
	if f.Keyframe && t.Kind == Video {
		t.Keyframes++
	}
	t.Duration = max(t.Duration, f.At-t.Start+min(f.Duration, time.Second))
}
