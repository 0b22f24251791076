//go:build !js

package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

func (a *app) callCommand() *cli.Command {
	return &cli.Command{
		Name:      "call",
		Usage:     "call somebody, or wait for a call and take it",
		UsageText: "bifrons call [options] [URL] NAME\nbifrons call [options] --answer [URL]",
		Description: "Registers with janus.plugin.videocall, calls NAME, or with --answer takes the first call\nthat comes, and sends a clip of four seconds, or the files of --in, again and again.\n" +
			"With --record what the other side sends goes into a WebM. It ends when the other side\nhangs up, when you press Ctrl-C, or after the time of --for; the exit code is 0 then,\n" +
			"and 130 where Ctrl-C was too early for that.",
		Flags: []cli.Flag{
			nameFlag("by the others"),
			&cli.BoolFlag{Name: "answer", Usage: "wait for a call and take it"},
			inFlag(),
			&cli.StringFlag{Name: "record", Usage: "record the other side into `FILE`, a WebM", TakesFile: true},
			&cli.DurationFlag{Name: "ring", Value: time.Minute, Usage: "give up when nobody answers within `TIME`"},
			&cli.DurationFlag{Name: "for", HideDefault: true, Usage: "hang up after `TIME`"},
		},
		DisableSliceFlagSeparator: true, // a comma may be part of a file's name
		Action:                    a.action(a.call),
	}
}

func (a *app) call(ctx context.Context, cmd *cli.Command) error {
	p := &phone{
		app: a, cmd: cmd, show: a.newDisplay(cmd, time.Now()),
		timeout: cmd.Duration("timeout"), length: cmd.Duration("for"), ring: cmd.Duration("ring"), files: cmd.StringSlice("in"),
	}
	var err error
	if cmd.Bool("answer") {
		p.url, err = a.url(cmd)
	} else {
		p.url, p.other, err = a.urlAnd(cmd, "NAME")
	}
	switch {
	case err != nil:
		return err
	case p.length < 0:
		return usagef(cmd, "--for must not be negative")
	case p.ring <= 0:
		return usagef(cmd, "--ring must be more than zero")
	case cmd.Bool("answer") && cmd.IsSet("ring"):
		return usagef(cmd, "--ring is for those who call, and --answer waits: give one of them")
	case cmd.IsSet("record") && cmd.String("record") == "":
		return usagef(cmd, "--record needs the name of a file")
	}
	p.own = a.userName(cmd)
	if cmd.IsSet("record") {
		if p.shelf, err = newShelf(p.show, cmd.String("record"), true); err != nil {
			return err
		}
	}
	if p.sources, err = openFiles(ctx, p.files, true); err != nil {
		return err
	}
	defer closeAll(p.sources)
	if err := oneOfEach(p.sources, "a call"); err != nil {
		return err
	}
	return p.talk(ctx)
}

// fix adds what to do about a refusal.
func (p *phone) fix(err error) error {
	return withFix(err,
		refusal{videocall.ErrUsernameTaken, "somebody is called " + p.own + " there already: choose another name with --as"},
		refusal{videocall.ErrNoSuchUsername, "nobody is registered as " + p.other + ": have them run bifrons call --as " + p.other + " --answer, or open the page's video call"},
		refusal{videocall.ErrUseEchoTest, "that is your own name; bifrons echo sends to yourself"},
	)
}
