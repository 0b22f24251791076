package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// rebuildTimeout bounds a rebuild that nobody called for.
const rebuildTimeout = 30 * time.Second

// Rebuild replaces the session at the gateway by a new one, under the same Go
// objects: it creates a session, attaches every handle again in the order they
// were attached, destroys what was there before, and has each handle's
// [Restorer] bring its state back. Other requests wait until the handles have
// their new ids. Session and handles each get [*Resumed].
//
// It runs by itself when the gateway gave up a session one of whose handles has
// a Restorer. If no session could be created, everything stays as it was. A
// handle that could not be attached again ends with that error; it is in the
// error Rebuild returns, as are the errors of the Restorers. Peer connections do
// not outlive the rebuild.
func (s *Session) Rebuild(ctx context.Context) error {
	if err := s.life.cause(); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	gate := make(chan struct{})
	for !s.gate.CompareAndSwap(nil, &gate) {
		if err := s.passGate(ctx); err != nil {
			return fmt.Errorf("rebuild: %w", err)
		}
	}
	handles := s.all()
	slices.SortFunc(handles, func(a, b *Handle) int { return cmp.Compare(a.order, b.order) })
	failed, err := s.replace(ctx, handles)
	s.gate.Store(nil)
	close(gate)
	if err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	var all []error
	for i, h := range handles {
		err := failed[i]
		switch {
		case err != nil:
			err = fmt.Errorf("rebuild: attach %s: %w", h.plugin, err)
		case h.restore != nil && !h.life.ended():
			if err = h.restore(ctx, h); err != nil {
				err = fmt.Errorf("rebuild: restore %s: %w", h.plugin, err)
			}
		}
		h.publish(&Resumed{EventBase{Kind: "resumed", Session: s.ID(), Handle: h.ID()}, err})
		if failed[i] != nil {
			h.end(fmt.Errorf("%w: %w", ErrDetached, err))
		}
		all = append(all, err)
	}
	err = errors.Join(all...)
	s.stream.push(&Resumed{EventBase{Kind: "resumed", Session: s.ID()}, err})
	return err
}

// replace gets the session and the handles their new ids; the events of both
// sets are routed until it is done. failed says which handles have none.
func (s *Session) replace(ctx context.Context, handles []*Handle) (failed []error, err error) {
	before := s.ID()
	ids := make([]uint64, len(handles))
	for i, h := range handles {
		ids[i] = h.ID()
	}
	if err := s.client.create(ctx, s); err != nil {
		return nil, err
	}
	failed = make([]error, len(handles))
	for i, h := range handles {
		if !h.life.ended() {
			failed[i] = s.attach(ctx, h)
		}
	}
	for _, id := range ids {
		s.forget(id)
	}
	if !s.client.forget(before) {
		return failed, nil // the gateway gave it up
	}
	// What is left of it times out if this does not arrive.
	_, _ = s.client.do(ctx, &request{op: "destroy", session: before})
	return failed, nil
}

// passGate waits while a rebuild changes the ids.
func (s *Session) passGate(ctx context.Context) error {
	gate := s.gate.Load()
	if gate == nil {
		return nil
	}
	select {
	case <-*gate:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// revive rebuilds a session that the gateway gave up, or ends it. It runs on the
// read loop.
func (c *Client) revive(s *Session) {
	// Owns one rebuild; ends with it, at the latest when the client ends, and
	// Close waits for it.
	c.wg.Go(func() {
		ctx, cancel := context.WithTimeout(c.ctx, rebuildTimeout)
		defer cancel()
		before := s.ID()
		if err := s.Rebuild(ctx); s.ID() == before {
			s.end(fmt.Errorf("%w: %w: %w", ErrDestroyed, ErrSessionTimeout, err))
		}
	})
}

// doubt finds out why the gateway detached a handle that can be restored: with
// its session, whose timeout Janus may tell of later or never, or alone. It runs
// on the read loop.
func (c *Client) doubt(h *Handle, ev Event) {
	s := h.session
	// Owns one question; ends with its answer, at the latest when the client
	// ends, and Close waits for it.
	c.wg.Go(func() {
		id := s.ID()
		_, err := s.do(c.ctx, &request{op: "keepalive"})
		if !errors.Is(err, SessionNotFound) {
			h.goAway(ev)
			return
		}
		if c.forget(id) {
			s.expire(nil)
		}
	})
}
