package media

import (
	"context"
	"slices"
	"sync"

	"github.com/bifrons-rtc/bifrons/internal/evq"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

const (
	highWater = 1 << 20   // bytes that wait to be sent, above which Send waits
	lowWater  = 256 << 10 // and goes on

	receiveMessages = 4096
	receiveBytes    = 4 << 20
	messageCost     = 64 // of keeping a message, beside its bytes

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
	e        *engine
	pipe     pipe
	received evq.Queue[Data]
	room     chan struct{} // holds a token when less than lowWater waits
	open     chan struct{}
	closed   chan struct{}
	opening  sync.Once
	closing  sync.Once
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
	e.peer.dataOpened(e.newChannel(p))
}

func (e *engine) newChannel(p pipe) *channel {
	c := &channel{
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
func (c *channel) begin() { c.opening.Do(func() { close(c.open) }) }

func (c *channel) label() string { return c.pipe.label() }

func (c *channel) protocol() string { return c.pipe.protocol() }

func (c *channel) send(ctx context.Context, p []byte) error {
	if err := c.admit(ctx, len(p)); err != nil {
		return err
	}
	return c.sent(c.pipe.write(p))
}

func (c *channel) sendText(ctx context.Context, s string) error {
	if err := c.admit(ctx, len(s)); err != nil {
		return err
	}
	return c.sent(c.pipe.writeText(s))
}

// admit waits until a message of size bytes may be sent.
func (c *channel) admit(ctx context.Context, size int) error {
	if err := c.wait(ctx, c.open); err != nil {
		return err
	}
	if most := c.e.maxMessage.Load(); most > 0 && int64(size) > most {
		return &MessageSizeError{Size: size, Max: int(most)}
	}
	for c.pipe.buffered() > highWater {
		if err := c.wait(ctx, c.room); err != nil {
			return err
		}
	}
	return nil
}

// sent passes the token for room on: another Send may wait for it.
func (c *channel) sent(err error) error {
	if c.pipe.buffered() <= highWater {
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

func (c *channel) opened() <-chan struct{} { return c.open }

func (c *channel) done() <-chan struct{} { return c.closed }

func (c *channel) close() error {
	c.finish()
	c.pipe.close()
	return nil
}

// finish takes note of the end.
func (c *channel) finish() {
	c.closing.Do(func() {
		close(c.closed)
		c.begin()
		c.received.Close(ErrClosed)
		c.pipe.release()
		c.e.mu.Lock()
		defer c.e.mu.Unlock()
		c.e.channels = slices.DeleteFunc(c.e.channels, func(x *channel) bool { return x == c })
	})
}
