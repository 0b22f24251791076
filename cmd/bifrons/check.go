//go:build !js

package main

import (
	"fmt"
	"math"

	"github.com/bifrons-rtc/bifrons/media"
)

// track is what came back of one kind, and what went out.
type track struct {
	Kind      string  `json:"kind"`
	Codec     string  `json:"codec,omitempty"`
	Width     int     `json:"width,omitempty"`
	Height    int     `json:"height,omitempty"`
	Seconds   float64 `json:"seconds"`
	Frames    int     `json:"frames"`
	Keyframes int     `json:"keyframes,omitempty"`    // video only
	Played    float64 `json:"sent_seconds,omitempty"` // once all was played
	Sent      int     `json:"sent_frames"`
	Problem   string  `json:"problem,omitempty"`
}

// tolerance is the share of a track that may be missing or too much.
const tolerance = 0.1

// check returns what is wrong with t; whole says that all of what was sent
// should be there, and not just something.
func (t *track) check(whole bool) string {
	switch {
	case t.Frames == 0:
		return "nothing came back"
	case t.Keyframes == 0 && t.Kind == media.Video.String():
		return "no keyframe came back, so it cannot be decoded"
	case !whole:
		return ""
	case off(t.Seconds, t.Played):
		return fmt.Sprintf("%.2f s came back of %.2f s", t.Seconds, t.Played)
	case off(float64(t.Frames), float64(t.Sent)):
		return fmt.Sprintf("%d frames came back of %d", t.Frames, t.Sent)
	}
	return ""
}

func off(got, want float64) bool { return math.Abs(got-want) > tolerance*want }

// text says what t is.
func (t *track) text() string {
	s := t.Kind
	if t.Codec != "" {
		s += " " + t.Codec
	}
	if t.Width > 0 {
		s += fmt.Sprintf(" %dx%d", t.Width, t.Height)
	}
	return fmt.Sprintf("%s, %d frames in %.2f s", s, t.Frames, t.Seconds)
}

// verdict says how the check of t ended.
func (t *track) verdict() string {
	if t.Problem != "" {
		return t.Kind + ": FAILED: " + t.Problem
	}
	return fmt.Sprintf("%s: ok, %.2f s of %.2f s and %d frames of %d", t.Kind, t.Seconds, t.Played, t.Frames, t.Sent)
}
