//go:build !js

package main

import (
	"slices"
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// mostPeople bounds what a gateway can have us remember.
const mostPeople = 10_000

// person is somebody in a video room.
type person struct {
	name  string
	sends string // what, for reading; empty: nothing
}

// people are those in a room, as its events tell. The gateway says some things
// twice, and does not say whom it means when they leave.
type people map[client.ID]*person

// get returns the person with an id, and whether that is somebody new.
func (p people) get(id client.ID, name string) (who *person, fresh bool) {
	who = p[id]
	if who == nil {
		who, fresh = new(person), true
		if len(p) < mostPeople {
			p[id] = who
		}
	}
	if name != "" {
		who.name = name
	}
	return who, fresh
}

// name is what to call somebody.
func (p people) name(id client.ID) string {
	if who := p[id]; who != nil && who.name != "" {
		return who.name
	}
	return id.String()
}

// keep forgets those who are not in the room any more.
func (p people) keep(feeds []videoroom.Feed, others []videoroom.Attendee) {
	there := make(map[client.ID]bool)
	for _, f := range feeds {
		there[f.ID] = true
	}
	for _, o := range others {
		there[o.ID] = true
	}
	for id := range p {
		if !there[id] {
			delete(p, id)
		}
	}
}

// sent is one m-line of a feed.
type sent struct {
	Kind  string `json:"kind"` // audio, video or data
	Codec string `json:"codec,omitempty"`
	MID   string `json:"mid"`
	Muted bool   `json:"muted,omitempty"` // by a moderator
}

// sentBy lists what a feed sends.
func sentBy(f *videoroom.Feed) []sent {
	list := []sent{}
	for _, s := range f.Streams {
		if !s.Disabled {
			list = append(list, sent{Kind: s.Type, Codec: s.Codec, MID: s.MID, Muted: s.Moderated})
		}
	}
	return list
}

// sentText is a list of what is sent for reading.
func sentText(list []sent) string {
	var words []string
	for _, s := range list {
		words = append(words, strings.TrimSpace(s.Kind+" "+s.Codec))
	}
	slices.Sort(words)
	return orNothing(strings.Join(words, ", "))
}
