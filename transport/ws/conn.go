//go:build !js

package ws

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/coder/websocket"
)

const (
	closeTimeout = 2 * time.Second // for the peer to answer a close frame
	keepMessage  = 256 << 10       // a larger read buffer serves one message only
)

// conn is a [transport.Conn] over one WebSocket.
//
// coder/websocket closes the connection when a context of its Read or Write
// ends, so it never gets to see one that can.
type conn struct {
	sock  *websocket.Conn
	link  *link
	limit int64 // of a message, in bytes

	// The reading goroutine owns these.
	buf  []byte
	late chan struct{} // closed when the read of an abandoned Read is done
	got  []byte        // its result
	fail error         // its error, or the one every Read returns from now on

	closeOnce sync.Once
	done      chan struct{} // closed when Close begins
	mu        sync.Mutex    // orders helpers.Add before Close's Wait
	helpers   sync.WaitGroup
	ended     atomic.Pointer[error] // how the connection was lost
}

var _ transport.Conn = (*conn)(nil)

func newConn(sock *websocket.Conn, l *link, s *Dialer) *conn {
	c := &conn{sock: sock, link: l, limit: s.ReadLimit, done: make(chan struct{})}
	sock.SetReadLimit(max(s.ReadLimit, -1))
	if s.PingInterval > 0 {
		// It owns the pings, ends when the connection does, and Close waits.
		c.helpers.Add(1)
		go c.ping(s.PingInterval, s.PongTimeout)
	}
	return c
}

// Read implements [transport.Conn]. With a ctx that cannot end, it reads on the
// caller's goroutine and allocates nothing.
func (c *conn) Read(ctx context.Context) ([]byte, error) {
	if c.isClosed() {
		return nil, transport.ErrClosed
	}
	if c.late == nil && ctx.Done() == nil {
		if c.fail == nil {
			c.got, c.fail = c.next() //nolint:contextcheck // see conn
		}
		return c.result()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c.late == nil {
		if c.fail != nil {
			return c.result()
		}
		if !c.readLate() { //nolint:contextcheck // see conn
			return nil, transport.ErrClosed
		}
	}
	select {
	case <-c.late:
		c.late = nil
		return c.result()
	default:
	}
	select {
	case <-c.late:
		c.late = nil
		return c.result()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// result returns what next found, unless it found the end that Close made.
func (c *conn) result() ([]byte, error) {
	if c.fail != nil && c.isClosed() {
		return nil, transport.ErrClosed
	}
	if c.fail != nil {
		return nil, c.fail
	}
	return c.got, nil
}

// readLate starts a read that the next Reads wait for.
func (c *conn) readLate() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isClosed() {
		return false
	}
	late := make(chan struct{})
	c.late = late
	// It owns the reading side until it closes late, with the first message or
	// the end of the connection; Close waits for it.
	c.helpers.Add(1)
	go func() {
		defer c.helpers.Done()
		defer close(late)
		c.got, c.fail = c.next()
	}()
	return true
}

// next reads one message into buf.
func (c *conn) next() ([]byte, error) {
	if cap(c.buf) > keepMessage || cap(c.buf) == 0 {
		c.buf = make([]byte, 0, 4<<10)
	}
	_, r, err := c.sock.Reader(context.Background())
	if err != nil {
		return nil, c.lost(err)
	}
	b := c.buf[:0]
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			c.buf = b
			return b, nil
		}
		if err != nil {
			return nil, c.lost(err)
		}
	}
}

// Write implements [transport.Conn]. The message is accepted once it is in the
// buffer of the connection, 1 MiB at most; Write waits only for room in it. A
// connection that cannot send what was accepted ends, which Read reports.
func (c *conn) Write(ctx context.Context, m transport.Message) error {
	if c.isClosed() {
		return transport.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// Janus 1.1.2 answers error 454 to a message with white space behind it.
	data := bytes.TrimRight(m.Data, " \t\r\n")
	if err := c.link.begin(ctx, len(data), c.done); err != nil {
		return c.writeError(ctx, err)
	}
	err := c.sock.Write(context.Background(), websocket.MessageText, data) //nolint:contextcheck // see conn
	c.link.commit()
	if err != nil {
		return c.writeError(ctx, err)
	}
	return nil
}

// lost notes how the connection was lost. Only the reading side knows: a Write
// may see the socket closed before the close frame that did it was looked at.
func (c *conn) lost(err error) error {
	err = c.loss(err)
	c.ended.Store(&err)
	return err
}

// writeError is called for a message of which at most a part was accepted, and
// a frame that is not whole is no message.
func (c *conn) writeError(ctx context.Context, err error) error {
	if c.isClosed() {
		return transport.ErrClosed
	}
	if err == ctx.Err() { //nolint:errorlint // begin returns exactly that one
		return err
	}
	if ended := c.ended.Load(); ended != nil {
		return *ended
	}
	return c.loss(err)
}

// Close implements [transport.Conn]. It sends what was accepted and a close
// frame, and waits up to 2 s for the peer's.
func (c *conn) Close() error {
	c.closeOnce.Do(func() {
		c.mu.Lock()
		close(c.done)
		c.mu.Unlock()
		if c.link.cause() == nil {
			stop := time.AfterFunc(closeTimeout, func() { _ = c.link.Close() })
			_ = c.sock.Close(websocket.StatusNormalClosure, "")
			stop.Stop()
		}
		_ = c.sock.CloseNow()
		c.link.fail(net.ErrClosed)
		c.helpers.Wait()
		c.link.wait()
	})
	return nil
}

func (c *conn) isClosed() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}
