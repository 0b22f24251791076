//go:build !js

package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// job is one echo test: what to send where, and for how long.
type job struct {
	url     string
	victim  victim // the gateway, where it was started for this; nil: it was not
	lasts   bool   // it outlives the connection
	out     string // where to record; empty: nowhere
	once    bool
	length  time.Duration // zero: until interrupted
	timeout time.Duration
	config  echotest.Config

	files   []string // empty: the clip
	sources []media.Source
	show    *display
}

// clipLength is how long both tracks of the clip last.
const clipLength = 4 * time.Second

// newJob reads the flags echo and demo share.
func (a *app) newJob(cmd *cli.Command) (*job, error) {
	j := &job{
		files:   cmd.StringSlice("in"),
		out:     cmd.String("out"),
		once:    cmd.Bool("once"),
		timeout: cmd.Duration("timeout"),
		show:    a.newDisplay(cmd, time.Now()),
	}
	if j.timeout <= 0 {
		return nil, usagef(cmd, "--timeout must be more than zero")
	}
	return j, nil
}

// open opens the files, so that one that is missing shows before anything is
// started or dialed. The caller closes the job.
func (j *job) open(ctx context.Context) error {
	var err error
	if j.sources, err = openFiles(ctx, j.files, !j.once); err != nil {
		return err
	}
	return oneOfEach(j.sources, "the echo test")
}

// clip reports whether the job sends the clip.
func (j *job) clip() bool { return isClip(j.files) }

func (j *job) close() { closeAll(j.sources) }

// expects reports whether the gateway is to send tracks of kind k back.
func (j *job) expects(k media.Kind) bool {
	on := j.config.Audio
	if k == media.Video {
		on = j.config.Video
	}
	if on != nil && !*on {
		return false
	}
	for _, s := range j.sources {
		if s.Kind() == k {
			return true
		}
	}
	return false
}

// what names the sources for people.
func (j *job) what() string { return whatOf(j.files, j.sources) }
