package videoroom

import "github.com/bifrons-rtc/bifrons/client"

// compare returns how what the gateway says differs from what is known, as the
// events that would have told it. feeds are those whose streams were looked at.
func (r *roster) compare(people []Participant, feeds []Feed, self client.ID, base func(kind string) client.EventBase) (events []client.Event) {
	there := make(map[client.ID]*Participant, len(people))
	for i := range people {
		there[people[i].ID] = &people[i]
	}
	// still returns somebody who was there under a name, and is.
	still := func(id client.ID, display string) *Participant {
		p := there[id]
		switch {
		case p == nil:
			events = append(events, &Left{EventBase: base("left"), Feed: id, Display: display})
		case p.Display != display:
			events = append(events, &Changed{EventBase: base("changed"), Feed: id, Display: &p.Display})
		}
		return p
	}
	for _, id := range r.order {
		f := r.feeds[id]
		switch p := still(id, f.Display); {
		case p == nil:
		case !p.Publisher:
			events = append(events, &Unpublished{EventBase: base("unpublished"), Feed: id, Display: f.Display})
		case p.Talking != nil && f.Talking != nil && *p.Talking != *f.Talking:
			events = append(events, &Talking{EventBase: base("talking"), Feed: id, Talking: *p.Talking})
		}
	}
	for id := range r.attendees {
		still(id, r.attendees[id].Display)
	}
	if len(feeds) > 0 {
		events = append(events, &Published{EventBase: base("published"), Feeds: feeds})
	}
	for i := range people {
		p := &people[i]
		if r.complete && !p.Publisher && p.ID != self && !r.knows(p.ID) {
			events = append(events, &Joined{EventBase: base("joined"), Attendee: Attendee{ID: p.ID, Display: p.Display, Metadata: p.Metadata}})
		}
	}
	if there[self] == nil {
		events = append(events, &Left{EventBase: base("left"), Own: true, Reason: "kicked"})
	}
	return events
}

func (r *roster) knows(id client.ID) bool {
	_, attends := r.attendees[id]
	return attends || r.feeds[id] != nil
}
