package admin

import (
	"context"
	"encoding/json"
)

// HandleInfoOptions tunes [Client.HandleInfo]. Nil means the default.
type HandleInfoOptions struct {
	// PluginOnly leaves all of WebRTC out: the answer has the fields of
	// [HandleInfo] up to PluginSpecific.
	PluginOnly bool
}

// HandleInfo returns what the gateway knows of a handle. The error matches
// client.SessionNotFound or client.HandleNotFound once it is gone.
func (c *Client) HandleInfo(ctx context.Context, session, handle uint64, opts *HandleInfoOptions) (*HandleInfo, error) {
	const op = "handle_info"
	if err := needHandle(op, session, handle); err != nil {
		return nil, err
	}
	r := Request{Name: op, Session: session, Handle: handle}
	if opts != nil && opts.PluginOnly {
		r.Body = fields{"plugin_only": true}
	}
	var answer struct {
		Info json.RawMessage `json:"info"`
	}
	if err := c.Call(ctx, r, &answer); err != nil {
		return nil, err
	}
	return ParseHandleInfo(answer.Info)
}

// HangupWebRTC ends the peer connection of a handle, which stays attached. Its
// client gets a client.Hangup event with the reason "Admin API".
func (c *Client) HangupWebRTC(ctx context.Context, session, handle uint64) error {
	return c.onHandle(ctx, "hangup_webrtc", session, handle, nil)
}

// DetachHandle detaches a handle from its plugin. Its client gets a
// client.Detached event.
func (c *Client) DetachHandle(ctx context.Context, session, handle uint64) error {
	return c.onHandle(ctx, "detach_handle", session, handle, nil)
}

func (c *Client) onHandle(ctx context.Context, op string, session, handle uint64, body any) error {
	if err := needHandle(op, session, handle); err != nil {
		return err
	}
	return c.Call(ctx, Request{Name: op, Session: session, Handle: handle, Body: body}, nil)
}
