package client

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
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
// error Rebuild returns, as are the errors of the Restorers. A gateway that does
// not answer loses the connection. Peer connections do not outlive the rebuild.
func (s *Session) Rebuild(ctx context.Context) error {
	if err := s.passGate(ctx); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	if err := s.life.cause(); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	return s.rebuild(ctx, nil)
}

// rebuild is Rebuild. on is the connection it is for: if the client has moved away
// from that, it does nothing, and the error is errMoved. Nil: whichever there is.
func (s *Session) rebuild(ctx context.Context, on *link) error {
	ctx = heals(ctx)
	done, err := s.client.beginRebuild(ctx)
	if err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	defer done()
	l := s.client.link.Load()
	if on != nil && on != l {
		return errMoved
	}
	handles, failed, err := s.renew(ctx, false)
	if errors.Is(err, ErrTimeout) {
		l.close(ErrUnresponsive) // what is half done, the next connection does again
	}
	if err != nil {
		return err
	}
	return s.restore(ctx, l, handles, failed)
}

// beginRebuild has no Move begin until done, and waits for the end of one that has
// begun.
func (c *Client) beginRebuild(ctx context.Context) (done func(), err error) {
	c.mu.Lock()
	if c.rebuilds == 0 {
		c.rebuilt = make(chan struct{})
	}
	c.rebuilds++
	c.mu.Unlock()
	done = func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.rebuilds--; c.rebuilds == 0 {
			close(c.rebuilt)
		}
	}
	within, cancel := c.bound(ctx)
	defer cancel()
	if err := pass(within, c.away.Load()); err != nil {
		done()
		return nil, err
	}
	return done, nil
}

// rebuilding returns what is closed when the rebuilds are done that go on; nil: there
// are none.
func (c *Client) rebuilding() *chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rebuilds == 0 {
		return nil
	}
	rebuilt := c.rebuilt
	return &rebuilt
}

// renew is the first part of rebuild: the ids. failed says which of the handles
// have none.
func (s *Session) renew(ctx context.Context, gone bool) (handles []*Handle, failed []error, err error) {
	gate := make(chan struct{})
	for !s.gate.CompareAndSwap(nil, &gate) {
		if err := pass(ctx, s.gate.Load()); err != nil {
			return nil, nil, fmt.Errorf("rebuild: %w", err)
		}
	}
	handles = s.inOrder()
	failed, err = s.replace(ctx, handles, gone)
	s.gate.Store(nil)
	close(gate)
	if err != nil {
		return nil, nil, fmt.Errorf("rebuild: %w", err)
	}
	s.release()
	return handles, failed, nil
}

// inOrder returns the handles as they were attached. It inserts them one by one:
// slices.SortFunc is 2 KB more for a page to load.
func (s *Session) inOrder() (handles []*Handle) {
	for _, h := range s.all() {
		at, _ := slices.BinarySearchFunc(handles, h.order, func(h *Handle, order uint64) int { return cmp.Compare(h.order, order) })
		handles = slices.Insert(handles, at, h)
	}
	return handles
}

// restore has the handles bring their state back over l, and tells everybody.
// failed says which of them were not attached. When l is lost, the next connection
// does all of it again, and tells.
func (s *Session) restore(ctx context.Context, l *link, handles []*Handle, failed []error) error {
	var all []error
	cut := false
	for i, h := range handles {
		err := failed[i]
		switch {
		case err != nil:
			err = fmt.Errorf("rebuild: attach %s: %w", h.plugin, err)
		case cut:
			continue
		case h.restore != nil && !h.life.ended():
			if err = h.restore(ctx, h); err != nil {
				cut = s.client.cutShort(l, err)
				err = fmt.Errorf("rebuild: restore %s: %w", h.plugin, err)
			}
			if cut {
				all = append(all, err)
				continue
			}
		}
		h.publish(&Resumed{EventBase{Kind: "resumed", Session: s.ID(), Handle: h.ID()}, true, err})
		if failed[i] != nil {
			h.end(fmt.Errorf("%w: %w", ErrDetached, err))
		}
		all = append(all, err)
	}
	err := errors.Join(all...)
	if cut {
		return err
	}
	if ctx.Err() == nil {
		s.half.Store(false)
	}
	s.stream.push(&Resumed{EventBase{Kind: "resumed", Session: s.ID()}, true, err})
	return err
}

// cutShort reports whether a Restorer failed with err because l was lost, and not
// left by a Move. A connection that is still there has lost a request, and nobody
// knows what the plugin made of it: it is given up for the next one.
func (c *Client) cutShort(l *link, err error) bool {
	if l.ctx.Err() != nil {
		cause := l.cause.Load()
		return cause == nil || !errors.Is(*cause, errMoved)
	}
	if !(&request{safe: true}).repeats(err) || !c.canReconnect() {
		return false
	}
	l.close(err)
	return true
}

// replace gets the session and the handles their new ids; the events of both
// sets are routed until it is done. failed says which handles have none.
func (s *Session) replace(ctx context.Context, handles []*Handle, gone bool) (failed []error, err error) {
	before := s.ID()
	ids := make([]uint64, len(handles))
	for i, h := range handles {
		ids[i] = h.ID()
	}
	if err := s.client.create(ctx, s, nil); err != nil {
		return nil, err
	}
	s.half.Store(true)
	s.client.caps.Store(newCapabilities())
	failed = make([]error, len(handles))
	whole := context.WithoutCancel(ctx) // half of the handles on each session would be none
	for i, h := range handles {
		if h.life.ended() {
			continue
		}
		failed[i] = s.attach(whole, h)
		if e := failed[i]; errors.Is(e, ErrInterrupted) || errors.Is(e, ErrOutcomeUnknown) || errors.Is(e, ErrTimeout) {
			err = e // the connection went; on the next one all of it is done again
			break
		}
	}
	for i, id := range ids {
		if handles[i].ID() != id || failed[i] != nil && err == nil {
			s.forget(id)
		}
	}
	there := s.client.forget(before)
	if err != nil {
		return nil, err
	}
	if there && !gone {
		// What is left of it times out if this does not arrive.
		_, _ = s.client.do(ctx, &request{op: "destroy", session: before})
	}
	return failed, nil
}

// revive rebuilds a session that the gateway gave up, or ends it. It waits for
// nothing.
func (c *Client) revive(s *Session) {
	// Owns one rebuild; ends with it, at the latest when the client ends, and
	// Close waits for it.
	if !c.spawn(func() {
		before := s.ID()
		err := s.comeBack()
		switch {
		case s.ID() != before:
		case c.ctx.Err() != nil:
			s.end(ErrClosed)
		default:
			s.end(fmt.Errorf("%w: %w: %w", ErrDestroyed, ErrSessionTimeout, err))
		}
	}) {
		s.end(c.Err())
	}
}

// comeBack rebuilds the session on the connection there is, or on the next.
func (s *Session) comeBack() error {
	c := s.client
	for {
		if err := pass(c.ctx, c.away.Load()); err != nil {
			return err
		}
		l := c.link.Load()
		err := s.comeBackOn(l)
		if errors.Is(err, errMoved) && c.link.Load() != l {
			continue
		}
		if l.ctx.Err() == nil || c.session(s.ID()) == s {
			return err
		}
		select {
		case <-l.held:
		case <-c.done:
			return c.Err()
		}
	}
}

func (s *Session) comeBackOn(l *link) error {
	ctx, cancel := context.WithTimeout(l.ctx, rebuildTimeout)
	defer cancel()
	err := pass(ctx, s.gate.Load())
	if err == nil {
		err = s.life.cause()
	}
	if err == nil {
		err = s.rebuild(ctx, l)
	}
	if l.cause.Load() != nil {
		<-l.ctx.Done() // it was closed, and is lost in a moment
	}
	return err
}

// doubt finds out why the gateway detached a handle that can be restored: with
// its session, whose timeout Janus may tell of later or never, or alone. When the
// connection is lost before that is known, it is found out on the next. It waits for
// nothing.
func (c *Client) doubt(h *Handle, ev Event) {
	s, id, l := h.session, h.ID(), c.link.Load()
	if h.doubted.Swap(id) == id {
		return // the gateway may say so any number of times
	}
	r := &request{op: "keepalive", safe: true}
	// Owns one question; ends with its answer, at the latest when the client
	// ends, and Close waits for it.
	c.spawn(func() {
		defer h.doubted.CompareAndSwap(id, 0)
		_, err := s.do(c.ctx, r)
		if err != nil {
			_, err = c.persist(c.ctx, l, r, err, func(ctx context.Context) (answer, error) {
				if err := s.passGate(ctx); err != nil {
					return answer{}, err
				}
				return s.do(ctx, r)
			})
		}
		if !errors.Is(err, SessionNotFound) && h.ID() == id {
			h.goAway(ev)
		}
	})
}
