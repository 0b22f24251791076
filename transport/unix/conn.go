//go:build !js

package unix

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// conn is a [transport.Conn] over one socket, on which a message is a packet: a
// call of the system sends or receives it whole or not at all. So a context may
// end a call by means of a deadline, and nothing is lost.
type conn struct {
	sock net.Conn
	dir  string // of the name of a datagram socket
	opts Dialer

	buf    []byte        // what Read lends
	writer chan struct{} // a token for the goroutine that writes, whose deadline it is

	mu     sync.Mutex // protects what follows
	closed bool
	ended  error // how the connection was lost
}

var _ transport.Conn = (*conn)(nil)

func newConn(sock net.Conn, dir string, opts Dialer) *conn {
	return &conn{
		sock: sock, dir: dir, opts: opts,
		buf:    make([]byte, opts.ReadLimit+1),
		writer: make(chan struct{}, 1),
	}
}

// Read implements [transport.Conn].
func (c *conn) Read(ctx context.Context) ([]byte, error) {
	if err := c.over(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	release := limit(ctx, c.sock.SetReadDeadline)
	n, err := c.sock.Read(c.buf)
	release()
	switch {
	case err == nil && n <= c.opts.ReadLimit:
		return c.buf[:n], nil
	case err == nil: // the system cut what did not fit
		return nil, c.end(&transport.TooLargeError{Limit: int64(c.opts.ReadLimit)})
	case errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return nil, c.end(lost(err))
}

// Write implements [transport.Conn]. It returns when the system took the
// packet. A message above the limit is a [*SizeError].
func (c *conn) Write(ctx context.Context, m transport.Message) error {
	if err := c.over(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(m.Data) > c.opts.WriteLimit {
		return &SizeError{Size: len(m.Data), Limit: c.opts.WriteLimit}
	}
	select {
	case c.writer <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.writer }()
	release := limit(ctx, c.sock.SetWriteDeadline)
	_, err := c.sock.Write(m.Data)
	release()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() != nil:
		return ctx.Err()
	case tooLong(err):
		return err // the system's limit; the socket is as good as before
	}
	return c.end(lost(err))
}

// limit ends the calls that a deadline is for when ctx does. Release takes the
// deadline away.
func limit(ctx context.Context, set func(time.Time) error) (release func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		_ = set(time.Unix(1, 0))
		close(done)
	})
	return func() {
		if !stop() {
			<-done
			_ = set(time.Time{})
		}
	}
}

// lost is the error for a connection that err ended.
func lost(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.EOF
	}
	return &transport.CloseError{Code: 1006, Err: err}
}

// end notes that the connection is lost, and returns what calls return from now
// on: the first reason, or ErrClosed.
func (c *conn) end(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return transport.ErrClosed
	}
	if c.ended == nil {
		c.ended = err
		_ = c.sock.Close() // wakes the other side of the connection
	}
	return c.ended
}

// over returns why the connection takes no more calls.
func (c *conn) over() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return transport.ErrClosed
	}
	return c.ended
}

// Close implements [transport.Conn].
func (c *conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	_ = c.sock.Close()
	if c.dir != "" {
		_ = os.RemoveAll(c.dir)
	}
	return nil
}
