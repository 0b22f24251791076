//go:build js

package main

import (
	"context"
	"runtime"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// usage is what lives in the program: Usage of web/src/usage.ts, whose page knows
// the rest.
type usage struct {
	Functions  int
	Objects    int
	Goroutines int
	Heap       uint64 // bytes
}

// usageCall counts; with the value true it collects garbage before.
func usageCall(ctx context.Context, c *call) (any, error) {
	if c.value(0).Truthy() {
		// What only a finalizer kept is garbage once that has run.
		for range 2 {
			if err := collect(ctx); err != nil {
				return nil, err
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{
		Functions:  jsx.Live(),
		Objects:    c.objects.len(),
		Goroutines: runtime.NumGoroutine() - 1, // this one
		Heap:       m.HeapAlloc,
	}, nil
}

// collect collects garbage and waits for the finalizers, which let go of the
// JavaScript values that were in it. They run one after the other, those of an
// earlier collection first.
func collect(ctx context.Context) error {
	ran := make(chan struct{})
	last := new(chan struct{}) // a pointer, so it shares its block with no other object
	*last = ran
	runtime.SetFinalizer(last, func(last *chan struct{}) { close(*last) })
	runtime.GC()
	return wait(ctx, ran)
}
