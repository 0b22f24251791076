package transportjs

import (
	"bytes"
	"context"
	"math"
	"sync"
	"sync/atomic"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/evq"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/transport"
)

// The codes a browser lets a page close with are 1000 and 3000 to 4999; ours
// are from 4000 on.
const (
	closeNormal   = 1000
	closeStalled  = 4000
	closeOverflow = 4008
	closeTooLarge = 4009
)

const closeTimeout = 2 * time.Second // for the peer to answer a close frame

// stateOpen is the readyState of a WebSocket that sends what it is given.
const stateOpen = 1

// conn is a [transport.Conn] over one WebSocket of the browser.
type conn struct {
	sock         js.Value
	readLimit    int64 // bytes; negative: none
	writeTimeout time.Duration
	scope        jsx.Scope // the listeners
	release      func()    // the timers

	in      evq.Queue[[]byte]
	waiting atomic.Int64 // bytes in it
	written atomic.Int64 // bytes handed to the browser, ever

	opened chan struct{} // closed when the handshake is done
	gone   chan struct{} // closed when the browser is through with the socket

	lost  sync.Once
	cause error         // how the connection was lost; valid once over is closed
	over  chan struct{} // closed when the connection is lost

	closeOnce sync.Once
	done      chan struct{} // closed when Close begins
}

var _ transport.Conn = (*conn)(nil)

func newConn(sock js.Value, w WebSocket) *conn {
	c := &conn{
		sock: sock, readLimit: w.ReadLimit, writeTimeout: w.WriteTimeout,
		opened: make(chan struct{}), gone: make(chan struct{}), over: make(chan struct{}), done: make(chan struct{}),
	}
	if c.readLimit == 0 {
		c.readLimit = defaultReadLimit
	}
	if c.writeTimeout <= 0 {
		c.writeTimeout = defaultWriteTimeout
	}
	c.in.Init(math.MaxInt, math.MaxInt) // bounded by waiting: no message may be dropped
	c.release = HoldTimers()
	sock.Set("binaryType", "arraybuffer")
	c.scope.Listen(sock, "open", func(js.Value) { close(c.opened) })
	c.scope.Listen(sock, "message", func(ev js.Value) { c.message(ev.Get("data")) })
	c.scope.Listen(sock, "close", func(ev js.Value) {
		c.lose(&transport.CloseError{Code: ev.Get("code").Int(), Reason: ev.Get("reason").String(), Err: unclean(ev)}, 0)
		close(c.gone)
	})
	// Chromium does not say close when the page's policy forbids a connection.
	c.scope.Listen(sock, "error", func(js.Value) {
		select {
		case <-c.opened:
		default:
			c.lose(&transport.CloseError{Code: 1006, Err: errNoReason}, 0)
		}
	})
	return c
}

// Read implements [transport.Conn].
func (c *conn) Read(ctx context.Context) ([]byte, error) {
	if c.isClosed() {
		return nil, transport.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b, _, err := c.in.Pop(ctx)
	if c.isClosed() {
		return nil, transport.ErrClosed
	}
	if err != nil {
		return nil, err
	}
	c.waiting.Add(-weight(b))
	return b, nil
}

// Write implements [transport.Conn]. The message is accepted once it is in the
// browser's buffer, 1 MiB at most; Write waits only for room in it.
func (c *conn) Write(ctx context.Context, m transport.Message) error {
	if c.isClosed() {
		return transport.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// Janus 1.1.2 answers error 454 to a message with white space behind it.
	data := bytes.TrimRight(m.Data, " \t\r\n")
	if err := c.waitRoom(ctx, len(data)); err != nil {
		return err
	}
	if c.sock.Get("readyState").Int() != stateOpen { // send would take it and drop it
		select {
		case <-c.over:
			return c.cause
		default:
			return &transport.CloseError{Code: 1006, Err: errClosing}
		}
	}
	c.written.Add(int64(len(data)))
	c.sock.Call("send", string(data))
	return nil
}

// Close implements [transport.Conn]. It sends what was accepted and a close
// frame, and waits up to 2 s for the peer's.
func (c *conn) Close() error {
	c.closeOnce.Do(func() {
		close(c.done)
		c.in.Close(transport.ErrClosed)
		c.shut(closeNormal)
		timer := time.NewTimer(closeTimeout)
		defer timer.Stop()
		select {
		case <-c.gone:
		case <-timer.C: // the browser gives up later
		}
		c.abandon()
	})
	return nil
}

// abandon gives back what the connection holds, whatever becomes of the socket.
func (c *conn) abandon() {
	c.scope.Close()
	c.shut(closeNormal)
	c.release()
}

func (c *conn) isClosed() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}
