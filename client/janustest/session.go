package janustest

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

// session is one Janus session. Server.mu guards it.
type session struct {
	id       uint64
	owner    *conn     // gets the events; nil while the connection is lost
	active   time.Time // the last request
	handles  map[uint64]*Attachment
	attached []*Attachment // in the order of attaching
	overdue  bool          // seen by the watchdog once
	dead     bool
}

// forget takes at out of ses.
func (ses *session) forget(at *Attachment) {
	delete(ses.handles, at.Handle)
	ses.attached = slices.DeleteFunc(ses.attached, func(a *Attachment) bool { return a == at })
}

// newID returns a random id from 1 to 2^53 that taken does not know.
func newID[V any](taken map[uint64]V) uint64 {
	for {
		id := rand.Uint64N(1<<53) + 1
		if _, ok := taken[id]; !ok {
			return id
		}
	}
}

// deadline says when ses dies unless a request comes; false for never.
func (s *Server) deadline(ses *session) (time.Time, bool) {
	limit := s.opts.SessionTimeout
	if ses.owner == nil && (limit < 0 || s.opts.ReclaimTimeout < limit) {
		limit = s.opts.ReclaimTimeout
	}
	return ses.active.Add(limit), limit >= 0
}

// expire ends the sessions whose deadline is over and returns the next one.
func (s *Server) expire(now time.Time) (next time.Time, ok bool) {
	s.mu.Lock()
	if s.faults.frozen != nil {
		s.mu.Unlock()
		return time.Time{}, false
	}
	if tick := s.tick; s.opts.Watchdog && now.Before(tick) {
		s.mu.Unlock()
		return tick, true
	}
	var due []*session
	for _, ses := range s.sessions {
		at, mortal := s.deadline(ses)
		switch {
		case !mortal:
		case !at.After(now) && s.opts.Watchdog && !ses.overdue:
			ses.overdue = true
		case !at.After(now):
			due = append(due, ses)
		case !ok || at.Before(next):
			next, ok = at, true
		}
	}
	// The map has no order, and a run should repeat.
	slices.SortFunc(due, func(a, b *session) int { return a.active.Compare(b.active) })
	handles := s.timeOut(due...)
	if s.opts.Watchdog {
		s.tick = now.Add(watchdogTime)
		next, ok = s.tick, true
	}
	s.mu.Unlock()
	s.detached(handles)
	return next, ok
}

// timeOut removes sessions and tells their owners. s.mu is held; the caller
// passes the result to detached without it.
func (s *Server) timeOut(list ...*session) []*Attachment {
	for _, ses := range list {
		timeout := frame{Janus: "timeout", Session: wireID(ses.id)}
		if !s.opts.DetachedFirst {
			s.notify(ses, &timeout)
		}
		for _, at := range ses.attached {
			s.notify(ses, at.frame("detached"))
		}
		if s.opts.DetachedFirst {
			s.notify(ses, &timeout)
		}
	}
	return s.remove(list...)
}

// remove forgets sessions and their handles, without a word to anybody. s.mu
// is held; the caller passes the result to detached without it.
func (s *Server) remove(list ...*session) []*Attachment {
	var handles []*Attachment
	for _, ses := range list {
		if ses.dead {
			continue
		}
		ses.dead = true
		delete(s.sessions, ses.id)
		for _, at := range ses.attached {
			at.end()
		}
		handles = append(handles, ses.attached...)
	}
	return handles
}

// live returns the sessions in no order. s.mu is held.
func (s *Server) live() []*session { return slices.Collect(maps.Values(s.sessions)) }

// detached tells plugins that handles are gone. s.mu is not held: plugins call
// back.
func (s *Server) detached(handles []*Attachment) {
	for _, at := range handles {
		if p, ok := at.plugin.(Detacher); ok {
			p.Detached(at)
		}
	}
}

// Sessions returns the ids of the live sessions, in ascending order.
func (s *Server) Sessions() []uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]uint64, 0, len(s.sessions))
	for id := range s.sessions {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Handles returns the ids of the handles of a session, in the order they were
// attached; nil when there is no such session.
func (s *Server) Handles(session uint64) []uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ses := s.sessions[session]
	if ses == nil {
		return nil
	}
	ids := make([]uint64, 0, len(ses.attached))
	for _, at := range ses.attached {
		ids = append(ids, at.Handle)
	}
	return ids
}
