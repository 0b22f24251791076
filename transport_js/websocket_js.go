package transportjs

import (
	"context"
	"errors"
	"strings"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/transport"
)

const (
	defaultReadLimit    = 4 << 20
	defaultDialTimeout  = 5 * time.Second
	defaultWriteTimeout = 10 * time.Second
)

// WebSocket dials with the WebSocket constructor of the page. The zero value is
// ready to use.
type WebSocket struct {
	// ReadLimit is the largest message accepted, in bytes. Zero means 4 MiB,
	// negative means no limit. A larger one ends the connection with a
	// [*transport.TooLargeError].
	ReadLimit int64

	// HandshakeTimeout bounds a dial whose ctx has no deadline. Zero means 5 s.
	HandshakeTimeout time.Duration

	// WriteTimeout is how long the browser may send nothing of what was written,
	// while somebody waits to write more, before the connection is given up.
	// Zero means 10 s.
	WriteTimeout time.Duration
}

var _ transport.Dialer = WebSocket{}

// Dial connects to the gateway at rawURL, with the scheme ws or wss. Janus
// accepts any path. Errors are [*transport.URLError] and
// [*transport.DialError]; where there is no WebSocket constructor the latter
// matches errors.ErrUnsupported.
func (w WebSocket) Dial(ctx context.Context, rawURL string, api transport.API) (transport.Conn, error) {
	host, err := checkURL(rawURL, "ws://host:8188/", "ws", "wss")
	if err != nil {
		return nil, err
	}
	ctor := js.Global().Get("WebSocket")
	if ctor.Type() != js.TypeFunction {
		return nil, &transport.DialError{
			URL: transport.Redact(rawURL),
			Err: fmt.Errorf("no WebSocket here: %w", errors.ErrUnsupported),
			Fix: "Node has one from version 22 on, or with --experimental-websocket",
		}
	}
	ctx, cancel := withTimeout(ctx, w.HandshakeTimeout)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return nil, gaveUp(ctx, rawURL)
	}
	policy := watchPolicy(host)
	defer policy.close()
	url, _, _ := strings.Cut(rawURL, "#") // older browsers refuse a fragment
	sock, err := jsx.Try(func() js.Value { return ctor.New(url, []any{subprotocol(api)}) })
	if err != nil {
		return nil, policy.explain(rawURL, err, refusedWS(rawURL, api))
	}
	c := newConn(sock, w)
	select {
	case <-c.opened:
		return c, nil
	case <-c.over:
		c.abandon()
		return nil, policy.explain(rawURL, nil, refusedWS(rawURL, api))
	case <-ctx.Done():
		c.abandon()
		return nil, gaveUp(ctx, rawURL)
	}
}

// withTimeout bounds ctx if nobody else has.
func withTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	if d <= 0 {
		d = defaultDialTimeout
	}
	return context.WithTimeoutCause(ctx, d, fmt.Errorf("%w within %v", transport.ErrDialTimeout, d))
}

// subprotocol is the name Janus insists on: a port accepts exactly one.
func subprotocol(api transport.API) string {
	if api == transport.Admin {
		return "janus-admin-protocol"
	}
	return "janus-protocol"
}
