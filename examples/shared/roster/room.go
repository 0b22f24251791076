package roster

import (
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// Room is who is in a room.
type Room struct {
	ID     client.ID `json:"id"`
	Self   client.ID `json:"self"`   // the id in People of the one who joined
	People []Person  `json:"people"` // in the order they were heard of
}

// Person is somebody in a room.
type Person struct {
	ID   client.ID `json:"id"`
	Name string    `json:"display,omitempty"`
}

// Update makes of r what it is after an event of the handle that joined, and
// reports whether anything has changed.
func (r *Room) Update(ev client.Event) bool {
	switch ev := ev.(type) {
	case *Joined:
		return r.add(ev.Person)
	case *Left:
		count := len(r.People)
		r.People = slices.DeleteFunc(r.People, func(p Person) bool { return p.ID == ev.ID })
		return len(r.People) < count
	}
	return false
}

// add adds somebody who is not there yet.
func (r *Room) add(p Person) bool {
	if slices.ContainsFunc(r.People, func(o Person) bool { return o.ID == p.ID }) {
		return false
	}
	r.People = append(r.People, p)
	return true
}
