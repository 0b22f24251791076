//go:build !js

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
)

// memory is P4: what a handle costs, and a process that only waits.
func memory(e *env) error {
	const n = 10000
	c, err := client.Dial(e.ctx, e.stub, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	s, err := c.NewSession(e.ctx)
	if err != nil {
		return err
	}
	if _, err := s.Attach(e.ctx, room, nil); err != nil {
		return err
	}
	before, goroutines := heap(), runtime.NumGoroutine()
	for range n {
		if _, err := s.Attach(e.ctx, room, nil); err != nil {
			return err
		}
	}
	e.bound("P4", "heap bytes a handle, at 10000", float64(heap()-before)/n, "%.0f", 512)
	e.bound("P4", "goroutines for 10000 handles", float64(runtime.NumGoroutine()-goroutines), "%.0f", 0)

	self, err := os.Executable()
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(e.ctx, self, "-role", "idle", "-url", e.stub).Output()
	if err != nil {
		return fmt.Errorf("idle process: %w", err)
	}
	kb, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		return err
	}
	e.bound("P4", "RSS of an idle process with one session, MB", float64(kb)/1024, "%.1f", 9)
	return nil
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// idle is the child process: it opens a session, then says how big it is.
func idle(ctx context.Context, url string) error {
	c, err := client.Dial(ctx, url, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.NewSession(ctx); err != nil {
		return err
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			fmt.Println(strings.Fields(rest)[0])
			return nil
		}
	}
	return fmt.Errorf("no VmRSS in /proc/self/status")
}
