//go:build !js

package main

import (
	"context"
	"iter"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
)

// stream is the events of a handle.
type stream interface {
	Events(ctx context.Context) iter.Seq2[client.Event, error]
}

// follow returns the events of h and why there are no more, until stop is called,
// which returns when nothing of it is left.
func follow(ctx context.Context, h stream) (events <-chan client.Event, ended <-chan error, stop func()) {
	pump, cancel := context.WithCancel(ctx)
	ch, why := make(chan client.Event), make(chan error, 1)
	var pumping sync.WaitGroup
	// It owns the stream of h, ends with the stream or with pump, and stop waits
	// for it.
	pumping.Go(func() { why <- forward(pump, h, ch) })
	return ch, why, func() {
		cancel()
		pumping.Wait()
	}
}

// forward moves the events of h to ch, until there are no more or ctx ends.
func forward(ctx context.Context, h stream, ch chan<- client.Event) error {
	for ev, err := range h.Events(ctx) {
		if err != nil {
			return err
		}
		select {
		case ch <- ev:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil // not reached: the last pair has an error
}
