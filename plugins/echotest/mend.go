package echotest

import (
	"context"
	"strconv"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/mend"
)

// watch has the connection of a running echo mended from now on.
func (h *Handle) watch(peer client.Negotiator) {
	h.echo.keep(mend.Watch(h.Handle, peer, mend.Recipe{
		Restart: h.Restart,
		Renew:   h.renew,
		Failed:  func(error) { h.over() },
	}))
}

// renew begins the echo anew, with another connection of the same peer.
func (h *Handle) renew(ctx context.Context) error {
	const op = "echotest: renew"
	if err := h.echo.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.echo.turn.Unlock()
	cfg, peer := h.echo.running()
	if peer == nil {
		return nil // it ended meanwhile
	}
	if times := h.echo.anew(); cfg.Filename != nil {
		cfg.Filename = new(*cfg.Filename + "-" + strconv.Itoa(times+1))
	}
	err := mend.Fresh(ctx, h.Handle, peer)
	h.echo.made()
	if err == nil {
		err = h.negotiate(ctx, &cfg, peer, false)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	h.seek(ctx)
	return nil
}

// keep remembers how to end the mending, and ends the one before.
func (e *echo) keep(unwatch func()) {
	e.mu.Lock()
	before := e.unwatch
	e.unwatch = unwatch
	e.mu.Unlock()
	if before != nil {
		before()
	}
}

// survives reports whether the echo goes on after the end of its connection.
func (e *echo) survives(fault bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.unwatch != nil && (fault || e.making)
}

// anew takes note that another connection is being made, and returns how often
// that was done.
func (e *echo) anew() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.making = true
	e.times++
	return e.times
}

// made takes note that the connection before is over.
func (e *echo) made() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.making = false
}
