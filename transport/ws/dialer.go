//go:build !js

package ws

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/internal/dialerr"
	"github.com/coder/websocket"
)

const (
	defaultReadLimit        = 4 << 20
	defaultHandshakeTimeout = 5 * time.Second
	defaultWriteTimeout     = 10 * time.Second
	defaultPongTimeout      = 5 * time.Second
)

// Dialer dials WebSocket gateways. The zero value is ready to use.
type Dialer struct {
	// HTTPClient makes the handshake; nil means a client with the settings of
	// http.DefaultTransport. Its Transport is cloned for each connection. One
	// that is not an *http.Transport works too, but hides the socket: each
	// Write then goes through a second goroutine.
	HTTPClient *http.Client

	// TLSConfig is for wss; nil means the one of HTTPClient.
	TLSConfig *tls.Config

	// Proxy picks the proxy for a handshake request; nil means the one of
	// HTTPClient, which by default is http.ProxyFromEnvironment.
	Proxy func(*http.Request) (*url.URL, error)

	// Header is sent with the handshake, for gateways behind a proxy that
	// wants more than Janus does.
	Header http.Header

	// ReadLimit is the largest message accepted, in bytes. Zero means 4 MiB,
	// negative means no limit. A larger one ends the connection with a
	// [*transport.TooLargeError].
	ReadLimit int64

	// HandshakeTimeout bounds a dial whose ctx has no deadline. Zero means 5 s.
	HandshakeTimeout time.Duration

	// WriteTimeout is how long the peer may take nothing of what was written
	// before the connection is given up. Zero means 10 s.
	WriteTimeout time.Duration

	// PingInterval is the time between two WebSocket pings; zero means none.
	// Janus' own keepalive finds a dead peer as well. Pongs are seen only while
	// somebody reads the connection.
	PingInterval time.Duration

	// PongTimeout is how long a ping may stay unanswered before the connection
	// is given up with [transport.ErrPongTimeout]. Zero means 5 s.
	PongTimeout time.Duration
}

var _ transport.Dialer = (*Dialer)(nil)

// Dial connects to the gateway at rawURL, with the scheme ws or wss. Janus
// accepts any path. Errors are [*transport.URLError] and
// [*transport.DialError]; the latter wraps a [*transport.StatusError] when the
// server answered in HTTP instead of upgrading the connection.
func (d *Dialer) Dial(ctx context.Context, rawURL string, api transport.API) (transport.Conn, error) {
	if err := dialerr.CheckURL(rawURL, "ws://host:8188/", "ws", "wss"); err != nil {
		return nil, err
	}
	s := d.settings()
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.HandshakeTimeout,
			fmt.Errorf("%w within %v", transport.ErrDialTimeout, s.HandshakeTimeout))
		defer cancel()
	}
	p := newPlug(&s)
	sock, resp, err := websocket.Dial(p.trace(ctx), rawURL, &websocket.DialOptions{ //nolint:bodyclose // its documentation says so
		HTTPClient:      p.client,
		HTTPHeader:      s.Header.Clone(),
		Subprotocols:    []string{subprotocol(api)},
		CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		p.abandon()
		return nil, dialError(ctx, rawURL, api, resp, err)
	}
	if sock.Subprotocol() != subprotocol(api) {
		_ = sock.CloseNow()
		p.abandon()
		return nil, refused(rawURL, api)
	}
	if p.link == nil {
		_ = sock.CloseNow()
		return nil, &transport.DialError{URL: transport.Redact(rawURL), Err: errors.New("HTTPClient hides its connection")}
	}
	return newConn(sock, p.link, &s), nil //nolint:contextcheck // the connection outlives the dial
}

// settings returns a copy of d with the defaults filled in.
func (d *Dialer) settings() Dialer {
	s := *d
	if s.ReadLimit == 0 {
		s.ReadLimit = defaultReadLimit
	}
	if s.HandshakeTimeout <= 0 {
		s.HandshakeTimeout = defaultHandshakeTimeout
	}
	if s.WriteTimeout <= 0 {
		s.WriteTimeout = defaultWriteTimeout
	}
	if s.PongTimeout <= 0 {
		s.PongTimeout = defaultPongTimeout
	}
	return s
}

// subprotocol is the name Janus insists on: a port accepts exactly one.
func subprotocol(api transport.API) string {
	if api == transport.Admin {
		return "janus-admin-protocol"
	}
	return "janus-protocol"
}
