package transportjs

import (
	"context"
	"os"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/transport"
)

const (
	maxPending = 1 << 20 // bytes in the browser's buffer, above which writers wait

	// No event tells that there is room; these are the pauses between two looks.
	firstLook = 4 * time.Millisecond
	lastLook  = 50 * time.Millisecond
)

// waitRoom waits until the browser's buffer can take n bytes more.
func (c *conn) waitRoom(ctx context.Context, n int) error {
	if c.room(n) {
		return nil
	}
	timer := time.NewTimer(firstLook)
	defer timer.Stop()
	sent, since := c.sent(), time.Now()
	for pause := 2 * firstLook; ; pause = min(2*pause, lastLook) {
		select {
		case <-timer.C:
		case <-c.over:
			return c.cause
		case <-c.done:
			return transport.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
		if c.room(n) {
			return nil
		}
		if now := c.sent(); now > sent {
			sent, since = now, time.Now()
		} else if time.Since(since) >= c.writeTimeout {
			c.lose(&transport.CloseError{Code: 1006, Err: fmt.Errorf(
				"the peer took no data for %v: %w", c.writeTimeout, os.ErrDeadlineExceeded)}, closeStalled)
			return c.cause
		}
		timer.Reset(pause)
	}
}

func (c *conn) room(n int) bool {
	pending := c.pending()
	return pending == 0 || pending+int64(n) <= maxPending
}

func (c *conn) pending() int64 { return int64(c.sock.Get("bufferedAmount").Float()) }

// sent returns how many bytes the browser has passed on.
func (c *conn) sent() int64 { return c.written.Load() - c.pending() }
