package admin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/exposed"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Options tunes a [Client]. A nil *Options, like every zero field, means the
// default.
type Options struct {
	// Secret is the admin_secret of the gateway's janus.jcfg. It travels in the
	// body of each request. Empty: the gateway asks for none.
	Secret string

	// RequestTimeout bounds a request whose context has no deadline; running out
	// of it gives client.ErrTimeout. Zero: 10 s, and 30 s for the requests that
	// make the gateway wait for others. Negative: no bound.
	RequestTimeout time.Duration

	// AllowInsecure lets the secret and tokens travel unencrypted, by ws or http to a
	// host that is not this one, which is a *client.InsecureError otherwise.
	AllowInsecure bool

	// Transports dials the URL. Nil: client.DefaultTransports.
	Transports transport.Registry

	// Trace shows the wire, without secrets. Nil: no tracing.
	Trace *client.Trace
}

const defaultRequestTimeout = 10 * time.Second

// Client is a connection to the admin API. Its methods may be called
// concurrently.
//
// What holds the secret is behind a pointer: whoever prints a Client does not
// print that.
type Client struct {
	opts   *Options
	open   *client.InsecureError // why no secret may go to the gateway; nil: it may
	conn   transport.Conn
	direct transport.Exchanger // nil: answers come to the read loop
	prefix string              // of the transactions

	mu      sync.Mutex             // protects what follows
	next    uint64                 // transaction
	pending map[string]chan []byte // by transaction; each holds one answer
	closed  bool
	err     error // why the connection ended
	done    chan struct{}
}

// Dial connects to the admin API at url, e.g. "http://127.0.0.1:7088/admin",
// "ws://127.0.0.1:7188/" or, natively, "unix:///run/janus/admin". ctx bounds the
// dial only. The errors are those of the transport ([transport.SchemeError],
// [transport.URLError], [transport.DialError]) and *client.InsecureError; that of a
// gateway without the admin API says how to turn it on. The secret is not checked
// before the first request that needs it; [Client.Status] is the least.
func Dial(ctx context.Context, url string, opts *Options) (*Client, error) {
	c := newClient(opts)
	if exposed.URL(url) && !c.opts.AllowInsecure {
		c.open = &client.InsecureError{URL: transport.Redact(url)}
		if c.opts.Secret != "" {
			return nil, c.open
		}
	}
	conn, err := c.opts.Transports.Dial(ctx, url, transport.Admin)
	if err != nil {
		return nil, err
	}
	c.run(conn) //nolint:contextcheck // the read loop outlives the dial
	return c, nil
}

// New wraps a connection that is already open, made for [transport.Admin]. The
// Client takes ownership of conn.
func New(conn transport.Conn, opts *Options) *Client {
	c := newClient(opts)
	c.run(conn)
	return c
}

func newClient(opts *Options) *Client {
	c := &Client{
		prefix:  strconv.FormatUint(rand.Uint64(), 36) + "-",
		pending: make(map[string]chan []byte),
		done:    make(chan struct{}),
		opts:    new(Options),
	}
	if opts != nil {
		*c.opts = *opts
	}
	if c.opts.RequestTimeout == 0 {
		c.opts.RequestTimeout = defaultRequestTimeout
	}
	if c.opts.Transports == nil {
		c.opts.Transports = client.DefaultTransports()
	}
	return c
}

func (c *Client) run(conn transport.Conn) {
	c.conn = conn
	c.direct, _ = conn.(transport.Exchanger)
	// The read loop owns Conn.Read. It ends when that fails for good, closes
	// done, and Close waits for that.
	go c.read()
}

func (c *Client) read() {
	for {
		data, err := c.conn.Read(context.Background())
		if err != nil {
			c.end(err)
			return
		}
		c.receive(data)
	}
}

// receive hands a message to the request it answers. It runs on the read loop.
func (c *Client) receive(data []byte) {
	if t := c.opts.Trace; t != nil && t.Received != nil {
		t.Received(client.Redact(data))
	}
	txn, _ := jsonscan.String(jsonscan.Get(data, "transaction"))
	c.mu.Lock()
	wait := c.pending[string(txn)]
	delete(c.pending, string(txn))
	c.mu.Unlock()
	if wait != nil {
		wait <- bytes.Clone(data)
		return
	}
	if t := c.opts.Trace; t != nil && t.Ignored != nil {
		t.Ignored(client.Redact(data), "no request waits for this answer")
	}
}

// end notes why the connection is gone.
func (c *Client) end(err error) {
	c.mu.Lock()
	if c.closed {
		c.err = client.ErrClosed
	} else {
		c.err = &lossError{err}
	}
	c.mu.Unlock()
	_ = c.conn.Close()
	close(c.done)
}

// begin takes a transaction, and the channel its answer comes through.
func (c *Client) begin() (txn string, answer chan []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, lost := errors.AsType[*lossError](c.err); lost {
		return "", nil, fmt.Errorf("%w: %w", client.ErrInterrupted, c.err)
	}
	if c.closed {
		return "", nil, client.ErrClosed
	}
	c.next++
	txn = c.prefix + strconv.FormatUint(c.next, 36)
	answer = make(chan []byte, 1)
	c.pending[txn] = answer
	return txn, answer, nil
}

// forget takes a transaction out of the table.
func (c *Client) forget(txn string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, txn)
}

// Close releases the connection, ends the requests under way with
// client.ErrClosed, and returns once the Client's goroutine has exited. It is
// idempotent; it must not be called from a Trace hook.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	_ = c.conn.Close()
	<-c.done
	return nil
}

// Done is closed when the Client has ended, by Close or because the connection
// was lost.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err says why the Client ended: it matches client.ErrClosed, and holds the
// transport's error after a loss. It is nil until then.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}
