package janustest

import (
	"context"

	"github.com/bifrons-rtc/bifrons/transport"
)

// conn is the gateway's end of one connection. Over HTTP, each exchange is one
// that carries a request and its answer, and each session has one more that
// holds its events for polls.
type conn struct {
	number int // counted from 1; zero for the events of a session over HTTP
	link   link
	cancel context.CancelFunc
	in     *lane
	out    *lane
	single bool // one object in each message, with white space around it
	admin  bool // it speaks the admin API

	events func() *conn // what owns the sessions that this connection creates or claims

	// Guarded by Server.mu.
	gone   bool // no session may belong to it any more
	silent bool // what either side sends vanishes
	muted  bool // what the gateway sends vanishes

	received, sent int // frames so far

	exchange        bool   // of HTTP
	session, handle uint64 // in its path
}

// link carries messages. The fault that ends it is one of the connection.
type link interface {
	read(ctx context.Context) ([]byte, error)
	// write sends data, in two pieces where split is not zero.
	write(ctx context.Context, data []byte, split int) error
	end(how FaultKind)
}

// memory is a link in memory.
type memory struct{ pipe transport.Conn }

func (m memory) read(ctx context.Context) ([]byte, error) {
	data, err := m.pipe.Read(ctx)
	return append([]byte(nil), data...), err
}

func (m memory) write(ctx context.Context, data []byte, _ int) error {
	return m.pipe.Write(ctx, transport.Message{Data: data})
}

func (m memory) end(FaultKind) { _ = m.pipe.Close() } // always nil

// newConn returns a connection with a number. s.mu is held.
func (s *Server) newConn(l link) *conn {
	s.accepted++
	c := &conn{number: s.accepted, link: l}
	c.in, c.out = newLane(s, c, FromClient), newLane(s, c, ToClient)
	c.events = func() *conn { return c }
	return c
}

// expect returns a connection that is about to be served: what the gateway has
// to say waits for it already. s.mu is held.
func (s *Server) expect(l link) (*conn, context.Context) {
	c := s.newConn(l)
	ctx, cancel := context.WithCancel(s.ctx)
	c.cancel = cancel
	s.conns[c] = struct{}{}
	return c, ctx
}

// start serves a connection until it ends. s.mu is held.
func (s *Server) start(ctx context.Context, c *conn) {
	slots := make(chan struct{}, maxInbox)
	// The reader owns the link's incoming half. It ends when the link breaks or
	// ctx ends; Close waits for it.
	s.wg.Go(func() {
		defer c.in.shut()
		for {
			data, err := c.link.read(ctx)
			if err != nil {
				return
			}
			select {
			case slots <- struct{}{}:
				c.in.push(data, 0)
			case <-ctx.Done():
				return
			}
		}
	})
	// This one owns the connection's requests, one at a time. It ends with the
	// reader or with ctx; Close waits for it.
	s.wg.Go(func() {
		// A network that lost the connection does not tell of its end either.
		defer s.lose(c, CutConn)
		c.in.run(ctx, func(_ context.Context, p *passage) error {
			s.receive(c, p.data, p.fail)
			return nil
		}, func() { <-slots })
		if s.deaf(c, false) {
			<-ctx.Done()
		}
	})
	// The writer owns the connection's queue, so that nobody who has something
	// to say waits for a client that does not read. It ends with ctx; Close waits
	// for it.
	c.out.count(true)
	s.wg.Go(func() {
		defer c.out.count(false)
		c.out.run(ctx, func(ctx context.Context, p *passage) error {
			return c.link.write(ctx, p.data, p.split) // the reader sees the same loss and deals with it
		}, func() { s.step.add(-1) })
	})
}

// send queues data for the client. One that reads so little that much waits for
// it already is cut off. s.mu is held.
func (s *Server) send(c *conn, data []byte) {
	if c.muted || c.gone || c.out.push(data, s.faults.delay) {
		return
	}
	c.muted = true
	c.cancel() // its goroutines lose it
}

// owns reports whether the sessions of c include ses. s.mu is held.
func (c *conn) owns(ses *session) bool { return ses.owner == c || c.exchange && c.session == ses.id }

// deaf reports whether nothing of c arrives any more, and from now on mutes it
// if asked to.
func (s *Server) deaf(c *conn, mute bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.muted = c.muted || mute
	return c.silent || c.gone
}

// over reports whether c was lost.
func (s *Server) over(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return c.gone
}

// lose ends a connection and lets go of its sessions: they die at once, or
// wait for a claim where there is a reclaim timeout. It is idempotent.
func (s *Server) lose(c *conn, how FaultKind) {
	c.link.end(how)
	c.cancel()
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
