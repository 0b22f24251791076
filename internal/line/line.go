// Package line is the way from a client to a gateway, which tests can cut.
package line

import (
	"context"
	"errors"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Line dials as the client would. Its methods may be called concurrently.
type Line struct {
	dialer transport.Dialer

	mu    sync.Mutex // guards the rest
	conns []transport.Conn
	open  chan struct{} // closed when it lets connections through
}

var _ transport.Dialer = (*Line)(nil)

// New returns a line, and the options of a client that uses it for URLs with the
// scheme.
func New(scheme string) (*Line, *client.Options) {
	l := &Line{dialer: client.DefaultTransports()[scheme], open: make(chan struct{})}
	close(l.open)
	return l, &client.Options{Transports: transport.Registry{scheme: l}}
}

// Dial implements transport.Dialer.
func (l *Line) Dial(ctx context.Context, url string, api transport.API) (transport.Conn, error) {
	l.mu.Lock()
	open := l.open
	l.mu.Unlock()
	select {
	case <-open:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	conn, err := l.dialer.Dial(ctx, url, api)
	if err == nil {
		l.mu.Lock()
		l.conns = append(l.conns, conn)
		l.mu.Unlock()
	}
	return conn, err
}

// Cut loses the connections there are, without a word to the client.
func (l *Line) Cut() error {
	l.mu.Lock()
	conns := l.conns
	l.conns = nil
	l.mu.Unlock()
	var errs []error
	for _, c := range conns {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// Hold lets no new connection through until Release, which it needs before the
// next Hold.
func (l *Line) Hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = make(chan struct{})
}

// Release ends what Hold began.
func (l *Line) Release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.open)
}
