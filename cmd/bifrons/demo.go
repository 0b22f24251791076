//go:build !js

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

func (a *app) demoCommand() *cli.Command {
	return &cli.Command{
		Name:      "demo",
		Usage:     "record a clip that went through a gateway",
		UsageText: "bifrons [flags] demo [--once | --page DIR [--no-open]] [--in FILE]... [--out FILE] [--janus | --gateway URL]",
		Description: "Sends a clip through a gateway's echo test, and records what comes back into a\nWebM that plays. The gateway is one of its own, a test double that only this machine\ncan reach; with --janus it is the installed Janus, started for this.\n" +
			endHelp + "\nMeanwhile other terminals can meet in its rooms: it prints the commands for that.\n" +
			"With --once it exits 0 only if the recording checks out. With --page it also serves\n" +
			"a page, to this machine only, which does the same in a browser through the same\ngateway; make demo builds one.",
		Flags: append(jobFlags("demo.webm"),
			&cli.BoolFlag{Name: "janus", Usage: "start the installed Janus in the place of the embedded gateway"},
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
	case cmd.Bool("janus") && cmd.String("gateway") != "":
		return usagef(cmd, "--janus starts a gateway, and --gateway names one: give one of them")
	}
	j.lasts = cmd.String("page") != ""
	if j.lasts && cmd.String("gateway") == "" {
		a.secret = rand.Text() // beside the tokens that the page can have killed
	}
	defer j.close()
	if err := j.open(ctx); err != nil {
		return err
	}
	stop, err := a.demoGateway(ctx, cmd, j)
	if err != nil {
		return err
	}
	defer stop()
	closePage, err := a.page(ctx, cmd, j)
	if err != nil {
		return err
	}
	defer closePage()
	if !j.once {
		j.show.try(a.name, j.url, a.secret)
	}
	return a.echo(ctx, cmd, j)
}

// demoGateway finds the gateway of the demo, or starts it. The returned function
// ends what was started.
func (a *app) demoGateway(ctx context.Context, cmd *cli.Command, j *job) (func(), error) {
	switch url := cmd.String("gateway"); {
	case url != "":
		j.url = url
		return func() {}, nil
	case cmd.Bool("janus"):
		gw, err := a.startJanus(ctx, cmd, j.show)
		if err != nil {
			return nil, err
		}
		j.url, j.victim = gw.WS(), killable{gw}
		return gw.Stop, nil
	default:
		gw, url, err := startEmbedded(ctx, a.secret)
		if err != nil {
			return nil, fmt.Errorf("demo: %w", err)
		}
		j.url, j.victim = url, unreal{gw}
		j.show.embedded(url)
		return gw.Close, nil
	}
}

// startJanus starts a Janus of our own. The caller stops it.
func (a *app) startJanus(ctx context.Context, cmd *cli.Command, show *display) (*janusproc.Server, error) {
	addr, err := janusproc.MediaAddr()
	if err != nil {
		return nil, err
	}
	gw, err := janusproc.Start(ctx, &janusproc.Options{
		ReclaimTimeout: demoReclaim, Append: demoRooms, APISecret: a.secret, TokenAuth: a.secret != "",
	})
	if errors.Is(err, janusproc.ErrNotInstalled) {
		return nil, errors.New("demo: Janus is not installed (make deps installs it, and so does: apt-get install janus; without --janus there is a gateway that needs none)")
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
