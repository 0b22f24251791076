package client

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/exposed"
	"github.com/bifrons-rtc/bifrons/transport"
)

// servers is the list of gateways, and which of them is in use. It belongs to the
// goroutine that dials.
type servers struct {
	urls    []string
	at      int
	exposed atomic.Pointer[string] // one of them to which nothing is encrypted; nil: none. Anybody may read it
}

// next goes to the one behind the present one.
func (s *servers) next() { s.at = (s.at + 1) % len(s.urls) }

func (s *servers) url() string { return s.urls[s.at] }

// connect dials one server after the other until one answers.
func (c *Client) connect(ctx context.Context) (transport.Conn, error) {
	var all []error
	for left := len(c.servers.urls); ; left-- {
		c.enter(State{Phase: Connecting, Attempt: 1, Cause: errors.Join(all...), URL: transport.Redact(c.servers.url())})
		conn, err := c.dialShare(ctx, left)
		if err == nil {
			return conn, nil
		}
		if all = append(all, err); left == 1 || ctx.Err() != nil {
			break
		}
		c.servers.next()
	}
	if len(all) == 1 {
		return nil, all[0]
	}
	return nil, errors.Join(all...)
}

// dialShare dials the present server within an equal share of the time there is,
// so that one that does not answer leaves some for the others.
func (c *Client) dialShare(ctx context.Context, left int) (transport.Conn, error) {
	if end, has := ctx.Deadline(); has && left > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, time.Until(end)/time.Duration(left), transport.ErrDialTimeout)
		defer cancel()
	}
	return c.dial(ctx, c.servers.url())
}

// hopeless reports whether a dial that ended with err would end so every time.
func hopeless(err error) bool {
	var e *transport.DialError
	var scheme *transport.SchemeError
	var url *transport.URLError
	var status *transport.StatusError
	return errors.As(err, &e) && e.Final || errors.As(err, &scheme) || errors.As(err, &url) ||
		errors.As(err, &status) && (status.Code == 401 || status.Code == 403)
}

// list makes these the servers.
func (s *servers) list(urls []string) {
	var open *string
	for _, url := range urls {
		if exposed.URL(url) {
			open = &url
		}
	}
	s.urls = urls
	s.exposed.Store(open)
}

// checkSecure refuses secrets, if there are any, that would go to one of the servers,
// or to a further one, in the open.
func (c *Client) checkSecure(secrets bool, further ...string) error {
	url := c.servers.exposed.Load()
	for _, f := range further {
		if exposed.URL(f) {
			url = &f
		}
	}
	if !secrets || c.opts.AllowInsecure || url == nil {
		return nil
	}
	return &InsecureError{transport.Redact(*url)}
}
