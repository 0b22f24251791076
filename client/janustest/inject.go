package janustest

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// Injected is a fault that happened.
type Injected struct {
	Fault Fault
	Conn  int // the connection, counted from 1
	Frame int // the frame of that connection and direction, counted from 1
	Time  time.Time
}

// injection is a fault at work. Server.mu guards it.
type injection struct {
	Fault
	seen int // frames since Inject
}

// Inject puts faults to work. A fault of a certain frame happens once and is
// over, one of every frame stays. Remove takes those of this call back that did
// not happen yet; it may be called any number of times. Where several meet at
// one frame they happen in the order of their injection.
func (s *Server) Inject(faults ...Fault) (remove func()) {
	list := make([]*injection, len(faults))
	for i, f := range faults {
		list[i] = &injection{Fault: f}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.injected = append(s.faults.injected, list...)
	s.step.start()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults.injected = slices.DeleteFunc(s.faults.injected,
			func(in *injection) bool { return slices.Contains(list, in) })
	}
}

// Injected returns the faults that happened, oldest first; of more than 4096
// the last 4096.
func (s *Server) Injected() []Injected {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults.happened)
}

// passage is what becomes of one frame.
type passage struct {
	data          []byte
	wait          time.Duration // for it, and for all behind it
	hold          time.Duration // for it alone, at most
	window        int           // frames that overtake it while it is held
	merge         bool          // it is held for the next one, to go with it
	copies        int
	split         int // where to cut it in two; 0 is not at all
	fail          client.Code
	before, after []Fault // of the connection and of the gateway
	lost          bool    // the connection is silent or gone
}

// judge finds out what happens to a frame of c.
func (s *Server) judge(c *conn, dir Direction, data []byte) *passage {
	p := &passage{data: data, copies: 1}
	s.mu.Lock()
	defer s.mu.Unlock()
	frames := &c.received
	if dir == ToClient {
		frames = &c.sent
	}
	*frames++
	p.lost = c.silent || c.gone
	for _, in := range slices.Clone(s.faults.injected) {
		if cmp.Or(in.Direction, FromClient) != dir || in.Conn != 0 && in.Conn != c.number {
			continue
		}
		in.seen++
		count := in.seen
		if in.Conn != 0 {
			count = *frames
		}
		if in.Frame != 0 {
			if count != in.Frame {
				continue
			}
			s.faults.injected = slices.DeleteFunc(s.faults.injected, func(i *injection) bool { return i == in })
		}
		if len(s.faults.happened) == recorded {
			s.faults.happened = append(s.faults.happened[:0], s.faults.happened[1:]...)
		}
		s.faults.happened = append(s.faults.happened, Injected{in.Fault, c.number, *frames, time.Now()})
		p.apply(in.Fault)
	}
	return p
}

// apply adds one fault to p.
func (p *passage) apply(f Fault) {
	place := 0
	if len(p.data) > 0 {
		place = max(f.At, 0) % len(p.data)
	}
	switch f.Kind {
	case LoseFrame:
		p.copies = 0
	case DelayFrame:
		p.wait += f.For
	case DuplicateFrame:
		p.copies *= 2
	case ReorderFrame, MergeFrame:
		p.hold, p.window, p.merge = f.For, max(f.Window, 1), f.Kind == MergeFrame
		if p.merge {
			p.window = math.MaxInt // it waits for one that arrives
		}
		if p.hold <= 0 {
			p.hold = 100 * time.Millisecond
		}
	case TruncateFrame:
		p.data = p.data[:place]
	case SplitFrame:
		p.split = place
	case FlipBit:
		if len(p.data) > 0 {
			bit := max(f.At, 0) % (8 * len(p.data))
			p.data = slices.Clone(p.data)
			p.data[bit/8] ^= 1 << (bit % 8)
		}
	case FailRequest:
		if p.fail = f.Code; p.fail == 0 {
			p.fail = client.UnknownError
		}
	default:
		if f.After {
			p.after = append(p.after, f)
		} else {
			p.before = append(p.before, f)
		}
	}
}

// mute reports whether an answer to the frame must not get out, because the
// connection ends or falls silent behind it.
func (p *passage) mute() bool {
	return slices.ContainsFunc(p.after, func(f Fault) bool {
		return f.Kind == CloseConn || f.Kind == CutConn || f.Kind == ResetConn || f.Kind == SilenceConn ||
			f.Kind == RestartGateway
	})
}

// strike makes a fault of c or of the gateway happen.
func (s *Server) strike(c *conn, f Fault) {
	switch f.Kind {
	case CloseConn, CutConn, ResetConn:
		s.lose(c, f.Kind)
	case SilenceConn:
		s.mu.Lock()
		c.silent = true
		s.mu.Unlock()
	case ExpireSessions, DetachHandles, HangUpHandles:
		s.endOwned(c, f.Kind)
	case RefuseDials:
		s.mu.Lock()
		s.faults.down = until(f.For)
		s.mu.Unlock()
	case RefuseSessions:
		s.mu.Lock()
		s.faults.draining = until(f.For)
		s.mu.Unlock()
	case FreezeGateway:
		s.freeze(f.For)
	case RestartGateway:
		s.Restart(f.For)
	}
}

// endOwned ends what belongs to the sessions of c.
func (s *Server) endOwned(c *conn, kind FaultKind) {
	s.mu.Lock()
	var list []*session
	for _, ses := range s.sessions {
		if c.owns(ses) {
			list = append(list, ses)
		}
	}
	slices.SortFunc(list, func(a, b *session) int { return a.active.Compare(b.active) })
	var handles []*Attachment
	for _, ses := range list {
		handles = append(handles, ses.attached...)
	}
	s.mu.Unlock()
	// Whatever ended meanwhile is gone already, which is all that was wanted.
	if kind == ExpireSessions {
		for _, ses := range list {
			s.ExpireSession(ses.id)
		}
		return
	}
	for _, at := range handles {
		switch s.mu.Lock(); {
		case kind == HangUpHandles && at.pc == pcNone:
			s.mu.Unlock()
		case kind == HangUpHandles:
			s.mu.Unlock()
			_ = s.Push(at.Session, at.Handle, "hangup", object{{"reason", "ICE failed"}}, nil)
		default:
			s.mu.Unlock()
			_ = s.Push(at.Session, at.Handle, "detached", nil, nil)
		}
	}
}
