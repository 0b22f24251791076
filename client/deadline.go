package client

import (
	"context"
	"sync"
	"time"
)

// deadlineContext is what a transport gets: the caller's context, bounded by
// the request timeout. Writes rarely wait, so the real timer behind Done is
// made only when somebody asks for it.
type deadlineContext struct {
	context.Context           //nolint:containedctx // it is a context itself
	deadline        time.Time // zero: the parent's own

	mu     sync.Mutex
	asked  bool            // somebody has the channel, and may keep it
	timed  context.Context //nolint:containedctx // what Done is made of
	cancel context.CancelFunc
}

func (d *deadlineContext) set(parent context.Context, deadline time.Time) {
	d.Context, d.deadline = parent, deadline
}

// spent ends the timer and reports whether d may not be used again.
func (d *deadlineContext) spent() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.asked {
		d.Context = context.Background()
		return false
	}
	if d.cancel != nil {
		d.cancel()
	}
	return true
}

func (d *deadlineContext) Deadline() (time.Time, bool) {
	if d.deadline.IsZero() {
		return d.Context.Deadline()
	}
	return d.deadline, true
}

func (d *deadlineContext) Done() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = true
	if d.deadline.IsZero() {
		return d.Context.Done()
	}
	if d.timed == nil {
		d.timed, d.cancel = context.WithDeadline(d.Context, d.deadline)
	}
	return d.timed.Done()
}

func (d *deadlineContext) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timed != nil {
		return d.timed.Err()
	}
	return d.Context.Err()
}
