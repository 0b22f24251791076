package textroom

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// errUnsent is a request that the channel did not take any more.
var errUnsent = errors.New("the connection was lost")

// enter takes a slot for a request. While there is no connection it waits for
// none.
func (c *Conn) enter(ctx context.Context) error {
	select {
	case c.slots <- struct{}{}:
		return nil
	default:
	}
	if c.gate() != nil {
		return fmt.Errorf("the connection is being made again: %w", client.ErrSendBuffer)
	}
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-c.ended:
		return c.Err()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// pass waits while there is no connection.
func (c *Conn) pass(ctx context.Context) error {
	for {
		gate := c.gate()
		if gate == nil {
			return nil
		}
		select {
		case <-gate:
		case <-c.ended:
			return c.Err()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (c *Conn) gate() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.away
}

// lost returns how many connections were lost so far.
func (c *Conn) lost() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.losses
}

// lose notes that the connection is gone, and with it the answers that were to
// come. It reports whether there will be another; if not, the Conn ends. It does
// not block.
func (c *Conn) lose(cause error) bool {
	c.mu.Lock()
	heals := c.unwatch != nil && c.cause == nil
	if heals {
		c.losses++
		if c.away == nil {
			c.away = make(chan struct{})
		}
		for txn, w := range c.waiting {
			delete(c.waiting, txn)
			w.reply <- reply{err: fmt.Errorf("%w: %w", client.ErrOutcomeUnknown, cause)}
		}
	}
	c.mu.Unlock()
	if !heals {
		c.fail(fmt.Errorf("%w: %w", ErrEnded, cause))
	}
	return heals
}

// back lets requests go on that waited for a connection, unless the one that was
// made is lost again.
func (c *Conn) back(losses int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.losses != losses || c.cause != nil {
		return false
	}
	if c.away != nil {
		close(c.away)
		c.away = nil
	}
	return true
}
