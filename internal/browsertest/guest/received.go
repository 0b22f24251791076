//go:build !js

package guest

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"strconv"
)

// Received is what ffmpeg found in a recording.
type Received struct {
	Width, Height int     // of the picture
	Pictures      int     // that were decoded
	Contrast      float64 // how much a picture differs in itself: 0 is one colour, 0.5 the most
	Motion        float64 // how much two that follow each other differ, 0 to 1
	Loudness      float64 // of the loudest tenth of a second, 0 to 1 (RMS)
}

// What is looked at: small pictures in grey, and sound in one channel.
const (
	width, height = 64, 48
	sampleRate    = 8000
)

func decode(ctx context.Context, file string) (*Received, error) {
	var got Received
	if err := got.probe(ctx, file); err != nil {
		return nil, err
	}
	grey, err := run(ctx, "ffmpeg", "-v", "error", "-i", file, "-map", "0:v", "-fps_mode", "passthrough",
		"-vf", fmt.Sprintf("scale=%d:%d,format=gray", width, height), "-f", "rawvideo", "-")
	if err != nil {
		return nil, err
	}
	got.look(grey)
	sound, err := run(ctx, "ffmpeg", "-v", "error", "-i", file, "-map", "0:a",
		"-ac", "1", "-ar", strconv.Itoa(sampleRate), "-f", "s16le", "-")
	if err != nil {
		return nil, err
	}
	got.listen(sound)
	return &got, nil
}

// probe finds the size.
func (r *Received) probe(ctx context.Context, file string) error {
	out, err := run(ctx, "ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height", "-of", "json", file)
	if err != nil {
		return err
	}
	var found struct{ Streams []struct{ Width, Height int } }
	if err := json.Unmarshal(out, &found); err != nil {
		return err
	}
	if len(found.Streams) != 1 {
		return fmt.Errorf("%d video streams in the recording", len(found.Streams))
	}
	r.Width, r.Height = found.Streams[0].Width, found.Streams[0].Height
	return nil
}

// look measures the pictures, of which the best counts: the first may be dark.
func (r *Received) look(grey []byte) {
	const size = width * height
	for at := 0; at+size <= len(grey); at += size {
		picture := grey[at : at+size]
		r.Pictures++
		var sum, squares float64
		for _, b := range picture {
			x := float64(b) / 255
			sum += x
			squares += x * x
		}
		mean := sum / size
		r.Contrast = max(r.Contrast, math.Sqrt(max(squares/size-mean*mean, 0)))
		if at == 0 {
			continue
		}
		var change float64
		for i, b := range grey[at-size : at] {
			change += math.Abs(float64(b)-float64(picture[i])) / 255
		}
		r.Motion = max(r.Motion, change/size)
	}
}

// listen measures the sound.
func (r *Received) listen(sound []byte) {
	const piece = 2 * sampleRate / 10
	for at := 0; at+piece <= len(sound); at += piece {
		var squares float64
		for i := at; i < at+piece; i += 2 {
			x := float64(int16(binary.LittleEndian.Uint16(sound[i:]))) / (1 << 15)
			squares += x * x
		}
		r.Loudness = max(r.Loudness, math.Sqrt(squares/(piece/2)))
	}
}

// run returns what a program writes.
func run(ctx context.Context, name string, args ...string) ([]byte, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%w: apt-get install ffmpeg", err)
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("%s: %w: %s", name, err, exit.Stderr)
	}
	return out, err
}
