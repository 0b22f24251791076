//go:build !js

// Command bifrons tries a Janus gateway from a terminal: it asks for its
// version and plugins, measures round trips, sends a clip through its echo test,
// and takes part in video rooms, text rooms and calls. It says what is wrong with
// a gateway that does not work, and looks after one that does. Run it without a
// gateway and it starts one:
//
//	bifrons demo
//
// Data goes to standard output, everything for humans to standard error.
// bifrons --help lists commands, flags and exit codes.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

func main() { os.Exit(program()) }

// program is main with an exit code instead of an exit.
func program() int {
	withHeadings()
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	defer stop()
	// The first signal ends what runs in order, which takes a moment; a second
	// one ends the program where it stands.
	context.AfterFunc(ctx, stop)
	a := &app{
		stdout:   os.Stdout,
		stderr:   &lockedWriter{w: os.Stderr},
		stdin:    os.Stdin,
		console:  openConsole,
		terminal: term.IsTerminal(int(os.Stdin.Fd())),
		getenv:   os.Getenv,
		launch:   launch,
		columns: func() int {
			if !term.IsTerminal(int(os.Stderr.Fd())) || os.Getenv("TERM") == "dumb" {
				return 0
			}
			width, _, err := term.GetSize(int(os.Stderr.Fd()))
			if err != nil || width < 20 {
				return 80
			}
			return width
		},
	}
	return a.run(ctx, os.Args)
}
