package janustest

import (
	"context"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// conn is the gateway's end of one connection.
type conn struct {
	pipe   transport.Conn
	cancel context.CancelFunc
	gone   bool // no session may belong to it any more; guarded by Server.mu

	mu    sync.Mutex // guards queue
	queue []outgoing
	wake  chan struct{} // holds a token while queue may have something
}

// outgoing is a message on its way, not to be sent before due.
type outgoing struct {
	data []byte
	due  time.Time
}

// accept serves a connection. s.mu is held.
func (s *Server) accept(pipe transport.Conn) {
	ctx, cancel := context.WithCancel(s.ctx)
	c := &conn{pipe: pipe, cancel: cancel, wake: make(chan struct{}, 1)}
	s.conns[c] = struct{}{}
	// The reader owns the connection's requests. It ends when the pipe breaks
	// or ctx ends; Close waits for it.
	s.wg.Go(func() {
		defer s.lose(c)
		for {
			data, err := pipe.Read(ctx)
			if err != nil {
				return
			}
			s.receive(c, append([]byte(nil), data...))
		}
	})
	// The writer owns the connection's queue, so that nobody who has something
	// to say waits for a client that does not read. It ends with ctx, which the
	// reader cancels; Close waits for it.
	s.wg.Go(func() { c.write(ctx) })
}

// send queues data. Order is kept, also where a later message is due earlier.
func (c *conn) send(data []byte, delay time.Duration) {
	var due time.Time
	if delay > 0 {
		due = time.Now().Add(delay)
	}
	c.mu.Lock()
	c.queue = append(c.queue, outgoing{data, due})
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *conn) next() (outgoing, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		return outgoing{}, false
	}
	m := c.queue[0]
	c.queue = c.queue[1:]
	return m, true
}

// write sends what is queued until ctx ends or the client is gone.
func (c *conn) write(ctx context.Context) {
	for {
		m, ok := c.next()
		if !ok {
			select {
			case <-c.wake:
				continue
			case <-ctx.Done():
				return
			}
		}
		if wait := time.Until(m.due); !m.due.IsZero() && wait > 0 {
			timer := time.NewTimer(wait)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				return
			}
		}
		if err := c.pipe.Write(ctx, transport.Message{Data: m.data}); err != nil {
			return // the reader sees the same loss and deals with it
		}
	}
}

// lose ends a connection and lets go of its sessions: they die at once, or
// wait for a claim where there is a reclaim timeout. It is idempotent.
func (s *Server) lose(c *conn) {
	c.cancel()
	_ = c.pipe.Close() // always nil
	s.mu.Lock()
	if c.gone {
		s.mu.Unlock()
		return
	}
	c.gone = true
	delete(s.conns, c)
	var dead []*session
	for _, ses := range s.sessions {
		if ses.owner != c {
			continue
		}
		ses.owner = nil
		if s.opts.ReclaimTimeout <= 0 {
			dead = append(dead, ses)
		}
	}
	handles := s.remove(dead...)
	s.mu.Unlock()
	s.poke()
	s.detached(handles)
}
