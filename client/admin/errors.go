package admin

import (
	"context"
	"errors"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
	"github.com/bifrons-rtc/bifrons/internal/longpoll"
	"github.com/bifrons-rtc/bifrons/transport"
)

// RemovedError reports a request that the gateway no longer has. It matches
// errors.ErrUnsupported, and Err is the gateway's refusal.
type RemovedError struct {
	Request string // e.g. "set_libnice_debug"
	Since   string // the first version without it, e.g. "1.3.2"
	Fix     string // what to do instead
	Err     error
}

func (e *RemovedError) Error() string {
	return "janus: " + e.Request + ": Janus has no such request since version " + e.Since + "; " + e.Fix
}

// Unwrap returns Err and errors.ErrUnsupported.
func (e *RemovedError) Unwrap() []error { return []error{e.Err, errors.ErrUnsupported} }

// removed are the requests that were there once.
var removed = map[string]RemovedError{
	"set_libnice_debug": {
		Request: "set_libnice_debug", Since: "1.3.2",
		Fix: "set G_MESSAGES_DEBUG=all and NICE_DEBUG=all in its environment instead",
	},
}

// lossError is how a client ended that nobody closed. It matches
// client.ErrClosed, because that is what everything on it is now.
type lossError struct{ cause error }

func (e *lossError) Error() string   { return "janus: connection lost: " + e.cause.Error() }
func (e *lossError) Unwrap() []error { return []error{client.ErrClosed, e.cause} }

// refusal returns the error that an answer is, nil for any other answer.
func refusal(op string, data []byte) error {
	kind, _ := jsonscan.String(jsonscan.Get(data, "janus"))
	switch string(kind) {
	case "success", "server_info", "pong":
		return nil
	case "error":
	default:
		return &client.ProtocolError{Op: op, Reason: "unexpected answer", Data: excerpt(data)}
	}
	body := jsonscan.Get(data, "error")
	e := &client.Error{Op: op, Code: client.UnknownError}
	if n, ok := jsonscan.Uint(jsonscan.Get(body, "code")); ok {
		e.Code = client.Code(n)
	}
	if s, ok := jsonscan.String(jsonscan.Get(body, "reason")); ok {
		e.Reason = string(s)
	}
	return e
}

// explain adds to a refusal what the gateway does not say. Refused as unknown is
// what this gateway does not have, and everything where the client API answers;
// only another request tells which it is.
func (c *Client) explain(ctx context.Context, r *Request, err error) error {
	refused, ok := errors.AsType[*client.Error](err)
	if !ok {
		return err
	}
	switch refused.Code {
	case client.Unauthorized, client.UnknownRequest, client.InvalidRequestPath:
	default:
		return err
	}
	api := refused
	if r.Name != statusRequest {
		data, probeErr := c.do(ctx, &Request{Name: statusRequest})
		if probeErr != nil {
			return err
		}
		api, _ = errors.AsType[*client.Error](refusal(statusRequest, data))
	}
	switch gone, known := removed[r.Name]; {
	case api != nil && api.Code == client.Unauthorized:
		refused.Hint = "set Options.Secret to admin_secret of the gateway's janus.jcfg"
	case api != nil && api.Code == client.InvalidRequestPath:
		refused.Hint = "this is the gateway's client API: its admin API is off by default, and when on has port 7088 and path /admin over HTTP, port 7188 over WebSocket, and a socket of its own"
	case api == nil && known:
		gone.Err = err
		return &gone
	}
	return err
}

// writeError says what a failed write means for the request.
func writeError(ctx context.Context, op string, err error) error {
	_, closed := errors.AsType[*transport.CloseError](err)
	switch {
	case ctx.Err() != nil && errors.Is(err, ctx.Err()), errors.Is(err, client.ErrTimeout):
		return fmt.Errorf("%s: %w", op, ended(ctx))
	case errors.Is(err, transport.ErrUncertain):
		return fmt.Errorf("%s: %w: %w", op, client.ErrOutcomeUnknown, err)
	case closed, errors.Is(err, transport.ErrClosed), errors.Is(err, longpoll.ErrNotSent):
		return fmt.Errorf("%s: %w: %w", op, client.ErrInterrupted, err)
	default: // the message is at fault, not the connection
		return fmt.Errorf("%s: %w", op, err)
	}
}

// ended returns why ctx ended: client.ErrTimeout where it was our own bound.
func ended(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), client.ErrTimeout) {
		return client.ErrTimeout
	}
	return ctx.Err()
}
