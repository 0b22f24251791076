//go:build !js

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"
)

// settings are the flags of the runner itself.
type settings struct {
	in  string
	log bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code, err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "browsertest:", err)
		code = max(code, 2)
	}
	os.Exit(code)
}

func run(ctx context.Context, args []string) (int, error) {
	if len(args) > 0 && args[0] == "exec" {
		return execute(ctx, args[1:])
	}
	var s settings
	own, rest := split(args)
	flags := flag.NewFlagSet("browsertest", flag.ContinueOnError)
	flags.StringVar(&s.in, "in", "page", "where the tests run: page, worker or node")
	flags.BoolVar(&s.log, "log", false, "show what Chromium itself logs")
	if err := flags.Parse(own); err != nil {
		return 2, nil // flag has said it
	}
	if !slices.Contains([]string{"page", "worker", "node"}, s.in) {
		return 2, fmt.Errorf("-in %s: there are page, worker and node", s.in)
	}
	if len(rest) == 0 {
		return 2, errors.New("no packages; for example: go run ./internal/browsertest ./transport_js")
	}
	h, err := newHost(ctx, s)
	if err != nil {
		return 2, err
	}
	defer h.close()
	return h.test(ctx, rest)
}

// split returns the runner's own flags, which come first, and what is for go
// test.
func split(args []string) (own, rest []string) {
	for len(args) > 0 {
		n := 0
		switch args[0] {
		case "-log", "--log", "-h", "-help", "--help":
			n = 1
		case "-in", "--in":
			n = 2
		}
		if n == 0 || n > len(args) {
			break
		}
		own, args = append(own, args[:n]...), args[n:]
	}
	return own, args
}

// test runs go test, which runs this program again for each package.
func (h *host) test(ctx context.Context, args []string) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 2, err
	}
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-exec", self + " exec"}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stdin, cmd.Stdout, cmd.Stderr = nil, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", runnerEnv+"="+h.address())
	err = cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return max(exit.ExitCode(), 1), nil
	}
	return 0, err
}
