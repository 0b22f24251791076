package admin

import (
	"context"
	"math"

	"github.com/bifrons-rtc/bifrons/client"
)

// ListSessions returns the ids of the gateway's sessions, in no order.
func (c *Client) ListSessions(ctx context.Context) ([]uint64, error) {
	var answer struct {
		Sessions []uint64 `json:"sessions"`
	}
	err := c.Call(ctx, Request{Name: "list_sessions"}, &answer)
	return answer.Sessions, err
}

// ListHandles returns the ids of a session's handles, in no order.
func (c *Client) ListHandles(ctx context.Context, session uint64) ([]uint64, error) {
	const op = "list_handles"
	if err := needSession(op, session); err != nil {
		return nil, err
	}
	var answer struct {
		Handles []uint64 `json:"handles"`
	}
	err := c.Call(ctx, Request{Name: op, Session: session}, &answer)
	return answer.Handles, err
}

// DestroySession destroys a session with its handles. Its client is not told:
// it finds out with its next request.
func (c *Client) DestroySession(ctx context.Context, session uint64) error {
	const op = "destroy_session"
	if err := needSession(op, session); err != nil {
		return err
	}
	return c.Call(ctx, Request{Name: op, Session: session}, nil)
}

// SetSessionTimeoutOf sets how long the gateway keeps this session when it hears
// nothing of it, in seconds; 0 is for ever, -1 as long as
// [Client.SetSessionTimeout] says (set_session_timeout with a session).
func (c *Client) SetSessionTimeoutOf(ctx context.Context, session uint64, seconds int) error {
	const op = "set_session_timeout"
	if err := needSession(op, session); err != nil {
		return err
	}
	if err := within(op, "timeout", seconds, -1, math.MaxInt32); err != nil {
		return err
	}
	return c.Call(ctx, Request{Name: op, Session: session, Body: fields{"timeout": seconds}}, nil)
}

func needSession(op string, session uint64) error {
	if session == 0 {
		return &client.ArgumentError{Op: op, Reason: "0 is no session id"}
	}
	return nil
}

func needHandle(op string, session, handle uint64) error {
	if handle == 0 {
		return &client.ArgumentError{Op: op, Reason: "0 is no handle id"}
	}
	return needSession(op, session)
}
