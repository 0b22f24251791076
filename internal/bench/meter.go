//go:build !js

package main

import (
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"
)

// meter measures n operations of f, spread over workers goroutines.
func meter(n, workers int, f func() error) (sample, error) {
	each := n / workers
	took := make([]time.Duration, each*workers)
	errs := make(chan error, workers)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, start := cpuTime(), time.Now()
	var wg sync.WaitGroup
	for w := range workers {
		// One worker of the load; it ends after its share, and wg waits for it.
		wg.Go(func() {
			for i := range each {
				at := time.Now()
				if err := f(); err != nil {
					errs <- err
					return
				}
				took[w*each+i] = time.Since(at)
			}
		})
	}
	wg.Wait()
	wall, used := time.Since(start), cpuTime()-cpu
	runtime.ReadMemStats(&after)
	select {
	case err := <-errs:
		return sample{}, err
	default:
	}
	done := len(took)
	slices.Sort(took)
	return sample{
		perSec: float64(done) / wall.Seconds(),
		p50:    took[done/2],
		cpu:    used / time.Duration(done),
		allocs: float64(after.Mallocs-before.Mallocs) / float64(done),
	}, nil
}

// cpuTime is the user and system time this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
