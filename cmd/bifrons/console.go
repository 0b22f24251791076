//go:build !js

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// console is a terminal whose user can edit a line while others are printed above
// it.
type console struct {
	*term.Terminal
	restore func() // gives the terminal back as it was
}

// openConsole returns the terminal that standard input and standard output are;
// nil: they are none.
func openConsole() *console {
	in, out := int(os.Stdin.Fd()), int(os.Stdout.Fd())
	if !term.IsTerminal(in) || !term.IsTerminal(out) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	before, err := term.MakeRaw(in)
	if err != nil {
		return nil // without it the terminal works as it is
	}
	c := &console{
		Terminal: term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{os.Stdin, os.Stdout}, "> "),
		restore: func() { _ = term.Restore(in, before) },
	}
	// Its own 80 by 24 will do where the size is not known.
	if width, height, err := term.GetSize(out); err == nil && width >= 20 && height > 0 {
		_ = c.SetSize(width, height)
	}
	return c
}

// useConsole has everything printed on the console and lines read from it, until
// the function it returns is called.
func (a *app) useConsole() (end func()) {
	if a.console == nil {
		return func() {}
	}
	c := a.console()
	if c == nil {
		return func() {}
	}
	before := *a
	a.stdout, a.stderr, a.terminal, a.readLine = c, c, true, c.ReadLine
	return func() {
		c.restore()
		a.stdout, a.stderr, a.terminal, a.readLine = before.stdout, before.stderr, before.terminal, nil
		a.say("\n")
	}
}

// longestLine is what fits a message of a data channel anywhere.
const longestLine = 64 << 10

// lines returns the lines of the user, and why there are no more: nil at the end.
func (a *app) lines(ctx context.Context) (<-chan string, <-chan error) {
	next := a.readLine
	if next == nil {
		next = scan(a.stdin)
	}
	lines, ended := make(chan string), make(chan error, 1)
	// It owns standard input until ctx or that ends. Nobody waits for it: nothing
	// interrupts a read of a terminal.
	go func() {
		for {
			line, err := next()
			if errors.Is(err, io.EOF) {
				ended <- nil
				return
			}
			if err != nil {
				ended <- err
				return
			}
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines, ended
}

// scan returns a function that reads a line.
func scan(r io.Reader) func() (string, error) {
	s := bufio.NewScanner(r)
	s.Buffer(nil, longestLine)
	return func() (string, error) {
		if s.Scan() {
			return s.Text(), nil
		}
		switch err := s.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			return "", fmt.Errorf("text: a line has more than %d bytes (send shorter ones)", longestLine)
		case err != nil:
			return "", fmt.Errorf("standard input: %w", err)
		}
		return "", io.EOF
	}
}
