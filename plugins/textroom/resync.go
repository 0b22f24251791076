package textroom

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
)

// resync compares the rooms with what is known of them, unless that goes on
// already or will come with another connection. It does not block.
func (c *Conn) resync() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause != nil || c.away != nil || c.syncing {
		return
	}
	c.syncing = true
	// Owns one comparison; ends with it, soon after the connection at the latest;
	// Done waits for it.
	c.working.Go(func() {
		ctx, cancel := bound(context.Background())
		defer cancel()
		told(ctx, c.h.Session().Client())
		found := &Resynced{EventBase: client.EventBase{Kind: "textroom.resynced"}}
		err := c.compareAll(ctx, found)
		c.mu.Lock()
		c.syncing = false
		c.mu.Unlock()
		if c.gate() == nil && c.Err() == nil { // else the rooms are joined again
			found.Err = err
			c.h.Post(found)
		}
	})
}

// told waits until the client is open again: the *client.Resumed that brought us
// here is on the stream by then.
func told(ctx context.Context, c *client.Client) {
	st, err := c.State(), error(nil)
	for err == nil && st.Phase == client.Reconnecting {
		st, err = c.NextState(ctx, st)
	}
}

func (c *Conn) compareAll(ctx context.Context, found *Resynced) error {
	var failed error
	for _, m := range c.h.joined.all() {
		err := c.compare(ctx, m.req, found)
		switch {
		case err == nil:
			found.Rooms++
		case errors.Is(err, ErrNoSuchRoom):
			if _, in := c.h.joined.remove(m.req.Room); in {
				c.h.Post(&Destroyed{client.EventBase{Kind: "textroom.destroyed"}, m.req.Room})
			}
		case answered(err):
			failed = errors.Join(failed, err)
		default:
			return errors.Join(failed, err)
		}
	}
	return failed
}

// compare compares one room.
func (c *Conn) compare(ctx context.Context, req JoinRequest, found *Resynced) error {
	_, room, err := c.present(ctx, req.Room)
	found.Joined += room.joined
	found.Left += room.left
	if err == nil && room.missing {
		_, err = c.joinAgain(ctx, req)
	}
	return err
}
