//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bifrons-rtc/bifrons/media"
)

// run returns nil when the visit is over, else why it ended before that.
func (v *visit) run(ctx context.Context) error {
	events, ended, stop := follow(ctx, v.room)
	defer stop()
	finished := make(chan media.Source, len(v.sources))
	for _, s := range v.sources {
		// Each waits for the end of a source, which the command brings at the
		// latest; nobody waits for it, since the channel has room.
		go func() { <-s.Done(); finished <- s }()
	}
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	began := time.Now()
	var over <-chan time.Time
	if v.length > 0 {
		clock := time.NewTimer(v.length)
		defer clock.Stop()
		over = clock.C
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case ev := <-events:
			if err := v.event(ev); err != nil {
				return err
			}
		case err := <-ended:
			return roomEnded(err)
		case s := <-finished:
			if err := s.Err(); err != nil {
				return err
			}
			if v.played++; v.once && v.played == len(v.sources) {
				return nil
			}
		case <-over:
			return nil
		case <-ticker.C:
			if err := v.look(ctx, time.Since(began)); err != nil {
				return err
			}
		}
	}
}

// look sees how media does.
func (v *visit) look(ctx context.Context, elapsed time.Duration) error {
	out, in := v.peers()
	if len(v.sources) > 0 && !v.connected {
		switch {
		case out != nil && out.State() == media.StateConnected:
			v.connected = true
			if stats, err := out.Stats(ctx); err == nil {
				v.show.connected(stats.Local, stats.Remote)
			}
		case elapsed > v.timeout:
			return noMedia("room", v.timeout)
		}
	}
	if err := v.shelf.broken(); err != nil {
		return err
	}
	if v.shelf != nil || v.connected {
		v.numbers(ctx, out, in)
	}
	return v.show.err
}

// noMedia says that no peer connection came up.
func noMedia(what string, timeout time.Duration) error {
	return fmt.Errorf("%s: no media connection within %v (UDP between here and the gateway is blocked, or the gateway announces an address that cannot be reached)", what, timeout)
}

// finish ends the recordings and says how it went. verdict is why the visit
// ended.
func (v *visit) finish(ctx context.Context, verdict error) error {
	err := v.shelf.close()
	v.show.end()
	stopped := verdict != nil && interrupted(ctx, verdict)
	switch {
	case verdict != nil && !stopped:
		return verdict
	case err != nil:
		return err
	case v.show.err != nil:
		return v.show.err
	case stopped && len(v.sources) > 0 && !v.connected:
		return verdict
	}
	if err := v.result(stopped); err != nil {
		return err
	}
	switch {
	case stopped && (v.once || v.length > 0):
		return verdict // it had not done what it was asked for
	case v.shelf.incomplete():
		return errors.New("room: not everything was recorded, as said above")
	}
	return nil
}
