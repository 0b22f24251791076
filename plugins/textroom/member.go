package textroom

import (
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// maxPeople is how many a room may have for us to know who is in it.
const maxPeople = 4096

// member is our part in one room.
type member struct {
	req    JoinRequest // as it was asked for
	name   string      // what we are called there
	people []string    // who is there, we ourselves included
	crowd  bool        // there are too many to know
}

func (m *member) comes(name string) {
	switch {
	case m.crowd || slices.Contains(m.people, name):
	case len(m.people) == maxPeople:
		m.people, m.crowd = nil, true
	default:
		m.people = append(m.people, name)
	}
}

func (m *member) goes(name string) {
	m.people = slices.DeleteFunc(m.people, func(s string) bool { return s == name })
}

// compare takes who is there by the gateway's account, and returns what must have
// happened.
func (m *member) compare(list []Participant) (events []client.Event) {
	before := make(map[string]bool, len(m.people))
	for _, name := range m.people {
		before[name] = true
	}
	crowd := m.crowd
	now := make(map[string]bool, len(list))
	people := make([]string, 0, len(list))
	for _, p := range list {
		if now[p.Username] {
			continue
		}
		now[p.Username] = true
		people = append(people, p.Username)
		if !crowd && !before[p.Username] {
			events = append(events, &Joined{client.EventBase{Kind: "textroom.joined"}, m.req.Room, p.Username, p.Display})
		}
	}
	for _, name := range m.people {
		if !now[name] {
			events = append(events, &Left{client.EventBase{Kind: "textroom.left"}, m.req.Room, name})
		}
	}
	m.people, m.crowd = people, len(people) > maxPeople
	if m.crowd {
		m.people = nil
	}
	return events
}
