package client

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// drainTime is how long answers that are on their way on the connection left behind
// are waited for.
const drainTime = 2 * time.Second

// errMoved is why the connection left behind was closed.
var errMoved = errors.New("the client moved to another server")

// Move takes the client to the gateway at url, which may be the one it is at, and
// leaves the connection it has when all is there: each session is claimed, or
// rebuilt as by [Session.Rebuild] where that gateway does not know it. Requests
// that come meanwhile wait. Sessions and handles get [*Resumed], and no
// [*Interrupted]. From then on url stands in the list of servers for the one left.
//
// When the gateway cannot be reached or refuses a session or a handle, everything
// stays as it was, and the error says why. An error of a [Restorer] comes back as
// well, joined, but the client has moved then. While the connection is away, Move
// waits for the next. Only a client that [Dial] made can move.
func (c *Client) Move(ctx context.Context, url string) error {
	if c.dial == nil {
		return &ArgumentError{Op: "move", Reason: "this client cannot dial; make it by Dial"}
	}
	secrets := c.opts.Credentials != nil || slices.ContainsFunc(c.list(), func(s *Session) bool {
		return slices.ContainsFunc(s.all(), func(h *Handle) bool { return *h.token != "" })
	})
	if err := c.checkSecure(secrets, url); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(heals(ctx))
	defer cancel(nil)
	defer context.AfterFunc(c.ctx, func() { cancel(ErrClosed) })() //nolint:contextcheck // it has two parents
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("move: %w", context.Cause(ctx))
	}
	m, err := c.move(ctx, url)
	<-c.turn
	if err != nil {
		return fmt.Errorf("move: %w", err)
	}
	defer close(m.next.resumed)
	defer context.AfterFunc(m.next.ctx, func() { cancel(ErrInterrupted) })() //nolint:contextcheck // it has two parents
	return m.restore(ctx)
}

// move is one Move.
type move struct {
	c         *Client
	old, next *link
	cargo     []*transfer
}

// transfer is a session on its way, with what it was before.
type transfer struct {
	s       *Session
	id      uint64
	handles []*Handle
	ids     []uint64
	rebuilt bool
}

// move is Move without the Restorers. It has the turn.
func (c *Client) move(ctx context.Context, url string) (*move, error) {
	conn, err := c.dial(ctx, url)
	if err != nil {
		return nil, err
	}
	m := &move{c: c, old: c.link.Load(), next: newLink(conn, url)}
	if !c.follow(m.next) { //nolint:contextcheck // the read loop outlives the move
		m.next.close(ErrClosed)
		return nil, ErrClosed
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(m.next.ctx, func() { cancel(ErrInterrupted) })() //nolint:contextcheck // it has two parents
	err = m.load(ctx)
	if err != nil || !c.use(m.next) {
		if err == nil {
			err = ErrClosed
		} else if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		m.undo() //nolint:contextcheck // the caller's may be what ended it
		c.comeHome()
		m.next.close(errMoved)
		return nil, err
	}
	m.arrive(url)
	c.comeHome()
	// It owns the end of the connection left behind, at the latest when the client
	// ends; Close waits for it.
	c.wg.Go(m.leave)
	return m, nil
}

// follow reads l beside the connection there is, unless Close was called.
func (c *Client) follow(l *link) bool {
	// The read loop of a connection that may become the one of the client; it ends
	// when the connection does, and Close waits for it.
	return c.spawn(func() { c.serve(l) })
}

// load makes everything wait and brings the sessions to the next connection.
func (m *move) load(ctx context.Context) error {
	c := m.c
	if err := pass(ctx, &m.old.resumed); err != nil {
		return err
	}
	if err := m.pack(ctx); err != nil {
		return err
	}
	rest := m.cargo
	if c.auth.get != nil && len(rest) > 0 { // one finds out whether the credentials are good there
		if err := m.take(ctx, rest[0]); err != nil {
			m.cargo = rest[:1]
			return err
		}
		rest = rest[1:]
	}
	errs := make([]error, len(rest))
	var each sync.WaitGroup
	for i, t := range rest {
		each.Go(func() { errs[i] = m.take(ctx, t) })
	}
	each.Wait()
	return errors.Join(errs...)
}

// pack makes everything wait, and lists the sessions. Rebuilds that go on are waited
// for: their Restorers need the connection they began on.
func (m *move) pack(ctx context.Context) error {
	c := m.c
	for {
		if err := pass(ctx, c.rebuilding()); err != nil {
			return err
		}
		if err := m.stop(ctx); err != nil {
			return err
		}
		if c.rebuilding() == nil {
			break
		}
		for _, s := range c.list() {
			s.release()
		}
		c.comeHome()
	}
	c.calls.drain(ctx, m.old)
	for _, s := range c.list() {
		s.hold()
		m.cargo = append(m.cargo, &transfer{s: s, id: s.ID()})
	}
	return nil
}

// stop makes everything wait. Rebuilds that had begun go on all the same.
func (m *move) stop(ctx context.Context) error {
	for _, s := range m.c.list() {
		s.hold()
		if err := pass(ctx, s.gate.Load()); err != nil {
			return err
		}
	}
	away := make(chan struct{})
	m.c.away.Store(&away)
	return nil
}

// take claims one session, or makes it anew, as one has to be whose rebuild was
// given up half-way.
func (m *move) take(ctx context.Context, t *transfer) error {
	c, s := m.c, t.s
	if p := m.old.poller; p != nil {
		p.Unpoll(t.id) // it would find the session gone
	}
	if !s.half.Load() {
		_, err := c.do(ctx, &request{op: "claim", session: t.id, link: m.next, bind: func([]byte) { c.poll(m.next, t.id) }})
		if err == nil || !errors.Is(err, SessionNotFound) {
			return err
		}
	}
	t.rebuilt = true
	for _, h := range s.inOrder() {
		t.handles, t.ids = append(t.handles, h), append(t.ids, h.ID())
	}
	if err := c.create(ctx, s, m.next); err != nil {
		return err
	}
	for _, h := range t.handles {
		if err := s.attachOn(ctx, m.next, h); err != nil {
			return fmt.Errorf("attach %s: %w", h.plugin, err)
		}
	}
	return nil
}

// undo brings everything back to the connection there was.
func (m *move) undo() {
	c := m.c
	ctx, cancel := context.WithTimeout(c.ctx, drainTime)
	defer cancel()
	var each sync.WaitGroup
	for _, t := range m.cargo {
		each.Go(func() {
			if !t.rebuilt {
				// Also where the answer did not come: the gateway may have moved it.
				_, _ = c.do(ctx, &request{op: "claim", session: t.id, link: m.old, bind: func([]byte) {}})
			} else if id := t.s.id.Swap(t.id); id != t.id {
				_, _ = c.do(ctx, &request{op: "destroy", session: id, link: m.next})
				c.forget(id)
			}
			for i, h := range t.handles {
				if id := h.id.Swap(t.ids[i]); id != t.ids[i] {
					t.s.forget(id)
					h.conn.doubt()
				}
			}
			c.poll(m.old, t.id)
		})
	}
	each.Wait()
	for _, s := range c.list() {
		s.release()
	}
}

// arrive makes the next connection the client's.
func (m *move) arrive(url string) {
	c := m.c
	close(m.old.held)
	c.caps.Store(newCapabilities())
	if i := slices.Index(c.servers.urls, url); i >= 0 {
		c.servers.at = i
	} else {
		urls := slices.Clone(c.servers.urls)
		urls[c.servers.at] = url
		c.servers.list(urls)
	}
	var count tally
	for _, t := range m.cargo {
		if t.rebuilt {
			count.rebuilt++
			t.s.half.Store(true)
		} else {
			count.resumed++
		}
	}
	c.open(m.next, &count)
	for _, t := range m.cargo {
		t.s.release()
		if !t.rebuilt {
			t.s.goOn()
		}
	}
}

// leave ends what is left on the old connection, and closes it.
func (m *move) leave() {
	c := m.c
	ctx, cancel := context.WithTimeout(c.ctx, drainTime)
	defer cancel()
	c.calls.drain(ctx, m.old)
	anew := false
	for _, t := range m.cargo {
		if !t.rebuilt {
			continue
		}
		anew = true
		c.forget(t.id)
		for _, id := range t.ids {
			t.s.forget(id)
		}
		// What is left of it times out if this does not arrive.
		_, _ = c.do(ctx, &request{op: "destroy", session: t.id, link: m.old})
	}
	m.old.close(errMoved)
	c.calls.leave(m.old, anew, fmt.Errorf("%w: %w", ErrOutcomeUnknown, errMoved))
}

// restore has the plugins bring their state to what was made anew.
func (m *move) restore(ctx context.Context) error {
	errs := make([]error, len(m.cargo))
	var each sync.WaitGroup
	for i, t := range m.cargo {
		if t.rebuilt {
			each.Go(func() { errs[i] = t.s.restore(ctx, m.next, t.handles, make([]error, len(t.handles))) })
		}
	}
	each.Wait()
	return errors.Join(errs...)
}
