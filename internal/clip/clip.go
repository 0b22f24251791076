// Package clip holds four seconds of audio and video for the demo, tests and
// benchmarks: a test picture with a clock and a frame counter, and a low tone
// with a beep every second. make clip makes both files again, bit for bit.
package clip

import "embed"

// FS holds the files [Video] and [Audio].
//
//go:embed clip.ivf clip.ogg
var FS embed.FS

// What is in FS.
const (
	// Video is VP8 in IVF: 320x240, 25 frames a second, 100 frames, a key
	// frame every second, no hidden frames, 200 kbit/s.
	Video = "clip.ivf"
	// Audio is Opus in Ogg: 48 kHz, stereo, 32 kbit/s, packets of 20 ms with a
	// page each.
	Audio = "clip.ogg"
)
