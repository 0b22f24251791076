//go:build js

package main

import (
	"context"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/media"
)

func sinkCall(_ context.Context, c *call) (any, error) {
	switch c.method {
	case "element":
		s, err := media.Element(target(c.value(0)))
		if err != nil {
			return nil, err
		}
		return c.objects.add(s), nil
	case "record":
		return record(c) //nolint:contextcheck // a recorder outlives the call that makes it
	}
	s, err := lookup[media.Sink](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "close":
		return nil, s.Close()
	case "stats":
		if r, ok := s.(*media.Recorder); ok {
			return r.Stats(), nil
		}
	}
	return nil, errUnknown
}

func elementCall(ctx context.Context, c *call) (any, error) {
	s, err := lookup[*media.ElementSink](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "show":
		src, err := argument[media.Source](c, 0)
		if err != nil {
			return nil, err
		}
		return nil, s.Show(src)
	case "play":
		return nil, s.Play(ctx)
	case "muted":
		s.SetMuted(c.value(0).Truthy())
		return nil, nil
	case "volume":
		return nil, s.SetVolume(c.value(0).Float())
	case "output":
		return nil, s.SetOutput(ctx, c.value(0).String())
	}
	return nil, errUnknown
}

// record starts a recorder: the value is the function that gets what is written.
func record(c *call) (any, error) {
	var opts media.RecordOptions
	if err := c.decode(&opts); err != nil {
		return nil, err
	}
	opts.Wait *= time.Millisecond // it crosses as such
	r, err := media.Record(writer{c.value(0)}, &opts)
	if err != nil {
		return nil, err
	}
	return c.objects.add(r), nil
}

// writer hands what is written to a function of the page.
type writer struct{ write js.Value }

// Write implements io.Writer.
func (w writer) Write(p []byte) (int, error) {
	if _, err := jsx.Try(func() js.Value { return w.write.Invoke(jsx.Uint8Array(p)) }); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close implements io.Closer: the function has nothing to close.
func (writer) Close() error { return nil }
