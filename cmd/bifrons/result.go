//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/media"
)

// result is what a run came to.
type result struct {
	Event       string  `json:"event"` // "result"
	OK          bool    `json:"ok"`
	Interrupted bool    `json:"interrupted"`
	File        string  `json:"file,omitempty"`
	Tracks      []track `json:"tracks"`
}

// finish closes the recording, looks at it, and says how it went. verdict is
// why the run ended; ctx is that of the program.
func (a *app) finish(ctx context.Context, cmd *cli.Command, w *watch, verdict error) error {
	err := w.rec.Close()
	w.show.end()
	stopped := verdict != nil && interrupted(ctx, verdict)
	switch {
	case verdict != nil && (!stopped || w.rec.frames() == 0):
		if w.rec.regular && w.rec.frames() > 0 {
			a.say("what came back until then is in " + w.rec.path + "\n")
		}
		return verdict
	case err != nil:
		return fmt.Errorf("record: %w", err)
	case w.show.err != nil:
		return w.show.err
	}
	checked := w.job.once && !stopped
	tracks, err := w.tracks(context.WithoutCancel(ctx), checked)
	if err != nil {
		return err
	}
	r := result{Event: "result", Interrupted: stopped, File: w.rec.path, Tracks: tracks}
	var problems []string
	for i := range r.Tracks {
		t := &r.Tracks[i]
		if t.Problem = t.check(checked); t.Problem != "" {
			problems = append(problems, t.Kind+": "+t.Problem)
		}
	}
	r.OK = len(problems) == 0
	if err := a.data(cmd, r, r.text(checked)); err != nil {
		return err
	}
	if w.rec.regular {
		a.say(fmt.Sprintf("play it with ffplay %[1]s or mpv %[1]s, or open it in a browser\n", w.rec.path))
	}
	switch {
	case stopped && (w.job.once || w.job.length > 0):
		return verdict // it had not done what it was asked for
	case !r.OK:
		return errors.New("what came back is not what was sent: " + strings.Join(problems, "; ") + " (try again; if it stays, --trace and the gateway's log say more)")
	}
	return nil
}

// text is r for reading.
func (r *result) text(checked bool) string {
	name := r.File
	if name == "" {
		name = "came back"
	}
	var lines []string
	for _, t := range r.Tracks {
		lines = append(lines, name+": "+t.text())
		if checked {
			lines = append(lines, "check: "+t.verdict())
		}
	}
	return oneLinePerRow(strings.Join(lines, "\n"))
}

// tracks lists what came back, from the file if there is one. whole says that
// everything was played.
func (w *watch) tracks(ctx context.Context, whole bool) ([]track, error) {
	counts := w.rec.Stats()
	var found *media.Inspection
	if w.rec.regular {
		f, err := os.Open(w.rec.path)
		if err != nil {
			return nil, fmt.Errorf("look at the recording: %w", err)
		}
		defer f.Close() //nolint:errcheck // it was read only
		if found, err = media.Inspect(ctx, f); err != nil {
			return nil, fmt.Errorf("the recording is broken: %w", err)
		}
	}
	var list []track
	for _, k := range []media.Kind{media.Video, media.Audio} {
		if !w.job.expects(k) {
			continue
		}
		t := track{Seconds: counts.Duration.Seconds(), Frames: counts.AudioFrames}
		if k == media.Video {
			t.Frames, t.Keyframes = counts.VideoFrames, counts.Keyframes
		}
		if found != nil {
			t = track{}
			if i := found.Track(k); i != nil {
				t.Codec, t.Width, t.Height = i.Codec, i.Width, i.Height
				t.Frames, t.Keyframes, t.Seconds = i.Frames, i.Keyframes, i.Duration.Seconds()
			}
		}
		t.Kind, t.Sent, t.Played = k.String(), w.sent(k), w.played[k].Seconds()
		if whole && w.job.clip() {
			t.Played = clipLength.Seconds()
		}
		list = append(list, t)
	}
	return list, nil
}

// sent returns how many frames of kind k went out, as last seen.
func (w *watch) sent(k media.Kind) int {
	if w.last == nil {
		return 0
	}
	n := 0
	for _, s := range w.last.Streams {
		if s.Sent && s.Kind == k {
			n += int(s.Frames)
		}
	}
	return n
}
