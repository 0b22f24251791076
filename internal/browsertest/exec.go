//go:build !js

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// runnerEnv tells the program that go test executes where the runner listens.
const runnerEnv = "BIFRONS_BROWSERTEST"

// program is one run of a test binary: what go test wants executed.
type program struct {
	Wasm string            `json:"wasm"` // its file
	Dir  string            `json:"dir"`  // where it runs
	Args []string          `json:"args"`
	Env  map[string]string `json:"env"`

	Worker bool   `json:"worker,omitempty"` // run it in a Worker of the page
	CSP    string `json:"csp,omitempty"`
}

// line is a part of what comes back of a run.
type line struct {
	Out  string `json:"out,omitempty"`
	Err  string `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"` // the last line has it

	Fault string `json:"fault,omitempty"` // what a Worker complains about; only in pages
}

// passed says which variables of go test's environment a test gets to see. There
// is room for a few kilobytes only.
func passed(name string) bool {
	return name == "CI" || name == "GODEBUG" || strings.HasPrefix(name, "BIFRONS_") && name != runnerEnv
}

// execute has the runner execute a test binary, and does as that does: it writes
// what it writes and ends with its exit code.
func execute(ctx context.Context, args []string) (int, error) {
	address := os.Getenv(runnerEnv)
	if address == "" || len(args) == 0 {
		return 2, errors.New("exec is for go test -exec, below the runner")
	}
	dir, err := os.Getwd() // go test has gone to the package's folder
	if err != nil {
		return 2, err
	}
	p := program{Wasm: args[0], Dir: dir, Args: args[1:], Env: make(map[string]string)}
	for _, pair := range os.Environ() {
		if name, value, _ := strings.Cut(pair, "="); passed(name) {
			p.Env[name] = value
		}
	}
	body, err := json.Marshal(p)
	if err != nil {
		return 2, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/run", bytes.NewReader(body))
	if err != nil {
		return 2, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 2, err
	}
	defer func() { _ = resp.Body.Close() }()
	for d := json.NewDecoder(resp.Body); ; {
		var l line
		if err := d.Decode(&l); err != nil {
			return 2, fmt.Errorf("the runner has stopped: %w", err)
		}
		_, _ = io.WriteString(os.Stdout, l.Out)
		_, _ = io.WriteString(os.Stderr, l.Err)
		if l.Exit != nil {
			return *l.Exit, nil
		}
	}
}
