package janustest

import (
	"context"
	"errors"
	"maps"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport"
)

// URL is what [Server.Client] dials. Its scheme is the one Client registers;
// the Dialer accepts any URL.
const URL = scheme + "://memory/"

const scheme = "janustest"

// ErrServerClosed is wrapped by the error of a dial to a closed Server.
var ErrServerClosed = errors.New("janustest: server closed")

type dialer struct{ s *Server }

var _ transport.Dialer = dialer{}

// Dialer connects to s in memory, to either API; put it under any scheme of a
// [transport.Registry].
func (s *Server) Dialer() transport.Dialer { return dialer{s} }

// dialAt returns a client whose transports have d as well.
func dialAt(ctx context.Context, d transport.Dialer, opts *client.Options) (*client.Client, error) {
	var o client.Options
	if opts != nil {
		o = *opts
	}
	if o.Transports = maps.Clone(o.Transports); o.Transports == nil {
		o.Transports = make(transport.Registry, 1)
	}
	o.Transports[scheme] = d
	return client.Dial(ctx, URL, &o)
}

// Dial implements [transport.Dialer].
func (d dialer) Dial(ctx context.Context, rawURL string, api transport.API) (transport.Conn, error) {
	fail := func(err error, fix string) error {
		return &transport.DialError{URL: transport.Redact(rawURL), Err: err, Fix: fix}
	}
	if err := d.s.thawed(ctx); err != nil {
		return nil, fail(err, "")
	}
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if err := d.s.refusal(); err != nil {
		return nil, fail(err, "")
	}
	near, far := transport.Pipe()
	c, live := d.s.expect(memory{far})
	c.admin = api == transport.Admin
	d.s.start(live, c) //nolint:contextcheck // the connection outlives the dial
	return near, nil
}
