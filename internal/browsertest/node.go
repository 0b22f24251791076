//go:build !js

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
)

// runNode executes a test binary in Node, as go test would but for the flag and
// the servers.
func (h *host) runNode(ctx context.Context, p program, send func(line)) {
	root, err := goroot()
	if err != nil {
		send(line{Err: fmt.Sprintln("browsertest:", err), Exit: new(2)})
		return
	}
	args := append([]string{
		"--experimental-websocket", "--no-warnings", "--stack-size=8192",
		filepath.Join(root, "lib", "wasm", "wasm_exec_node.js"), p.Wasm,
	}, p.Args...)
	cmd := exec.CommandContext(ctx, "node", args...) //nolint:gosec // the binary that go test has built
	cmd.Dir = p.Dir
	cmd.Args[0] = "js" // net/http does not use fetch where it reads node
	env := maps.Clone(h.env)
	maps.Copy(env, p.Env)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Stdout = writerFunc(func(b []byte) { send(line{Out: string(b)}) })
	cmd.Stderr = cmd.Stdout // one goroutine writes both
	err = cmd.Run()
	if err != nil && cmd.ProcessState == nil {
		send(line{Err: fmt.Sprintln("browsertest:", err), Exit: new(2)})
		return
	}
	send(line{Exit: new(cmd.ProcessState.ExitCode())})
}

type writerFunc func([]byte)

func (f writerFunc) Write(b []byte) (int, error) {
	f(b)
	return len(b), nil
}
