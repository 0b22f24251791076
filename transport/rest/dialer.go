//go:build !js

package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/longpoll"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/internal/dialerr"
)

const (
	defaultReadLimit   = 4 << 20
	defaultDialTimeout = 5 * time.Second
)

// Dialer dials HTTP gateways. The zero value is ready to use.
type Dialer struct {
	// HTTPClient makes the requests. Nil means one that all Dialers share, or,
	// with TLSConfig or Proxy set, one of this Dialer's own. Its Timeout would
	// have to be longer than PollTimeout; leave it zero.
	HTTPClient *http.Client

	// TLSConfig is for https; nil means Go's defaults. It is not for use with
	// HTTPClient, which has its own.
	TLSConfig *tls.Config

	// Proxy picks the proxy for a request; nil means http.ProxyFromEnvironment.
	// It is not for use with HTTPClient, which has its own.
	Proxy func(*http.Request) (*url.URL, error)

	// Header is sent with every request, for gateways behind a proxy that wants
	// more than Janus does.
	Header http.Header

	// MaxEvents is how many events Janus may put into the answer to one poll.
	// Zero means 10.
	MaxEvents int

	// MaxConns is how many requests of one connection are under way at once;
	// others wait. Polls come on top, one for each session. Zero means 32: from
	// some 128 on, Janus' HTTP server may stall for many seconds.
	MaxConns int

	// PollTimeout is when a connection is given up because a poll got no answer.
	// Janus answers after 30 s at the latest. Zero means 35 s.
	PollTimeout time.Duration

	// DialTimeout bounds a dial whose ctx has no deadline. Zero means 5 s.
	DialTimeout time.Duration

	// ReadLimit is the largest answer accepted, in bytes. Zero means 4 MiB,
	// negative means no limit. A larger one ends the connection with a
	// [*transport.TooLargeError].
	ReadLimit int64

	once sync.Once
	own  *http.Client // see client
}

var _ transport.Dialer = (*Dialer)(nil)

// Dial asks the gateway at rawURL for its info, which both APIs give without
// credentials, and returns a connection to it. The path of the URL is what the
// gateway is configured with, by default /janus on port 8088 and, for the admin
// API, /admin on port 7088.
//
// Errors are [*transport.URLError] and [*transport.DialError]; the latter wraps
// a [*transport.StatusError] when something else than a gateway answered.
func (d *Dialer) Dial(ctx context.Context, rawURL string, api transport.API) (transport.Conn, error) {
	if err := dialerr.CheckURL(rawURL, "http://host:8088/janus", "http", "https"); err != nil {
		return nil, err
	}
	if _, ok := ctx.Deadline(); !ok {
		timeout := d.DialTimeout
		if timeout <= 0 {
			timeout = defaultDialTimeout
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout,
			fmt.Errorf("%w within %v", transport.ErrDialTimeout, timeout))
		defer cancel()
	}
	do := d.doer()
	if err := longpoll.Probe(ctx, rawURL, do); err != nil {
		return nil, dialError(ctx, rawURL, api, err)
	}
	return longpoll.Open(rawURL, api, longpoll.Options{
		MaxEvents: d.MaxEvents, MaxPosts: d.MaxConns, PollTimeout: d.PollTimeout,
	}, do), nil
}

// CloseIdle closes the idle sockets of the pool that this Dialer uses, which
// for a zero Dialer is the shared one. They close by themselves after 90 s;
// nobody needs to call it but programs that count their goroutines.
func (d *Dialer) CloseIdle() { d.client().CloseIdleConnections() }

func dialError(ctx context.Context, rawURL string, api transport.API, err error) error {
	if status, ok := errors.AsType[*transport.StatusError](err); ok {
		e := &transport.DialError{URL: transport.Redact(rawURL), Err: status, Fix: status.Fix}
		status.Fix = "" // one fix a line
		return e
	}
	h := dialerr.Hints{
		Refused: "is Janus running, with its HTTP transport on this port? the default is 8088",
		Dropped: "the server hung up without an HTTP answer: is this the port of another transport? the default for HTTP is 8088; a port for TLS does the same to http://",
		Plain:   "the server speaks plain HTTP: dial http:// instead of https://",
		Secure:  "the server speaks TLS: dial https:// instead of http://",
	}
	if api == transport.Admin {
		h.Refused = "is Janus running with admin_http = true? its admin API for HTTP is off by default, and on port 7088 when on"
	}
	return dialerr.New(ctx, rawURL, err, h)
}
