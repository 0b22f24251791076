package videoroom

import (
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// Wanted says which streams a [Room] should receive. The zero Wanted is none.
// What one field asks for is received whatever the others say.
type Wanted struct {
	All      bool        `json:"all,omitempty"`       // everybody
	AllAudio bool        `json:"all_audio,omitempty"` // the sound of everybody
	Feeds    []client.ID `json:"feeds,omitempty"`     // these, whenever they publish
	// Speakers is how many of those who spoke last; until so many have spoken, the
	// others in the order they came. The room must have audiolevel_event.
	Speakers int `json:"speakers,omitempty"`
	// Kinds limits All, Feeds and Speakers to streams that are "audio", "video" or
	// "data". Empty: all of them.
	Kinds []string `json:"kinds,omitempty"`
}

// target is one stream that should be received.
type target struct {
	feed client.ID
	mid  string
	kind string
}

// targets returns the streams to receive, feed by feed in the order they came.
func (w *Wanted) targets(r *roster) (list []target) {
	whole := w.whole(r)
	for _, id := range r.order {
		f := r.feeds[id]
		for i := range f.Streams {
			s := &f.Streams[i]
			all := whole[id] && (len(w.Kinds) == 0 || slices.Contains(w.Kinds, s.Type))
			if !s.Disabled && !r.isGhost(id) && (all || w.AllAudio && s.Type == "audio") {
				list = append(list, target{id, s.MID, s.Type})
			}
		}
	}
	return list
}

// whole returns the feeds of which everything is wanted.
func (w *Wanted) whole(r *roster) map[client.ID]bool {
	set := map[client.ID]bool{}
	for _, id := range r.order {
		if w.All || slices.Contains(w.Feeds, id) {
			set[id] = true
		}
	}
	ranked := slices.Clone(r.speakers)
	for _, id := range r.order {
		if !slices.Contains(r.speakers, id) {
			ranked = append(ranked, id)
		}
	}
	ranked = slices.DeleteFunc(ranked, r.isGhost)
	for _, id := range ranked[:min(len(ranked), max(w.Speakers, 0))] {
		set[id] = true
	}
	return set
}

// clone returns a copy that shares nothing.
func (w Wanted) clone() Wanted {
	w.Feeds, w.Kinds = slices.Clone(w.Feeds), slices.Clone(w.Kinds)
	return w
}

// replace puts one feed in the place of another and reports whether that was
// there.
func (w *Wanted) replace(from, to client.ID) bool {
	i := slices.Index(w.Feeds, from)
	if i < 0 {
		return false
	}
	w.Feeds = slices.Clone(w.Feeds)
	w.Feeds[i] = to
	return true
}
