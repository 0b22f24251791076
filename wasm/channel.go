//go:build js

package main

import (
	"context"
	"errors"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/media"
)

func channelCall(ctx context.Context, c *call) (any, error) {
	d, err := lookup[*media.DataChannel](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "done":
		return nil, wait(ctx, d.Done())
	case "opened":
		return nil, wait(ctx, d.Opened())
	case "send":
		message := c.value(0)
		if message.Type() == js.TypeString {
			return nil, d.SendText(ctx, message.String())
		}
		b := jsx.Bytes(message)
		if b == nil {
			return nil, &client.ArgumentError{Op: c.op, Reason: "a message is a string, an ArrayBuffer or a view of one"}
		}
		return nil, d.Send(ctx, b)
	case "receive":
		return receive(ctx, d)
	case "close":
		return nil, d.Close()
	}
	return nil, errUnknown
}

// batch is how many messages go to the page at once.
const batch = 256

// receive waits for a message and returns it with those that came after it, as
// strings and bytes. A number among them says how many were dropped there.
func receive(ctx context.Context, d *media.DataChannel) (any, error) {
	now, cancel := context.WithCancel(ctx)
	cancel() // so it waits for nothing, and gets what is there all the same
	var list []any
	for len(list) < batch {
		m, err := d.Receive(ctx)
		dropped, slow := errors.AsType[*media.DroppedError](err)
		switch {
		case slow:
			list = append(list, dropped.Count)
		case err != nil && len(list) > 0:
			return js.ValueOf(list), nil // it comes again
		case err != nil:
			return nil, err
		case m.Text:
			list = append(list, string(m.Bytes))
		default:
			list = append(list, jsx.Uint8Array(m.Bytes))
		}
		ctx = now
	}
	return js.ValueOf(list), nil
}
