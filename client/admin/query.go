package admin

import (
	"context"
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// The requests below carry a request of their own to a module of the gateway,
// which must encode to a JSON object, and return the module's answer. A refusal
// of the module is a *client.PluginError with the module's package name; a
// module that is not there is client.PluginNotFound, one that takes no requests
// client.UnknownError.

// MessagePlugin sends a request to a plugin, e.g. "janus.plugin.videoroom",
// without a handle: the synchronous ones of its own API, such as create and
// list, with the secrets they need.
func (c *Client) MessagePlugin(ctx context.Context, plugin string, request any) (json.RawMessage, error) {
	return c.query(ctx, "message_plugin", "plugin", plugin, request)
}

// QueryTransport sends a request to a transport, e.g. "janus.transport.http":
// {"request":"configure"} with events, json and logging, or
// {"request":"connections"}.
func (c *Client) QueryTransport(ctx context.Context, transport string, request any) (json.RawMessage, error) {
	return c.query(ctx, "query_transport", "transport", transport, request)
}

// QueryEventHandler sends a request to an event handler, e.g.
// "janus.eventhandler.sampleevh": {"request":"tweak","events":"sessions,media"}
// (query_eventhandler).
func (c *Client) QueryEventHandler(ctx context.Context, handler string, request any) (json.RawMessage, error) {
	return c.query(ctx, "query_eventhandler", "handler", handler, request)
}

// QueryLogger sends a request to a logger, e.g. "janus.logger.jsonlog".
func (c *Client) QueryLogger(ctx context.Context, logger string, request any) (json.RawMessage, error) {
	return c.query(ctx, "query_logger", "logger", logger, request)
}

func (c *Client) query(ctx context.Context, op, key, module string, request any) (json.RawMessage, error) {
	if module == "" {
		return nil, &client.ArgumentError{Op: op, Reason: "the " + key + " is empty: it is a package name, as Info lists them"}
	}
	body, err := object(op, request)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Response json.RawMessage `json:"response"`
	}
	err = c.Call(ctx, Request{Name: op, Body: fields{key: module, "request": json.RawMessage(body)}}, &answer)
	if err != nil {
		return nil, err
	}
	if code, ok := jsonscan.Uint(jsonscan.Get(answer.Response, "error_code")); ok {
		reason, _ := jsonscan.String(jsonscan.Get(answer.Response, "error"))
		return nil, &client.PluginError{
			PluginCode: client.PluginCode{Plugin: module, Code: int(min(code, 1<<31-1))},
			Reason:     string(reason), Raw: answer.Response,
		}
	}
	return answer.Response, nil
}
