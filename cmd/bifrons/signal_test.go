//go:build !js

package main

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/media"
)

// when runs f once, when the command has written text to stderr.
func (r *run) when(text string, f func()) {
	r.app.stderr = &watcher{w: &r.stderr, text: text, f: f}
}

// watcher runs f on the goroutine that writes text.
type watcher struct {
	w    *buffer
	text string
	f    func()
	done bool
}

func (w *watcher) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	if !w.done && strings.Contains(w.w.String(), w.text) {
		w.done = true
		w.f()
	}
	return n, err
}

// ctrlC is what the terminal does to this process.
func ctrlC(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot send itself an interrupt there")
	}
	p, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	require.NoError(t, p.Signal(os.Interrupt))
}

// The demo runs until Ctrl-C, finishes the recording, and that is a success.
func TestJanusDemoInterrupted(t *testing.T) {
	gateway.Get(t)
	out := filepath.Join(t.TempDir(), "demo.webm")
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt)
	defer stop()
	r := newRun(t, nil)
	r.when("first frame is back", func() { ctrlC(t) })
	r.do(t, ctx, exitOK, "demo", "--janus", "--out", out)
	require.Contains(t, r.stdout.String(), out+": video VP8")
	require.Contains(t, r.stderr.String(), "play it with")
	require.NotContains(t, r.stderr.String(), "bifrons: ")
	found := inspect(t, out)
	require.NotNil(t, found.Track(media.Audio))
	require.NotZero(t, found.Duration, "it is finished, not just cut off")
}

// The same from outside: a process, its signal, its exit code.
func TestJanusProcessInterrupted(t *testing.T) {
	gateway.Get(t)
	out := filepath.Join(t.TempDir(), "demo.webm")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "demo", "--janus", "--out", out)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	var stdout, stderr buffer
	cmd.Stdout = &stdout
	cmd.Stderr = &watcher{w: &stderr, text: "first frame is back", f: func() {
		if runtime.GOOS == "windows" {
			_ = cmd.Process.Kill()
			return
		}
		_ = cmd.Process.Signal(os.Interrupt)
	}}
	err := cmd.Run()
	if runtime.GOOS == "windows" {
		t.Skip("no process can interrupt another there")
	}
	require.NoError(t, err, stderr.String())
	require.Contains(t, stdout.String(), out)
	require.NotNil(t, inspect(t, out).Track(media.Video))
}

// With --once there is more to do than that, and a script has to know.
func TestJanusOnceInterrupted(t *testing.T) {
	gw := gateway.Get(t)
	out := filepath.Join(t.TempDir(), "demo.webm")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := newRun(t, nil)
	r.when("first frame is back", cancel)
	r.do(t, ctx, exitInterrupted, "--json", "demo", "--once", "--gateway", gw.WS(), "--out", out)
	require.Equal(t, "interrupted", r.complaint(t))
	all := r.objects(t)
	require.Equal(t, true, all[len(all)-1]["interrupted"])
	require.NotZero(t, inspect(t, out).Duration)
}

func TestInterruptedBeforeMedia(t *testing.T) {
	out := filepath.Join(t.TempDir(), "demo.webm")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := newRun(t, janustest.New(t, nil))
	r.when("attached to mem://", cancel)
	r.do(t, ctx, exitInterrupted, "echo", "--out", out, memory)
	require.Equal(t, "interrupted", r.complaint(t))
	require.NoFileExists(t, out)
}

func TestInterruptedPing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := newRun(t, janustest.New(t, nil))
	r.app.stdout = writeFunc(func(p []byte) (int, error) { cancel(); return len(p), nil })
	r.do(t, ctx, exitInterrupted, "ping", "--count", "5", "--interval", "1h", memory)
	require.Equal(t, "interrupted", r.complaint(t))
}

func TestInterruptedDial(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := newRun(t, nil)
	r.do(t, ctx, exitInterrupted, "info", "ws://127.0.0.1:9/")
	require.Equal(t, "interrupted", r.complaint(t))
}

// So it does when the Janus that is there does not work.
func TestDemoWithBrokenJanus(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the broken Janus is a shell script")
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "janus"), []byte("#!/bin/sh\necho it is broken\nexit 1\n"), 0o700)) //nolint:gosec // a program has to be executable
	t.Setenv("PATH", dir)
	r := newRun(t, nil)
	r.do(t, t.Context(), exitFailure, "demo", "--janus", "--once")
	require.Contains(t, r.complaint(t), "(--trace shows what it printed)")
	r = newRun(t, nil)
	r.do(t, t.Context(), exitFailure, "demo", "--janus", "--once", "--trace")
	require.Contains(t, r.stderr.String(), "it is broken\n")
}

type writeFunc func(p []byte) (int, error)

func (f writeFunc) Write(p []byte) (int, error) { return f(p) }

// The demo says what is missing when there is no Janus.
func TestDemoWithoutJanus(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	r := newRun(t, nil)
	r.do(t, t.Context(), exitFailure, "demo", "--janus", "--once", "--out", filepath.Join(t.TempDir(), "x.webm"))
	if complaint := r.complaint(t); !strings.Contains(complaint, "only loopback") {
		require.Contains(t, complaint, "Janus is not installed (make deps installs it, and so does: apt-get install janus;")
	}
}
