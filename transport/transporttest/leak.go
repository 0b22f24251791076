package transporttest

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"
)

// stacks returns the stack of every goroutine but those the runtime starts on
// js when an event comes in.
func stacks() []string {
	buf := make([]byte, 1<<20)
	var out []string
	for s := range strings.SplitSeq(string(bytes.TrimSpace(buf[:runtime.Stack(buf, true)])), "\n\n") {
		if !strings.Contains(s, "runtime.handleEvent(") {
			out = append(out, s)
		}
	}
	return out
}

// settle waits until no more goroutines are left than there were before. One
// that has done its last deed may take a moment to be gone, hence the polling.
func settle(t *testing.T, before int) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond) // more than stacks takes on js
	defer tick.Stop()
	end := time.After(patience / 2)
	for {
		now := stacks()
		if len(now) <= before {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%d goroutines were left behind:\n%s", len(now)-before, strings.Join(now, "\n\n"))
		}
	}
}
