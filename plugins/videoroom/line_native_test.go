//go:build !js

package videoroom_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport"
)

// line is the way to a gateway, which can be cut.
type line struct {
	dialer transport.Dialer

	mu    sync.Mutex
	conns []transport.Conn
	open  chan struct{} // closed unless the line is cut
}

// newLine returns a line, and the options of a client that uses it.
func newLine(scheme string) (*line, *client.Options) {
	l := &line{dialer: client.DefaultTransports()[scheme], open: make(chan struct{})}
	close(l.open)
	return l, &client.Options{Transports: transport.Registry{scheme: l}}
}

// Dial implements transport.Dialer.
func (l *line) Dial(ctx context.Context, url string, api transport.API) (transport.Conn, error) {
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

// cut loses the connection and lets no other come until the line is mended.
func (l *line) cut(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	l.open = make(chan struct{})
	conns := slices.Clone(l.conns)
	l.conns = nil
	l.mu.Unlock()
	for _, c := range conns {
		require.NoError(t, c.Close())
	}
}

func (l *line) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.open)
}

// lineSession is a session over a line.
func lineSession(ctx context.Context, t *testing.T, url string) (*line, *client.Session) {
	t.Helper()
	l, opts := newLine("ws")
	c, err := client.Dial(ctx, url, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	return l, s
}
