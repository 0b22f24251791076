package textroom

import (
	"slices"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
)

// joined is what a handle is a member of, to become one again on another
// connection.
type joined struct {
	mu   sync.Mutex // guards list, and what is in it
	list []*member
}

// add takes a request the gateway has granted, under the name it was granted for.
// Who was in the room when it was lost and is not any more, and who is new, are
// events.
func (j *joined) add(req JoinRequest, name string, others []Participant) []client.Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	m := j.find(req.Room)
	again := m != nil
	if !again {
		m = new(member)
		j.list = append(j.list, m)
	}
	m.req, m.name = req, name
	m.comes(name) // which the gateway says itself
	events := m.compare(append(slices.Clip(others), Participant{Username: name}))
	if !again {
		return nil
	}
	return events
}

// find returns our part in a room; nil for none. mu is held.
func (j *joined) find(room client.ID) *member {
	for _, m := range j.list {
		if m.req.Room == room {
			return m
		}
	}
	return nil
}

// remove forgets a room. It returns what we are called there, if we were to be in
// it.
func (j *joined) remove(room client.ID) (name string, in bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	m := j.find(room)
	if m == nil {
		return "", false
	}
	j.list = slices.DeleteFunc(j.list, func(x *member) bool { return x == m })
	return m.name, true
}

// note follows who comes and goes. We ourselves may be kicked out.
func (j *joined) note(ev client.Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch ev := ev.(type) {
	case *Joined:
		if m := j.find(ev.Room); m != nil {
			m.comes(ev.Username)
		}
	case *Left:
		if m := j.find(ev.Room); m != nil {
			m.goes(ev.Username)
		}
	case *Kicked:
		m := j.find(ev.Room)
		switch {
		case m == nil:
		case m.name == ev.Username:
			j.list = slices.DeleteFunc(j.list, func(x *member) bool { return x == m })
		default:
			m.goes(ev.Username)
		}
	case *Destroyed:
		j.list = slices.DeleteFunc(j.list, func(m *member) bool { return m.req.Room == ev.Room })
	}
}

// compare takes who is in a room by the gateway's account. missing says that we
// are not.
func (j *joined) compare(room client.ID, list []Participant) (events []client.Event, missing bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	m := j.find(room)
	if m == nil {
		return nil, false
	}
	missing = !slices.ContainsFunc(list, func(p Participant) bool { return p.Username == m.name })
	return m.compare(list), missing
}

// all returns what was asked for and granted.
func (j *joined) all() []member {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := make([]member, len(j.list))
	for i, m := range j.list {
		list[i] = member{req: m.req, name: m.name}
	}
	return list
}

func (j *joined) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.list = nil
}
