//go:build !js

package ws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/internal/dialerr"
	"github.com/coder/websocket"
)

// loss turns the error that ended sock into the one the contract names.
func (c *conn) loss(err error) error {
	var frame websocket.CloseError
	switch cause := c.link.cause(); {
	case errors.As(err, &frame):
		return &transport.CloseError{Code: int(frame.Code), Reason: frame.Reason}
	case errors.Is(err, websocket.ErrMessageTooBig):
		return &transport.TooLargeError{Limit: c.limit}
	case cause != nil && !errors.Is(cause, net.ErrClosed):
		err = cause
	case errors.Is(err, io.EOF):
		err = io.EOF
	default:
		if e, ok := errors.AsType[*net.OpError](err); ok {
			err = e
		}
	}
	return &transport.CloseError{Code: int(websocket.StatusAbnormalClosure), Err: err}
}

// dialError explains a handshake that failed.
func dialError(ctx context.Context, rawURL string, api transport.API, resp *http.Response, err error) error {
	if resp != nil && resp.StatusCode != http.StatusSwitchingProtocols {
		status := statusError(rawURL, resp)
		e := &transport.DialError{URL: status.URL, Err: status, Fix: status.Fix}
		status.Fix = "" // one fix a line
		return e
	}
	if resp != nil && strings.Contains(err.Error(), "Sec-WebSocket-Protocol") {
		return refused(rawURL, api)
	}
	return dialerr.New(ctx, rawURL, err, hints(api))
}

func hints(api transport.API) dialerr.Hints {
	h := dialerr.Hints{
		Plain:  "the server speaks plain WebSocket: dial ws:// instead of wss://",
		Secure: "the server speaks TLS: dial wss:// instead of ws://",
	}
	const dropped = "the server hung up without an HTTP answer, which Janus does when the port is for its other API: "
	if api == transport.Admin {
		h.Refused = "is Janus running with admin_ws = true? its admin API for WebSockets is off by default, and on port 7188 when on"
		h.Dropped = dropped + "the client API is on port 8188 by default, the admin API on 7188; a port for TLS does the same to ws://"
		return h
	}
	h.Refused = "is Janus running, with its WebSocket transport on this port? the default is 8188"
	h.Dropped = dropped + "the admin API is on port 7188 by default, the client API on 8188; a port for TLS does the same to ws://"
	return h
}

// refused reports a server that upgraded without naming our subprotocol: it is
// a WebSocket server, but not Janus.
func refused(rawURL string, api transport.API) error {
	return &transport.DialError{
		URL: transport.Redact(rawURL),
		Err: fmt.Errorf("the server did not accept the subprotocol %s", subprotocol(api)),
		Fix: "is it Janus? a proxy in between has to pass the header Sec-WebSocket-Protocol on",

		Final: true,
	}
}

func statusError(rawURL string, resp *http.Response) *transport.StatusError {
	e := &transport.StatusError{Code: resp.StatusCode, URL: transport.Redact(rawURL), Body: dialerr.Clean(rawURL, start(resp.Body))}
	switch c := resp.StatusCode; {
	case c == http.StatusUnauthorized, c == http.StatusForbidden, c == http.StatusProxyAuthRequired:
		e.Fix = "a proxy wants credentials: set Dialer.Header"
	case c == http.StatusBadGateway, c == http.StatusServiceUnavailable, c == http.StatusGatewayTimeout:
		e.Fix = "a proxy answers for a gateway that it cannot reach: is Janus running?"
	default:
		e.Fix = "the server does not upgrade to WebSocket here: is this the HTTP port (8088)? WebSockets are on 8188 by default; behind a proxy, check the path"
	}
	return e
}

// start returns the first bytes of a body on one line.
func start(body io.Reader) string {
	if body == nil {
		return ""
	}
	b, _ := io.ReadAll(io.LimitReader(body, 200))
	return strings.ToValidUTF8(strings.Join(strings.Fields(string(b)), " "), "")
}
