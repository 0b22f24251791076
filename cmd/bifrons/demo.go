//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

func (a *app) demoCommand() *cli.Command {
	return &cli.Command{
		Name:      "demo",
		Usage:     "start a Janus and record a clip that went through it",
		UsageText: "bifrons [flags] demo [--once | --page DIR [--no-open]] [--in FILE]... [--out FILE] [--gateway URL]",
		Description: "Starts the installed Janus on this machine's loopback, sends a clip through its\necho test, and records what comes back into a WebM that plays.\n" +
			endHelp + "\nMeanwhile other terminals can meet in its rooms: it prints the commands for that.\n" +
			"With --once it exits 0 only if the recording checks out. With --page it also serves\n" +
			"a page, to this machine only, which does the same in a browser through the same\ngateway; make demo builds one.",
		Flags: append(jobFlags("demo.webm"),
			&cli.StringFlag{Name: "gateway", Usage: "use the gateway at `URL` instead of starting one"},
			&cli.StringFlag{Name: "page", Usage: "serve the built page in `DIR` as well, and open it if there is a display", TakesFile: true},
			&cli.BoolFlag{Name: "no-open", Usage: "do not open the page"},
		),
		DisableSliceFlagSeparator: true, // a comma may be part of a file's name
		Action:                    a.action(a.demo),
	}
}

func (a *app) demo(ctx context.Context, cmd *cli.Command) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	j, err := a.newJob(cmd)
	if err != nil {
		return err
	}
	if j.out == "" {
		return usagef(cmd, "--out needs the name of a file")
	}
	switch {
	case j.once && cmd.String("page") != "":
		return usagef(cmd, "--once ends with the files, and the page would end with it: give --once or --page")
	case cmd.Bool("no-open") && cmd.String("page") == "":
		return usagef(cmd, "--no-open means nothing without --page")
	}
	defer j.close()
	if err := j.open(ctx); err != nil {
		return err
	}
	if j.url = cmd.String("gateway"); j.url == "" {
		gw, err := a.startGateway(ctx, cmd, j.show)
		if err != nil {
			return err
		}
		defer gw.Stop()
		j.url = gw.WS()
	}
	closePage, err := a.page(ctx, cmd, j)
	if err != nil {
		return err
	}
	defer closePage()
	if !j.once {
		j.show.try(a.name, j.url)
	}
	return a.echo(ctx, cmd, j)
}

// startGateway starts a Janus of our own. The caller stops it.
func (a *app) startGateway(ctx context.Context, cmd *cli.Command, show *display) (*janusproc.Server, error) {
	addr, err := janusproc.MediaAddr()
	if err != nil {
		return nil, err
	}
	gw, err := janusproc.Start(ctx, &janusproc.Options{Append: demoRooms})
	if errors.Is(err, janusproc.ErrNotInstalled) {
		return nil, errors.New("demo: Janus is not installed (make demo installs it, and so does: apt-get install janus; --gateway URL uses another machine's)")
	}
	if e, ok := errors.AsType[*janusproc.StartError](err); ok {
		if !cmd.Bool("trace") {
			return nil, fmt.Errorf("demo: %w (--trace shows what it printed)", err)
		}
		a.say(e.Log)
	}
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	show.started(gw.WS(), addr)
	return gw, nil
}
