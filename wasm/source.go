//go:build js

package main

import (
	"context"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/media"
)

func sourceCall(ctx context.Context, c *call) (any, error) {
	switch c.method {
	case "device", "display":
		req, err := c.request()
		switch {
		case err != nil:
			return nil, err
		case c.method == "device":
			return c.captured(media.Device(ctx, req))
		default:
			return c.captured(media.Display(ctx, req))
		}
	case "capture":
		return c.captured(media.Capture(target(c.value(0))))
	case "file":
		var opts media.FileOptions
		if err := c.decode(&opts); err != nil {
			return nil, err
		}
		return c.captured(media.File(ctx, &opts, c.value(0).String()))
	case "external":
		src, err := media.External(c.value(0))
		if err != nil {
			return nil, err
		}
		return c.captured([]media.Source{src}, nil)
	case "devices":
		var opts media.DevicesOptions
		if err := c.decode(&opts); err != nil {
			return nil, err
		}
		list, err := media.Devices(ctx, &opts)
		if len(list) > 0 {
			err = nil // they are there, though some without labels
		}
		return list, err
	}
	src, err := lookup[media.Source](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "done":
		return c.ended(ctx, src, kindClosed)
	case "close":
		return nil, src.Close()
	}
	return nil, errUnknown
}

// request reads what to capture: the value is the constraints.
func (c *call) request() (req media.DeviceRequest, err error) {
	err = c.decode(&req)
	if constraints := c.value(0); given(constraints) {
		req.Constraints = constraints
	}
	return req, err
}

// target is an element of the page, or a selector of one.
func target(v js.Value) any {
	if v.Type() == js.TypeString {
		return v.String()
	}
	return v
}

// captured tells the page of sources, together with the tracks they have, and of
// what could not be had. Without a source it fails.
func (c *call) captured(sources []media.Source, err error) (any, error) {
	if err != nil && len(sources) == 0 {
		return nil, err
	}
	tracks := make([]any, len(sources))
	for i, src := range sources {
		tracks[i] = src.Underlying()
	}
	text := c.encode(struct {
		Sources []media.Source
		Errors  []error
	}{sources, split(err)})
	return js.ValueOf([]any{text, tracks}), nil
}

// split takes joined errors apart.
func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}
