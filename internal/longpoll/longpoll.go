package longpoll

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// ErrNotSent is matched by the error of a [Doer] that is certain that no byte
// of the request left: nobody accepted the connection. Only then is a request
// that changes something sent again.
var ErrNotSent = errors.New("the request was not sent")

// Doer performs one HTTP exchange and returns the whole body of the answer,
// which is the caller's. The method is GET or POST, and a body is JSON. An error
// must not show the URL. An answer above the read limit is a
// [*transport.TooLargeError], one that never came because nobody accepted the
// connection matches [ErrNotSent].
type Doer func(ctx context.Context, method, url string, body []byte) (status int, answer []byte, err error)

// Options tune a Conn. Zero fields are defaults.
type Options struct {
	MaxEvents   int           // in the answer to one poll; zero: 10
	MaxPosts    int           // requests under way at once, not counting polls; zero: 32
	PollTimeout time.Duration // for one poll, which Janus holds for 30 s; zero: 35 s
	PostTimeout time.Duration // for a request whose ctx has no deadline; zero: 30 s
}

// maxQueue is how many messages wait for Read before nothing new is asked for.
const maxQueue = 256

// Conn is the connection: a queue of what came in, and the pollers that fill
// it. Requests fill it, too, from the goroutine of their Write.
type Conn struct {
	base base
	api  transport.API
	opts Options
	do   Doer

	life  context.Context //nolint:containedctx // ends what is under way when the Conn ends
	kill  context.CancelFunc
	slots chan struct{}  // one token for each request under way
	runs  sync.WaitGroup // the pollers

	mu      sync.Mutex // protects what follows
	queue   [][]byte
	polls   map[uint64]*poller
	denied  []*poller // Read has not told yet
	closed  bool
	ended   error         // how the connection was lost
	arrived chan struct{} // one token when there is news for Read
	room    chan struct{} // closed when the queue has room again; nil when nobody waits
}

var (
	_ transport.Conn          = (*Conn)(nil)
	_ transport.SessionPoller = (*Conn)(nil)
	_ transport.Exchanger     = (*Conn)(nil)
)

// Open returns a Conn to the API at the URL root, which ends in the path that
// the gateway is configured with, usually /janus or /admin. It sends nothing,
// see [Probe].
func Open(root string, api transport.API, opts Options, do Doer) *Conn {
	if opts.MaxEvents <= 0 {
		opts.MaxEvents = 10
	}
	if opts.MaxPosts <= 0 {
		opts.MaxPosts = 32
	}
	if opts.PollTimeout <= 0 {
		opts.PollTimeout = 35 * time.Second
	}
	if opts.PostTimeout <= 0 {
		opts.PostTimeout = 30 * time.Second
	}
	c := &Conn{
		base: parseBase(root), api: api, opts: opts, do: do,
		slots:   make(chan struct{}, opts.MaxPosts),
		polls:   make(map[uint64]*poller),
		arrived: make(chan struct{}, 1),
	}
	c.life, c.kill = context.WithCancel(context.Background())
	return c
}

// Read implements [transport.Conn].
func (c *Conn) Read(ctx context.Context) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for {
		if b, err := c.pop(); b != nil || err != nil {
			return b, err
		}
		select {
		case <-c.arrived:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// pop returns the oldest message, or how the connection ended, or neither.
func (c *Conn) pop() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return nil, transport.ErrClosed
	case len(c.queue) == 0 && len(c.denied) > 0:
		p := c.denied[0]
		c.denied = c.denied[1:]
		return p.denial(), nil
	case len(c.queue) == 0:
		return nil, c.ended
	}
	b := c.queue[0]
	c.queue[0] = nil
	c.queue = c.queue[1:]
	if c.room != nil && len(c.queue) <= maxQueue/2 {
		close(c.room)
		c.room = nil
	}
	return b, nil
}

// push queues what came in. The caller holds mu. It always succeeds, for what
// was received must not be lost: the bound is kept by not asking for more.
func (c *Conn) push(messages ...[]byte) {
	if c.closed || c.ended != nil || len(messages) == 0 {
		return
	}
	c.queue = append(c.queue, messages...)
	c.wake()
}

func (c *Conn) wake() {
	select {
	case c.arrived <- struct{}{}:
	default:
	}
}

// waitRoom returns when the queue can take an answer, or with the reason why it
// never will.
func (c *Conn) waitRoom(ctx context.Context) error {
	for {
		c.mu.Lock()
		if err := c.over(); err != nil {
			c.mu.Unlock()
			return err
		}
		if len(c.queue) < maxQueue {
			c.mu.Unlock()
			return nil
		}
		if c.room == nil {
			c.room = make(chan struct{})
		}
		room := c.room
		c.mu.Unlock()
		select {
		case <-room:
		case <-c.life.Done():
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// over returns why the connection takes no more calls. The caller holds mu.
func (c *Conn) over() error {
	if c.closed {
		return transport.ErrClosed
	}
	return c.ended
}

func (c *Conn) state() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over()
}

// end loses the connection for the given reason. Read returns it once it has
// returned what came before.
func (c *Conn) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over() != nil {
		return
	}
	c.ended = err
	c.kill()
	c.wake()
}

// Close implements [transport.Conn]. It sends nothing: what sessions there are
// live on until they are destroyed or time out.
func (c *Conn) Close() error {
	c.mu.Lock()
	c.closed = true
	c.queue = nil
	c.kill()
	c.wake()
	c.mu.Unlock()
	c.runs.Wait()
	return nil
}
