//go:build !js

package guest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

var errUnknown = errors.New("it cannot do that")

// other is how the other side of a call is recorded.
const other = "other"

// caller is a guest of the VideoCall plugin. It accepts every call.
type caller struct {
	*Guest
	handle *videocall.Handle

	answers chan struct{} // one for each offer of ours that was answered

	mu   sync.Mutex // guards the rest
	peer *media.Peer
}

// register makes it known by its name.
func (g *Guest) register(ctx context.Context, s *client.Session, o Options) (func(context.Context) error, error) {
	h, err := videocall.Attach(ctx, s, nil)
	if err != nil {
		return nil, err
	}
	if err := h.Register(ctx, o.Name); err != nil {
		return nil, err
	}
	c := &caller{Guest: g, handle: h, answers: make(chan struct{}, 1)}
	g.do = c.do
	g.quit = append(g.quit, func(context.Context) error { return c.hungUp() })
	return c.read, nil
}

func (c *caller) do(ctx context.Context, what, arg string) (any, error) {
	switch what {
	case "call":
		p, err := c.newPeer()
		if err != nil {
			return nil, err
		}
		return nil, c.handle.Call(ctx, arg, p)
	case "hangup":
		return nil, c.handle.End(ctx, arg)
	case "renegotiate":
		return nil, c.renegotiate(ctx, arg)
	case "received":
		return c.rec.received(ctx, other)
	}
	return nil, errUnknown
}

// renegotiate offers so many times, each time after the answer to the last offer.
func (c *caller) renegotiate(ctx context.Context, times string) error {
	n, err := strconv.Atoi(times)
	if err != nil {
		return err
	}
	for range n {
		if err := c.handle.Renegotiate(ctx); err != nil {
			return err
		}
		select {
		case <-c.answers:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// newPeer makes the peer of the next call.
func (c *caller) newPeer() (*media.Peer, error) {
	if err := c.hungUp(); err != nil {
		return nil, err
	}
	p, err := c.sending(c.handle.Handle)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.peer = p.(*media.Peer)
	return c.peer, nil
}

// hungUp closes the peer of the last call.
func (c *caller) hungUp() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.peer == nil {
		return nil
	}
	p := c.peer
	c.peer = nil
	return p.Close()
}

func (c *caller) read(ctx context.Context) error {
	for ev, err := range c.handle.Events(ctx) {
		if err == nil {
			err = c.heard(ctx, ev)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *caller) heard(ctx context.Context, ev client.Event) error {
	switch ev := ev.(type) {
	case *videocall.Incoming:
		p, err := c.newPeer()
		if err != nil {
			return err
		}
		return c.handle.Accept(ctx, ev, p)
	case *videocall.Accepted:
		return ev.Err
	case *videocall.Updated:
		if ev.Err == nil && ev.JSEP.Type == "answer" {
			c.answers <- struct{}{}
		}
		if !errors.Is(ev.Err, videocall.ErrGlare) {
			return ev.Err
		}
	case *media.TrackAdded:
		return c.rec.add(other, ev.Track)
	case *client.PluginEvent:
		return fmt.Errorf("an event nobody knows: %s", ev.Raw)
	}
	return nil
}
