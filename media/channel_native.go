//go:build !js

package media

import (
	"context"
	"fmt"
	"sync"

	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/internal/evq"
)

const (
	highWater = 1 << 20   // bytes that wait to be sent, above which Send waits
	lowWater  = 256 << 10 // and goes on

	receiveMessages = 4096
	receiveBytes    = 4 << 20
	messageCost     = 64 // of keeping a message, beside its bytes
)

// channel is one data channel of pion's.
type channel struct {
	e        *engine
	dc       *webrtc.DataChannel
	received evq.Queue[Data]
	room     chan struct{} // holds a token when less than lowWater waits
	open     chan struct{}
	closed   chan struct{}
	opening  sync.Once
	closing  sync.Once
}

func (e *engine) openData(label string, o DataOptions) (*channel, error) {
	init := &webrtc.DataChannelInit{Ordered: new(!o.Unordered)}
	if o.MaxRetransmits != nil {
		if *o.MaxRetransmits < 0 || *o.MaxRetransmits > 65535 {
			return nil, &OptionError{"MaxRetransmits", "want 0 to 65535"}
		}
		init.MaxRetransmits = new(uint16(*o.MaxRetransmits))
	}
	if o.Protocol != "" {
		init.Protocol = &o.Protocol
	}
	dc, err := e.pc.CreateDataChannel(label, init)
	if err != nil {
		return nil, fmt.Errorf("media: open data channel: %w", err)
	}
	return e.newChannel(dc), nil
}

// maxChannels bounds what the other side can open; nobody needs as many.
const maxChannels = 256

// dataOpened takes a channel of the other side. Messages come only after it
// returned.
func (e *engine) dataOpened(dc *webrtc.DataChannel) {
	e.mu.Lock()
	full := len(e.channels) >= maxChannels
	e.mu.Unlock()
	if full {
		_ = dc.Close() // nobody was told of it
		return
	}
	e.peer.dataOpened(e.newChannel(dc))
}

func (e *engine) newChannel(dc *webrtc.DataChannel) *channel {
	c := &channel{
		e:      e,
		dc:     dc,
		room:   make(chan struct{}, 1),
		open:   make(chan struct{}),
		closed: make(chan struct{}),
	}
	c.received.Init(receiveMessages, receiveBytes)
	dc.SetBufferedAmountLowThreshold(lowWater)
	dc.OnBufferedAmountLow(func() { signal(c.room) })
	dc.OnMessage(func(m webrtc.DataChannelMessage) {
		c.received.Push(Data{Bytes: m.Data, Text: m.IsString}, len(m.Data)+messageCost)
	})
	dc.OnOpen(func() { c.opening.Do(func() { close(c.open) }) })
	dc.OnClose(c.finish)
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

func (c *channel) label() string { return c.dc.Label() }

func (c *channel) protocol() string { return c.dc.Protocol() }

func (c *channel) send(ctx context.Context, p []byte) error {
	if err := c.admit(ctx, len(p)); err != nil {
		return err
	}
	return c.sent(c.dc.Send(p))
}

func (c *channel) sendText(ctx context.Context, s string) error {
	if err := c.admit(ctx, len(s)); err != nil {
		return err
	}
	return c.sent(c.dc.SendText(s))
}

// admit waits until a message of size bytes may be sent.
func (c *channel) admit(ctx context.Context, size int) error {
	if err := c.wait(ctx, c.open); err != nil {
		return err
	}
	if most := c.e.maxMessage.Load(); most > 0 && int64(size) > most {
		return &MessageSizeError{Size: size, Max: int(most)}
	}
	for c.dc.BufferedAmount() > highWater {
		if err := c.wait(ctx, c.room); err != nil {
			return err
		}
	}
	return nil
}

// sent passes the token for room on: another Send may wait for it.
func (c *channel) sent(err error) error {
	if c.dc.BufferedAmount() <= highWater {
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
	// It may have been closed by the other side meanwhile.
	_ = c.dc.Close()
	return nil
}

// finish takes note of the end.
func (c *channel) finish() {
	c.closing.Do(func() {
		close(c.closed)
		c.opening.Do(func() { close(c.open) })
		c.received.Close(ErrClosed)
		c.e.forget(c)
	})
}

func (e *engine) forget(c *channel) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, x := range e.channels {
		if x == c {
			e.channels = append(e.channels[:i:i], e.channels[i+1:]...)
			return
		}
	}
}
