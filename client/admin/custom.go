package admin

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
)

// CustomEvent gives the gateway's event handlers an event of your own, of the
// type "external". Schema names its kind; data must encode to a JSON object,
// nil is an empty one. Where no event handler runs, it goes nowhere.
func (c *Client) CustomEvent(ctx context.Context, schema string, data any) error {
	const op = "custom_event"
	if schema == "" {
		return &client.ArgumentError{Op: op, Reason: "the schema is empty: it names the kind of event"}
	}
	if data == nil {
		data = struct{}{}
	}
	return c.Call(ctx, Request{Name: op, Body: fields{"schema": schema, "data": data}}, nil)
}

// CustomLogline writes a line to the gateway's log at a level from 1 to 7, see
// [Client.SetLogLevel]; 0 means 4, information.
func (c *Client) CustomLogline(ctx context.Context, line string, level int) error {
	const op = "custom_logline"
	if err := within(op, "level", level, 0, maxLogLevel); err != nil {
		return err
	}
	body := fields{"line": line}
	if level != 0 {
		body["level"] = level
	}
	return c.Call(ctx, Request{Name: op, Body: body}, nil)
}
