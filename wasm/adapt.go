//go:build js

package main

import (
	"context"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/media/adapt"
)

// adaptCall is about what peer.adaptReceived and peer.adaptSent made.
func adaptCall(_ context.Context, c *call) (any, error) {
	switch a := c.objects.get(c.ref).(type) {
	case *adapt.Receiver:
		switch c.method {
		case "shown":
			a.Shown(c.value(0).Int())
			return nil, nil
		case "stop":
			a.Stop()
			return nil, nil
		}
	case *adapt.Sender:
		if c.method == "stop" {
			a.Stop()
			return nil, nil
		}
	}
	return nil, errUnknown
}

// adaptReceived chooses layers: values are the m-line, and what sets them, which may
// return a promise.
func (c *call) adaptReceived(p adapt.Peer) (any, error) {
	var opts adapt.ReceiveOptions
	if err := c.decode(&opts); err != nil {
		return nil, err
	}
	set := c.value(1)
	return c.objects.add(adapt.Receive(p, c.value(0).String(), func(ctx context.Context, l adapt.Layer) error {
		layer := map[string]any{"substream": l.Substream, "temporal": l.Temporal}
		v, err := jsx.Try(func() js.Value { return set.Invoke(layer) })
		if err == nil {
			_, err = jsx.Await(ctx, v)
		}
		return err
	}, &opts)), nil
}

// adaptSent chooses the bitrate of the sender that is the value.
func (c *call) adaptSent(ctx context.Context, p adapt.Peer) (any, error) {
	var opts adapt.SendOptions
	if err := c.decode(&opts); err != nil {
		return nil, err
	}
	of := *c
	of.ref = c.value(0).Int()
	s, _, err := of.sender()
	if err != nil {
		return nil, err
	}
	if s.MID() == "" {
		return nil, &client.ArgumentError{Op: c.op, Reason: "the sender has no m-line yet; begin after the offer or answer"}
	}
	set := func(ctx context.Context, bitrate int) error {
		s, sent, err := of.sender()
		if err != nil {
			return err
		}
		params := media.SendParameters{MaxBitrate: &bitrate}
		if err = s.Configure(ctx, params); err == nil && sent != nil {
			sent.configured(params)
		}
		return err
	}
	if err := set(ctx, opts.Max); err != nil { // one with simulcast has a bitrate for each layer
		return nil, err
	}
	return c.objects.add(adapt.Send(p, s.MID(), set, &opts)), nil //nolint:contextcheck // it outlives the call
}
