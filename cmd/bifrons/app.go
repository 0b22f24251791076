//go:build !js

package main

import (
	"context"
	"io"
	"runtime/debug"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/transport"
)

// app is the program and what it needs from outside.
type app struct {
	stdout     io.Writer           // data
	stderr     io.Writer           // progress and errors; from several goroutines
	stdin      io.Reader           // what the user types
	terminal   bool                // stdin is a terminal
	console    func() *console     // the terminal that stdin and stdout are; nil: there is none
	getenv     func(string) string // os.Getenv
	columns    func() int          // width of the terminal stderr is; 0: it is none
	transports transport.Registry  // nil: the client's own
	launch     launcher            // nil: nothing is launched

	name     string // what the program was started as
	ran      bool   // a command's action was reached
	err      error
	login    login                  // which credentials were given
	secret   string                 // API secret of a gateway that was started here; empty: it has none
	readLine func() (string, error) // reads from the console that is used; nil: none is
}

// launcher starts a program of the user's desktop.
type launcher func(name string, args ...string) error

// run executes args, as os.Args has them, and returns the exit code. ctx ends
// with the signal that interrupts the program.
func (a *app) run(ctx context.Context, args []string) int {
	a.name = args[0]
	err := a.root().Run(ctx, args)
	if a.ran {
		err = a.err
	} else if err != nil {
		err = asUsage(err) // what is left are the complaints of the flag parser
	}
	if err == nil {
		return exitOK
	}
	a.say("bifrons: " + a.explain(ctx, err) + "\n")
	return exitCode(ctx, err)
}

// action makes f the action of a command. The error stays here: the flag
// parser has its own idea of what to print.
func (a *app) action(f func(context.Context, *cli.Command) error) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		a.ran = true
		a.err = f(ctx, cmd)
		return nil
	}
}

const rootHelp = `URL is that of a gateway: ws://host:8188/, wss://host/path, http://host:8088/janus
or unix:///path. Without one, BIFRONS_URL is used.

Credentials come from files or from the environment, BIFRONS_TOKEN and
BIFRONS_API_SECRET, and never from the command line, which every user of the
machine can read. To another machine they go by wss or https only, unless
--insecure is given.

Exit codes: 0 done, 1 failure, 2 usage (an unknown command or flag, a URL that
is none), 3 no connection to the gateway, or it was lost, or nothing is answered,
4 credentials refused, 5 the plugin is missing or refused, 130 interrupted
before the job was done.`

func (a *app) root() *cli.Command {
	root := &cli.Command{
		Name:        "bifrons",
		Usage:       "try a Janus WebRTC gateway",
		UsageText:   "bifrons [flags] COMMAND [flags] [arguments]",
		Description: rootHelp,
		Version:     version(),
		Writer:      a.stdout,
		ErrWriter:   a.stderr,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print data as JSON, one object a line"},
			&cli.DurationFlag{Name: "timeout", Value: 10 * time.Second, Usage: "wait at most `TIME` for the connection, for each answer, and for media to connect"},
			&cli.StringFlag{Name: "token-file", Usage: "read the token from `FILE`", TakesFile: true},
			&cli.StringFlag{Name: "secret-file", Usage: "read the API secret from `FILE`", TakesFile: true},
			&cli.BoolFlag{Name: "insecure", Usage: "let credentials travel unencrypted, by ws or http to another machine"},
			&cli.BoolFlag{Name: "trace", Usage: "show every message on standard error, secrets left out"},
		},
		Commands: []*cli.Command{
			a.infoCommand(),
			a.pingCommand(),
			a.doctorCommand(),
			a.echoCommand(),
			a.demoCommand(),
			a.roomCommand(),
			a.textCommand(),
			a.callCommand(),
			a.adminCommand(),
			a.completionCommand(),
		},
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
		OnUsageError:   onUsageError,
	}
	a.prepare(root)
	return root
}

// prepare gives cmd and what is below it the program's own complaints. A command
// that only holds others gets the action that says so.
func (a *app) prepare(cmd *cli.Command) {
	if len(cmd.Commands) > 0 {
		cmd.Action = a.action(func(_ context.Context, cmd *cli.Command) error { return unknownCommand(cmd) })
	}
	for _, c := range cmd.Commands {
		c.OnUsageError = onUsageError
		c.HideHelpCommand = true
		a.prepare(c)
	}
}

// version names the module's version, where the build knows it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}
