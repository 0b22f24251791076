//go:build !js

package main

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
)

var errFull = errors.New("disk full")

func TestCheck(t *testing.T) {
	video := track{Kind: "video", Frames: 100, Sent: 100, Keyframes: 4, Seconds: 4, Played: 4}
	for _, test := range []struct {
		name        string
		change      func(*track)
		part, whole string
	}{
		{"all is well", func(*track) {}, "", ""},
		{"within a tenth", func(t *track) { t.Frames, t.Seconds = 91, 3.7 }, "", ""},
		{"too short", func(t *track) { t.Seconds = 3 }, "", "3.00 s came back of 4.00 s"},
		{"too long", func(t *track) { t.Seconds = 5 }, "", "5.00 s came back of 4.00 s"},
		{"frames missing", func(t *track) { t.Frames = 50 }, "", "50 frames came back of 100"},
		{"no keyframe", func(t *track) { t.Keyframes = 0 }, "no keyframe came back, so it cannot be decoded", "no keyframe came back, so it cannot be decoded"},
		{"nothing", func(t *track) { t.Frames = 0 }, "nothing came back", "nothing came back"},
		{"sound has no keyframes", func(t *track) { t.Kind, t.Keyframes = media.Audio.String(), 0 }, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			track := video
			test.change(&track)
			require.Equal(t, test.part, track.check(false))
			require.Equal(t, test.whole, track.check(true))
		})
	}
}

// What is wrong with a recording is in the result, in the complaint, and in
// the exit code.
func TestResult(t *testing.T) {
	r := result{File: "x.webm", Tracks: []track{
		{Kind: "video", Codec: "VP8", Width: 320, Height: 240, Frames: 75, Sent: 100, Keyframes: 3, Seconds: 3, Played: 4, Problem: "3.00 s came back of 4.00 s"},
		{Kind: "audio", Frames: 200, Sent: 201, Seconds: 4, Played: 4},
	}}
	require.Equal(t, `x.webm: video VP8 320x240, 75 frames in 3.00 s
check: video: FAILED: 3.00 s came back of 4.00 s
x.webm: audio, 200 frames in 4.00 s
check: audio: ok, 4.00 s of 4.00 s and 200 frames of 201`, r.text(true))
	r.File = ""
	require.NotContains(t, r.text(false), "check")
}
