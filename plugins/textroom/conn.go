package textroom

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

const (
	// requestTimeout bounds a request whose context has no deadline.
	requestTimeout = 10 * time.Second
	// maxRequests is how many requests wait for their answers at a time; others
	// wait for their turn.
	maxRequests = 256
)

// Channel is what the protocol needs of a data channel. *media.DataChannel is
// one, and a test can bring its own. If it has a Label method, it must return
// [Label]; a Keep method is called, as that of *media.DataChannel is described.
type Channel interface {
	// SendText sends one message. It may be called concurrently, waits until the
	// channel is open, and sends nothing when ctx ends before.
	SendText(ctx context.Context, s string) error
	// ReceiveText returns the next message. One goroutine calls it. An error that
	// is followed by a message means that some were lost; two in a row mean that
	// the channel has ended, and so does one when ctx has.
	ReceiveText(ctx context.Context) (string, error)
	// Close ends the channel.
	Close() error
}

// Conn takes part in the rooms of the gateway over a data channel. It can be in
// many rooms at once. What happens in them comes as events of the [Handle] it was
// opened from.
//
// A Conn ends with Stop, or with the session. It outlives its peer connection
// where its peer is a [client.Mender]; see [Handle.Open].
//
// Its methods may be called concurrently; up to 256 requests wait for answers at
// a time. A request whose context has no deadline ends after 10 s with an error
// that matches [client.ErrTimeout]. When ctx ends first, the gateway may execute
// the request all the same. While there is no connection, requests wait for the
// next one; above 256 the error matches [client.ErrSendBuffer].
type Conn struct {
	Rooms
	h       *Handle
	peer    client.Negotiator
	ch      Channel
	slots   chan struct{}      // holds a token for each request that waits
	ended   chan struct{}      // closed by fail
	cancel  context.CancelFunc // ends the reader
	done    chan struct{}      // closed when it is gone, and what works beside it
	working sync.WaitGroup

	mu      sync.Mutex // guards the rest
	waiting map[string]*call
	sent    uint64        // requests
	cause   error         // why it ended
	unwatch func()        // ends the mending; nil where there is none
	away    chan struct{} // closed when there is a connection again; nil while there is one
	losses  int           // of connections
	syncing bool          // resync runs
}

// call is a request that waits for its answer.
type call struct {
	reply   chan reply                // holds the one there is
	granted func(raw json.RawMessage) // runs in the order of the channel; may be nil
}

// reply is an answer, or why there will be none.
type reply struct {
	raw json.RawMessage
	err error
}

func newConn(h *Handle, peer client.Negotiator, ch Channel, cancel context.CancelFunc) *Conn {
	c := &Conn{
		h: h, peer: peer, ch: ch,
		slots:   make(chan struct{}, maxRequests),
		ended:   make(chan struct{}),
		cancel:  cancel,
		done:    make(chan struct{}),
		waiting: make(map[string]*call),
	}
	c.Rooms.ask = func(ctx context.Context, verb string, body any) (json.RawMessage, error) {
		return c.ask(ctx, verb, body, nil)
	}
	return c
}

// Done is closed when the connection has ended and its goroutines are gone.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err returns why the connection ended, an error that matches [ErrEnded]. It is
// nil until then.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cause
}

// fail ends the connection. It does not block; the first cause counts.
func (c *Conn) fail(cause error) {
	c.mu.Lock()
	unwatch := c.unwatch
	c.unwatch = nil
	if c.cause == nil {
		c.cause = cause
		close(c.ended)
		c.cancel()
	}
	c.mu.Unlock()
	if unwatch != nil {
		unwatch()
	}
}

// ask makes a request and returns its answer.
func (c *Conn) ask(ctx context.Context, verb string, body any, granted func(json.RawMessage)) (json.RawMessage, error) {
	ctx, cancel := bound(ctx)
	defer cancel()
	if err := c.enter(ctx); err != nil {
		return nil, err
	}
	defer func() { <-c.slots }()
	for {
		if err := c.pass(ctx); err != nil {
			return nil, err
		}
		raw, err := c.try(ctx, verb, body, granted)
		again := errors.Is(err, errUnsent) || harmless(verb) && errors.Is(err, client.ErrOutcomeUnknown)
		if !again || c.Err() != nil {
			return raw, err
		}
	}
}

// harmless reports whether a request can be made twice.
func harmless(verb string) bool {
	return verb == "list" || verb == "exists" || verb == "listparticipants"
}

// try makes a request on the connection there is, or is being made.
func (c *Conn) try(ctx context.Context, verb string, body any, granted func(json.RawMessage)) (json.RawMessage, error) {
	w := &call{reply: make(chan reply, 1), granted: granted}
	txn, err := c.expect(w)
	if err != nil {
		return nil, err
	}
	defer c.forget(txn)
	if err := c.send(ctx, verb, txn, body); err != nil {
		return nil, err
	}
	select {
	case got := <-w.reply:
		if got.err != nil {
			return nil, got.err
		}
		if refused := refusal(got.raw); refused != nil {
			return nil, refused
		}
		return got.raw, nil
	case <-c.ended:
		return nil, fmt.Errorf("%w: %w", client.ErrOutcomeUnknown, c.Err())
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// bound gives ctx a deadline if it has none, whose cause is client.ErrTimeout.
func bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, requestTimeout, client.ErrTimeout)
}

// send sends a request.
func (c *Conn) send(ctx context.Context, verb, txn string, body any) error {
	msg, err := compose("textroom", verb, txn, body)
	if err != nil {
		return err
	}
	before := c.lost()
	err = c.ch.SendText(ctx, string(msg))
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), client.ErrTimeout):
		return client.ErrTimeout
	case c.Err() != nil:
		return c.Err()
	case ctx.Err() == nil && c.lost() != before:
		return errUnsent
	default:
		return err
	}
}

// expect gives w a transaction.
func (c *Conn) expect(w *call) (txn string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause != nil {
		return "", c.cause
	}
	c.sent++
	txn = transaction(c.sent)
	if w != nil {
		c.waiting[txn] = w
	}
	return txn, nil
}

func (c *Conn) forget(txn string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, txn)
}

// take returns the request a message answers, nil for none.
func (c *Conn) take(txn string) *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.waiting[txn]
	delete(c.waiting, txn)
	return w
}
