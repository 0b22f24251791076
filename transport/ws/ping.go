//go:build !js

package ws

import (
	"context"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// ping sends a ping each interval until one is not answered in time or the
// connection ends.
func (c *conn) ping(interval, timeout time.Duration) {
	defer c.helpers.Done()
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-tick.C:
		}
		if !c.pong(timeout) {
			return
		}
	}
}

// pong sends one ping and reports whether the connection lives on.
func (c *conn) pong(timeout time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	err := c.sock.Ping(ctx)
	if err != nil && ctx.Err() != nil {
		c.link.fail(transport.ErrPongTimeout)
	}
	return err == nil
}
