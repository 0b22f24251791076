package textroom

import (
	"context"
	"errors"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/mend"
)

// connectTime is how long a channel may take to open again.
const connectTime = 15 * time.Second

// watch has the connection outlive its peer connection, where its peer can have
// another.
func (c *Conn) watch() {
	stop := mend.Watch(c.h.Handle, c.peer, mend.Recipe{Restart: c.Restart, Renew: c.renew, Failed: c.giveUp})
	if stop == nil {
		return
	}
	c.mu.Lock()
	ended := c.cause != nil
	if !ended {
		c.unwatch = stop
	}
	c.mu.Unlock()
	if ended {
		stop()
	}
}

// ignore ends the mending. A connection that is not there will not be.
func (c *Conn) ignore() {
	c.mu.Lock()
	unwatch, away := c.unwatch, c.away != nil
	c.unwatch = nil
	c.mu.Unlock()
	if unwatch != nil {
		unwatch()
	}
	if away {
		c.fail(ErrEnded)
	}
}

// errRenewed is why requests get no answer that were made before another
// connection was.
var errRenewed = errors.New("the connection was lost")

// renew makes one try to have the connection again, with the rooms it was in.
func (c *Conn) renew(ctx context.Context) error {
	if err := c.h.link.turn.Lock(ctx); err != nil {
		return err
	}
	defer c.h.link.turn.Unlock()
	if !c.lose(errRenewed) {
		return c.Err()
	}
	if err := mend.Fresh(ctx, c.h.Handle, c.peer); err != nil {
		return err
	}
	losses := c.lost()
	if _, err := c.h.setUp(ctx, c.peer); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	if err := c.check(ctx); err != nil {
		return err
	}
	if err := c.rejoin(ctx); err != nil {
		return err
	}
	if !c.back(losses) {
		return errRenewed
	}
	return nil
}

// check waits until the gateway answers on the channel.
func (c *Conn) check(ctx context.Context) error {
	_, err := c.try(ctx, "exists", roomOnly{client.NumID(1)}, nil)
	if err != nil && !answered(err) { // one with string_ids refuses the number
		return err
	}
	return nil
}

// giveUp ends a connection that cannot be had again.
func (c *Conn) giveUp(cause error) {
	c.fail(fmt.Errorf("%w: %w", ErrEnded, cause))
	if !c.h.Connected() && c.h.link.last(c) {
		c.h.link.reset()
	}
}
