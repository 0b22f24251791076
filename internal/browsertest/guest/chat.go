//go:build !js

package guest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// chatter is a guest of the TextRoom plugin.
type chatter struct {
	room client.ID
	name string
	conn *textroom.Conn

	mu    sync.Mutex // guards the rest
	texts []string   // of others
	news  chan struct{}
}

// enterChat joins a text room.
func (g *Guest) enterChat(ctx context.Context, s *client.Session, o Options) (func(context.Context) error, error) {
	h, err := textroom.Attach(ctx, s, nil)
	if err != nil {
		return nil, err
	}
	p, err := media.NewPeer(h, nil)
	if err != nil {
		return nil, err
	}
	g.quit = append(g.quit, func(context.Context) error { return p.Close() })
	ch, err := p.OpenData(ctx, textroom.Label, nil)
	if err != nil {
		return nil, err
	}
	c := &chatter{room: client.NumID(o.Room), name: o.Name, news: make(chan struct{})}
	if c.conn, err = h.Open(ctx, p, ch); err != nil {
		return nil, err
	}
	g.quit = append(g.quit, c.conn.Stop)
	g.do = c.do
	if _, err := c.conn.Join(ctx, textroom.JoinRequest{Room: c.room, Username: c.name}); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		for ev, err := range h.Events(ctx) {
			if err != nil {
				return err
			}
			switch ev := ev.(type) {
			case *textroom.Message:
				if ev.From != c.name {
					c.hears(ev.Text)
				}
			case *client.PluginEvent:
				return fmt.Errorf("an event nobody knows: %s", ev.Raw)
			}
		}
		return nil
	}, nil
}

func (c *chatter) hears(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts = append(c.texts, text)
	close(c.news)
	c.news = make(chan struct{})
}

func (c *chatter) do(ctx context.Context, what, arg string) (any, error) {
	switch what {
	case "say":
		return c.conn.Message(ctx, textroom.MessageRequest{Room: c.room, Text: arg})
	case "heard":
		for {
			c.mu.Lock()
			there, news := slices.Contains(c.texts, arg), c.news
			c.mu.Unlock()
			if there {
				return nil, nil //nolint:nilnil // it has no answer
			}
			select {
			case <-news:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}
	return nil, errUnknown
}
