//go:build !js

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// tape is the recording of one feed in one file.
type tape struct {
	feed    client.ID
	name    string // of who sends it
	path    string
	regular bool // path is a file, and not a pipe or a device
	rec     *media.Recorder
	tracks  map[media.Kind]*media.Track
}

// record begins to write f.
func (t *tape) record(f *os.File, wait time.Duration) error {
	info, err := f.Stat()
	t.regular = err == nil && info.Mode().IsRegular()
	var w io.WriteCloser = f
	if !t.regular {
		w = struct{ io.WriteCloser }{f} // it cannot seek, whatever its type says
	}
	if t.rec, err = media.Record(w, &media.RecordOptions{Wait: wait}); err != nil {
		return errors.Join(err, w.Close())
	}
	return nil
}

func (t *tape) attach(track *media.Track) error {
	if err := track.Attach(t.rec); err != nil {
		return err
	}
	t.tracks[track.Kind] = track
	return nil
}

// live reports whether something may still come.
func (t *tape) live() bool {
	for _, track := range t.tracks {
		select {
		case <-track.Done():
		default:
			return true
		}
	}
	return false
}

// handOver has the tracks that t does not have in common with next go on there.
func (t *tape) handOver(next *tape) {
	for kind, track := range t.tracks {
		if next.tracks[kind] == nil {
			_ = next.attach(track) // one that ended is not needed there
		}
	}
}

func (t *tape) frames() int {
	s := t.rec.Stats()
	return s.AudioFrames + s.VideoFrames
}

// finish ends the recording, and leaves no file with nothing in it.
func (t *tape) finish() error {
	err := t.rec.Close()
	if t.regular && t.frames() == 0 {
		_ = os.Remove(t.path)
	}
	if err != nil {
		return fmt.Errorf("record: %s: %w", t.path, err)
	}
	return nil
}

// discard ends a recording nobody wants.
func (t *tape) discard() { _ = t.finish() }

// codec is that of the track of a kind; empty: there is none.
func (t *tape) codec(k media.Kind) string {
	if track := t.tracks[k]; track != nil {
		return track.Codec.Name()
	}
	return ""
}

// recorded says what is in a file.
type recorded struct {
	ID      client.ID `json:"id,omitzero"`
	Name    string    `json:"name"`
	File    string    `json:"file"`
	Seconds float64   `json:"seconds"`
	Bytes   int64     `json:"bytes"`
	Audio   *part     `json:"audio,omitempty"`
	Video   *part     `json:"video,omitempty"`
	Lost    int       `json:"lost"` // packets that never came
}

// part is one track of a file.
type part struct {
	Codec  string `json:"codec"`
	Frames int    `json:"frames"`
}

func (t *tape) recorded() recorded {
	s := t.rec.Stats()
	r := recorded{ID: t.feed, Name: t.name, File: t.path, Seconds: s.Duration.Seconds(), Bytes: s.Bytes, Lost: s.Lost}
	if s.AudioFrames > 0 {
		r.Audio = &part{t.codec(media.Audio), s.AudioFrames}
	}
	if s.VideoFrames > 0 {
		r.Video = &part{t.codec(media.Video), s.VideoFrames}
	}
	return r
}

// text is r for reading.
func (r *recorded) text() string {
	words := []string{r.Name}
	if r.Video != nil {
		words = append(words, fmt.Sprintf("video %s, %d frames", r.Video.Codec, r.Video.Frames))
	}
	if r.Audio != nil {
		words = append(words, fmt.Sprintf("audio %s, %d frames", r.Audio.Codec, r.Audio.Frames))
	}
	return oneLine(fmt.Sprintf("%s: %s, %.2f s, %s", r.File, strings.Join(words, ", "), r.Seconds, size(r.Bytes)))
}
