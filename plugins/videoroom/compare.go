package videoroom

import "github.com/bifrons-rtc/bifrons/client"

// compare returns how what the gateway says differs from what is known, as the
// events that would have told it. feeds are those whose streams were looked at.
func (r *roster) compare(people []Participant, feeds []Feed, self client.ID, base func(kind string) client.EventBase) (events []client.Event) {
	there := make(map[client.ID]*Participant, len(people))
	for i := range people {
		there[people[i].ID] = &people[i]
	}
	for _, id := range r.order {
		switch p := there[id]; {
		case p == nil:
			events = append(events, &Left{EventBase: base("left"), Feed: id, Display: r.feeds[id].Display})
		case !p.Publisher:
			events = append(events, &Unpublished{EventBase: base("unpublished"), Feed: id, Display: r.feeds[id].Display})
		default:
			events = append(events, r.renamed(p, r.feeds[id].Display, base)...)
			if old := r.feeds[id].Talking; p.Talking != nil && old != nil && *p.Talking != *old {
				events = append(events, &Talking{EventBase: base("talking"), Feed: id, Talking: *p.Talking})
			}
		}
	}
	for id, a := range r.attendees {
		if p := there[id]; p == nil {
			events = append(events, &Left{EventBase: base("left"), Feed: id, Display: a.Display})
		} else if !p.Publisher {
			events = append(events, r.renamed(p, a.Display, base)...)
		}
	}
	if len(feeds) > 0 {
		events = append(events, &Published{EventBase: base("published"), Feeds: feeds})
	}
	for i := range people {
		p := &people[i]
		_, publishes := r.feeds[p.ID]
		_, attends := r.attendees[p.ID]
		if r.complete && !p.Publisher && !publishes && !attends && p.ID != self {
			events = append(events, &Joined{EventBase: base("joined"), Attendee: Attendee{ID: p.ID, Display: p.Display, Metadata: p.Metadata}})
		}
	}
	if there[self] == nil {
		events = append(events, &Left{EventBase: base("left"), Own: true, Reason: "kicked"})
	}
	return events
}

func (r *roster) renamed(p *Participant, before string, base func(kind string) client.EventBase) []client.Event {
	if p.Display == before {
		return nil
	}
	return []client.Event{&Changed{EventBase: base("changed"), Feed: p.ID, Display: &p.Display}}
}
