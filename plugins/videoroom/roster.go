package videoroom

import (
	"maps"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// mostMembers bounds what a gateway can have us remember.
const mostMembers = 1 << 16

// roster is who is in a room, as its events tell.
type roster struct {
	feeds     map[client.ID]*Feed
	order     []client.ID // of the feeds' first appearance
	attendees map[client.ID]Attendee
	speakers  []client.ID               // the latest to begin talking first
	complete  bool                      // all attendees are known
	absent    map[client.ID]string      // those who were there before a rebuild, with their names
	haunted   func(feed client.ID) bool // not to be received; nil: none is
}

// reset takes what the gateway says on entering. Who was there before and is not
// may come back: a gateway that was restarted has nobody at first.
func (r *roster) reset(reply *JoinReply) {
	before := *r
	*r = roster{feeds: map[client.ID]*Feed{}, attendees: map[client.ID]Attendee{}, complete: reply.Attendees != nil, haunted: r.haunted, absent: map[client.ID]string{}}
	maps.Copy(r.absent, before.absent)
	for id, f := range before.feeds {
		r.miss(id, f.Display)
	}
	for id, a := range before.attendees {
		if before.complete {
			r.miss(id, a.Display)
		}
	}
	for i := range reply.Feeds {
		r.put(reply.Feeds[i])
	}
	for _, a := range reply.Attendees {
		r.attend(a)
	}
}

// miss takes note of somebody who may come back.
func (r *roster) miss(id client.ID, display string) {
	if len(r.absent) < mostMembers {
		r.absent[id] = display
	}
}

func (r *roster) put(f Feed) {
	if _, known := r.feeds[f.ID]; !known {
		if len(r.feeds) >= mostMembers {
			return
		}
		r.order = append(r.order, f.ID)
	}
	r.feeds[f.ID] = &f
	delete(r.attendees, f.ID)
	delete(r.absent, f.ID)
	if f.Talking != nil && *f.Talking && !slices.Contains(r.speakers, f.ID) {
		r.speakers = append(r.speakers, f.ID)
	}
}

func (r *roster) attend(a Attendee) {
	if len(r.attendees) < mostMembers {
		r.attendees[a.ID] = a
	}
	delete(r.absent, a.ID)
}

func (r *roster) remove(id client.ID) {
	delete(r.feeds, id)
	same := func(other client.ID) bool { return other == id }
	r.order = slices.DeleteFunc(r.order, same)
	r.speakers = slices.DeleteFunc(r.speakers, same)
}

// apply takes an event in and reports whether there are other feeds now, or
// other speakers.
func (r *roster) apply(ev client.Event) bool {
	switch ev := ev.(type) {
	case *Published:
		for _, f := range ev.Feeds {
			r.put(f)
		}
	case *Unpublished:
		f, known := r.feeds[ev.Feed]
		if !known {
			return false
		}
		r.remove(ev.Feed)
		r.attend(Attendee{ID: f.ID, Display: f.Display, Metadata: f.Metadata})
	case *Left:
		r.remove(ev.Feed)
		delete(r.attendees, ev.Feed)
	case *Kicked:
		r.remove(ev.Feed)
		delete(r.attendees, ev.Feed)
	case *Joined:
		r.attend(ev.Attendee)
		return false
	case *Changed:
		r.rename(ev)
		return false
	case *Moderated:
		r.moderate(ev)
		return false
	case *Talking:
		return r.talk(ev)
	default:
		return false
	}
	return true
}

func (r *roster) rename(ev *Changed) {
	if f, ok := r.feeds[ev.Feed]; ok {
		if ev.Display != nil {
			f.Display = *ev.Display
		}
		if ev.Metadata != nil {
			f.Metadata = ev.Metadata
		}
	}
	if a, ok := r.attendees[ev.Feed]; ok {
		if ev.Display != nil {
			a.Display = *ev.Display
		}
		if ev.Metadata != nil {
			a.Metadata = ev.Metadata
		}
		r.attendees[ev.Feed] = a
	}
}

func (r *roster) moderate(ev *Moderated) {
	f, ok := r.feeds[ev.Feed]
	if !ok {
		return
	}
	f.Streams = slices.Clone(f.Streams) // others may have the old ones
	for i := range f.Streams {
		if f.Streams[i].MID == ev.MID {
			f.Streams[i].Moderated = ev.Muted
		}
	}
}

// talk moves who begins to talk to the front.
func (r *roster) talk(ev *Talking) bool {
	f, ok := r.feeds[ev.Feed]
	if !ok {
		return false
	}
	f.Talking = &ev.Talking
	if !ev.Talking || len(r.speakers) > 0 && r.speakers[0] == ev.Feed {
		return false
	}
	r.speakers = slices.DeleteFunc(r.speakers, func(id client.ID) bool { return id == ev.Feed })
	r.speakers = slices.Insert(r.speakers, 0, ev.Feed)
	return true
}

// list returns the feeds in the order they appeared.
func (r *roster) list() []Feed {
	feeds := make([]Feed, 0, len(r.order))
	for _, id := range r.order {
		feeds = append(feeds, *r.feeds[id])
	}
	return feeds
}

// audience returns those who do not publish, in no order.
func (r *roster) audience() []Attendee { return slices.Collect(maps.Values(r.attendees)) }

// dataMID returns the m-line of a feed's data channels; "" for none.
func (r *roster) dataMID(id client.ID) string {
	if f := r.feeds[id]; f != nil {
		for i := range f.Streams {
			if s := &f.Streams[i]; s.Type == "data" && !s.Disabled {
				return s.MID
			}
		}
	}
	return ""
}

func (r *roster) isGhost(id client.ID) bool { return r.haunted != nil && r.haunted(id) }
