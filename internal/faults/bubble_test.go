//go:build !js

package faults

import (
	"runtime"
	"testing"
	"testing/synctest"
)

// bubble runs f in a synctest bubble. With the race detector one thread does:
// the timers of a bubble have one race context (Go 1.26.8), and when two threads
// use it at once, as they do where many timers are due together, the detector
// crashes.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	if raced {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	}
	synctest.Test(t, f)
}

var raced bool // whether this is the race detector's build
