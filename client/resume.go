package client

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/transport"
)

// tally is what became of the sessions on a new connection.
type tally struct {
	mu      sync.Mutex // guards the rest
	resumed int
	rebuilt int
	refused map[*Session]error
}

// resume brings the sessions to a new connection. What a plugin has to bring back
// itself may take longer than the client needs to be open again.
func (c *Client) resume(l *link, sessions map[*Session]bool) {
	t := tally{refused: make(map[*Session]error)}
	var each, ready sync.WaitGroup
	ready.Add(len(sessions))
	var err error
	scout := c.auth.get != nil
	for s := range sessions {
		first := scout
		if first { // it finds out whether the credentials are still good
			scout, err = false, s.claim(l.ctx)
		}
		claimed, err := first || err != nil && !errors.Is(err, SessionNotFound), err
		each.Go(func() {
			if !claimed {
				err = s.claim(l.ctx)
			}
			restore := s.resume(l, &t, err)
			ready.Done()
			if restore != nil {
				restore()
			}
		})
	}
	ready.Wait()
	c.settled(l, &t)
	each.Wait()
}

// settled opens the client again, or gives the connection up for the next one.
func (c *Client) settled(l *link, t *tally) {
	if l.ctx.Err() != nil {
		return // the next connection does it
	}
	for _, err := range t.refused {
		var refusal *Error
		switch {
		case errors.Is(err, ErrTimeout) && !errors.As(err, &refusal): // else it was for new credentials
			l.close(ErrUnresponsive)
			return
		case !errors.As(err, &refusal) || t.resumed+t.rebuilt == 0 && !settledBy(err):
			l.close(err)
			return
		}
	}
	for s, err := range t.refused {
		c.forget(s.ID())
		s.end(fmt.Errorf("%w: %w", ErrDestroyed, err))
	}
	c.open(l, t)
}

// settledBy reports whether a refusal would be the same from every gateway.
func settledBy(err error) bool {
	return errors.Is(err, UnauthorizedPlugin) || errors.Is(err, UnknownRequest) || errors.Is(err, InvalidRequestPath)
}

// open tells that requests go through l.
func (c *Client) open(l *link, t *tally) {
	l.opened.Store(max(int64(time.Since(c.start)), 1))
	c.enter(State{
		Phase: Open, URL: transport.Redact(l.url), Resumed: t.resumed, Rebuilt: t.rebuilt, Lost: len(t.refused),
	})
	c.wakeKeeper() // this gateway may want other keepalives
}

// claim takes the session over to a new connection.
func (s *Session) claim(ctx context.Context) error {
	id := s.ID()
	_, err := s.client.do(ctx, &request{op: "claim", session: id, bind: func([]byte) { s.client.adopt(s, id, nil) }})
	return err
}

// resume lets the session go on on a new connection after its claim ended with
// err, or gives it new ids there. What restore is left to do may take long; nil is
// nothing.
func (s *Session) resume(l *link, t *tally, err error) (restore func()) {
	switch {
	case errors.Is(err, SessionNotFound):
	case err == nil && !s.half.Load():
		s.goOn()
		t.count(&t.resumed)
		return nil
	case err != nil:
		t.refuse(s, err)
		return nil
	}
	handles, failed, err := s.renew(l.ctx, err != nil)
	if err != nil {
		t.refuse(s, err)
		return nil
	}
	t.count(&t.rebuilt)
	return func() { _ = s.restore(l.ctx, l, handles, failed) } // the events have the error
}

// goOn lets the requests of a session that was claimed go on, and tells.
func (s *Session) goOn() {
	s.release()
	base := EventBase{Kind: "resumed", Session: s.ID()}
	for _, h := range s.all() {
		base.Handle = h.ID()
		h.publish(&Resumed{EventBase: base})
	}
	base.Handle = 0
	s.stream.push(&Resumed{EventBase: base})
}

func (t *tally) count(n *int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*n++
}

func (t *tally) refuse(s *Session, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refused[s] = err
}
