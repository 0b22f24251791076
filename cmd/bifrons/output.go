//go:build !js

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/urfave/cli/v3"
)

// lockedWriter lets several goroutines write whole lines.
type lockedWriter struct {
	mu sync.Mutex // protects w
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// data prints the data of a command: v as one line of JSON with --json, else
// the text.
func (a *app) data(cmd *cli.Command, v any, text string) error {
	if !cmd.Bool("json") {
		return output(io.WriteString(a.stdout, text+"\n"))
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return output(a.stdout.Write(append(b, '\n')))
}

// say prints text for humans. When nobody listens any more there is nobody to
// tell.
func (a *app) say(text string) { _, _ = io.WriteString(a.stderr, text) }

func output(_ int, err error) error {
	if err != nil {
		return fmt.Errorf("standard output: %w", err)
	}
	return nil
}
