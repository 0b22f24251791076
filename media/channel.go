package media

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/evq"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

const (
	highWater = 1 << 20   // bytes that wait to be sent, above which Send waits
	lowWater  = 256 << 10 // and goes on

	receiveMessages = 4096
	receiveBytes    = 4 << 20
	messageCost     = 64 // of keeping a message, beside its bytes

	dataGrace = 5 * time.Second // between the end of a channel and that of its connection

	// maxChannels bounds what the other side can open; nobody needs as many.
	maxChannels = 256
)

// pipe is a data channel as the target has it.
type pipe interface {
	label() string
	protocol() string
	// listen has c hear of everything, from the first message on.
	listen(c *channel)
	write(p []byte) error
	writeText(s string) error
	buffered() uint64 // bytes that wait to be sent
	close()
	release() // the channel is closed: nothing is heard any more
}

// channel is the inside of a DataChannel: what waits, in both directions.
type channel struct {
	ours     *opening // nil: the other side opened it
	received evq.Queue[Data]
	room     chan struct{} // holds a token when less than lowWater waits
	closed   chan struct{}
	closing  sync.Once

	mu     sync.Mutex // protects what follows
	e      *engine
	pipe   pipe
	open   chan struct{} // closed when pipe is open
	isOpen bool
	keep   bool // its connection is of no use without it
}

// opening is what opens a channel.
type opening struct {
	label string
	opts  DataOptions
}

// checkData looks at what no target can do.
func checkData(o DataOptions) error {
	if o.MaxRetransmits != nil && (*o.MaxRetransmits < 0 || *o.MaxRetransmits > 65535) {
		return &OptionError{"MaxRetransmits", "want 0 to 65535"}
	}
	return nil
}

// dataOpened takes a channel of the other side. Its messages come only after
// that.
func (e *engine) dataOpened(p pipe) {
	e.mu.Lock()
	full := len(e.channels) >= maxChannels
	e.mu.Unlock()
	if full {
		p.close() // nobody was told of it
		return
	}
	e.peer.dataOpened(e.newChannel(p, nil))
}

func (e *engine) isClosed() bool {
	e.mu.Lock()
	closed := e.closed
	e.mu.Unlock()
	return closed
}

func (e *engine) newChannel(p pipe, ours *opening) *channel {
	c := &channel{
		ours:   ours,
		e:      e,
		pipe:   p,
		room:   make(chan struct{}, 1),
		open:   make(chan struct{}),
		closed: make(chan struct{}),
	}
	c.received.Init(receiveMessages, receiveBytes)
	p.listen(c)
	e.mu.Lock()
	closed := e.closed
	if !closed {
		e.channels = append(e.channels, c)
	}
	e.mu.Unlock()
	if closed {
		c.finish()
	}
	return c
}

// message takes a message of the other side.
func (c *channel) message(d Data) { c.received.Push(d, len(d.Bytes)+messageCost) }

// begin takes note that the channel is open.
func (c *channel) begin() {
	c.mu.Lock()
	if !c.isOpen {
		c.isOpen = true
		close(c.open)
	}
	c.mu.Unlock()
}

// lost takes note that the pipe p closed by itself. That is the end, unless its
// connection may have closed with it and there may be another one.
func (c *channel) lost(p pipe) {
	at := c.now()
	if at.pipe != p || at.e.isClosed() {
		return
	}
	if kept, _ := at.e.peer.outlook(); !kept || c.ours == nil {
		c.finish()
		return
	}
	c.reopen()
	c.doubt(p)
}

// doubt ends a channel whose connection lives on without it, or that connection.
func (c *channel) doubt(p pipe) {
	time.AfterFunc(dataGrace, func() {
		at := c.now()
		if at.pipe != p || at.e.isClosed() {
			return
		}
		switch kept, up := at.e.peer.outlook(); {
		case !up:
			c.doubt(p)
		case at.keep && kept:
			at.e.peer.dataLost(c)
		default:
			c.finish()
		}
	})
}

// hold takes note that the connection is of no use without the channel.
func (c *channel) hold() {
	c.mu.Lock()
	c.keep = true
	c.mu.Unlock()
}

// reopen takes note that the channel is not open for the time being.
func (c *channel) reopen() {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.closed: // for good
		return
	default:
	}
	if c.isOpen {
		c.open, c.isOpen = make(chan struct{}), false
	}
}

// move has the channel go on with a pipe of another connection.
func (c *channel) move(e *engine, p pipe) {
	c.mu.Lock()
	before := c.pipe
	c.e, c.pipe = e, p
	c.mu.Unlock()
	c.reopen()
	before.release()
	p.listen(c)
	select {
	case <-c.closed:
		p.close()
	default:
	}
}

// place is where a channel is.
type place struct {
	e    *engine
	pipe pipe
	open chan struct{}
	keep bool
}

func (c *channel) now() place {
	c.mu.Lock()
	at := place{c.e, c.pipe, c.open, c.keep}
	c.mu.Unlock()
	return at
}

func (c *channel) label() string { return c.now().pipe.label() }

func (c *channel) protocol() string { return c.now().pipe.protocol() }

func (c *channel) send(ctx context.Context, p []byte) error {
	at, err := c.admit(ctx, len(p))
	if err != nil {
		return err
	}
	return c.sent(at, at.pipe.write(p))
}

func (c *channel) sendText(ctx context.Context, s string) error {
	at, err := c.admit(ctx, len(s))
	if err != nil {
		return err
	}
	return c.sent(at, at.pipe.writeText(s))
}

// admit waits until a message of size bytes may be sent.
func (c *channel) admit(ctx context.Context, size int) (place, error) {
	for {
		at := c.now()
		if err := c.wait(ctx, at.open); err != nil {
			return at, err
		}
		if most := at.e.maxMessage.Load(); most > 0 && int64(size) > most {
			return at, &MessageSizeError{Size: size, Max: int(most)}
		}
		if at.pipe.buffered() <= highWater {
			return at, nil
		}
		if err := c.wait(ctx, c.room); err != nil {
			return at, err
		}
	}
}

// sent passes the token for room on: another Send may wait for it.
func (c *channel) sent(at place, err error) error {
	if at.pipe.buffered() <= highWater {
		signal(c.room)
	}
	if err != nil {
		return c.sendError(err)
	}
	return nil
}

// wait waits for ch, and says why it did not come.
func (c *channel) wait(ctx context.Context, ch <-chan struct{}) error {
	select {
	case <-c.closed:
		return c.sendError(nil)
	default:
	}
	select {
	case <-ch:
		return nil
	case <-c.closed:
		return c.sendError(nil)
	case <-ctx.Done():
		return fmt.Errorf("media: data channel %q: send: %w", c.label(), ctx.Err())
	}
}

func (c *channel) sendError(err error) error {
	select {
	case <-c.closed:
		return fmt.Errorf("media: data channel %q: %w", c.label(), ErrClosed)
	default:
		return fmt.Errorf("media: data channel %q: send: %w", c.label(), err)
	}
}

func (c *channel) receive(ctx context.Context) (Data, error) {
	d, dropped, err := c.received.Pop(ctx)
	switch {
	case err != nil:
		return Data{}, fmt.Errorf("media: data channel %q: receive: %w", c.label(), err)
	case dropped > 0:
		return Data{}, &DroppedError{Count: dropped}
	}
	return d, nil
}

func (c *channel) opened() <-chan struct{} { return c.now().open }

func (c *channel) done() <-chan struct{} { return c.closed }

func (c *channel) close() error {
	c.finish()
	c.now().pipe.close()
	return nil
}

// finish takes note of the end.
func (c *channel) finish() {
	c.closing.Do(func() {
		close(c.closed)
		c.begin()
		c.received.Close(ErrClosed)
		at := c.now()
		at.pipe.release()
		at.e.mu.Lock()
		defer at.e.mu.Unlock()
		at.e.channels = slices.DeleteFunc(at.e.channels, func(x *channel) bool { return x == c })
	})
}
