//go:build !js

package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// textroom is one room. textRooms.mu guards it.
type textroom struct {
	id          client.ID
	description string
	secret, pin password
	private     bool
	history     int // how many messages are kept
	kept        []object
	door        door
	members     []*chatter
}

// chatter is a member of a room.
type chatter struct {
	h             *textHandle
	name, display string
}

const (
	maxKept     = 1024 // messages of a room
	maxChatters = 1024 // of a room
	textDate    = "2006-01-02T15:04:05-0700"
)

func textNow() string { return time.Now().Format(textDate) }

// entry is the room in a list.
func (r *textroom) entry() object {
	return object{"room": r.id, "description": r.description, "pin_required": r.pin.set,
		"num_participants": len(r.members), "history": r.history}
}

// entry is the member in a list.
func (c *chatter) entry() object {
	e := object{"username": c.name}
	if c.display != "" {
		e["display"] = c.display
	}
	return e
}

// people lists the members but one, who may be nil.
func (r *textroom) people(but *textHandle) []object {
	list := []object{}
	for _, c := range r.members {
		if c.h != but {
			list = append(list, c.entry())
		}
	}
	return list
}

// member returns h's own self in the room; nil if it is not there.
func (r *textroom) member(h *textHandle) *chatter {
	return r.first(func(c *chatter) bool { return c.h == h })
}

// named returns who has a name; nil if nobody does.
func (r *textroom) named(name string) *chatter {
	return r.first(func(c *chatter) bool { return c.name == name })
}

func (r *textroom) first(f func(*chatter) bool) *chatter {
	i := slices.IndexFunc(r.members, f)
	if i < 0 {
		return nil
	}
	return r.members[i]
}

// tell tells all members.
func (r *textroom) tell(data object) {
	for _, c := range r.members {
		c.h.say(data)
	}
}

// leave takes h out and tells everybody so, h as well.
func (r *textroom) leave(h *textHandle) {
	if c := r.member(h); c != nil {
		r.tell(object{"textroom": "leave", "room": r.id, "username": c.name})
		r.remove(c)
	}
}

func (r *textroom) remove(c *chatter) {
	r.members = slices.DeleteFunc(r.members, func(x *chatter) bool { return x == c })
}

// keep keeps what was said for those who join later.
func (r *textroom) keep(said object) {
	r.kept = append(r.kept, said)
	r.kept = r.kept[max(0, len(r.kept)-min(r.history, maxKept)):]
}

// refuse says on the data channel what was wrong.
func (h *textHandle) refuse(err error, txn string) {
	var refusal *client.PluginError
	if !errors.As(err, &refusal) {
		return
	}
	said := object{"textroom": "error", "error_code": refusal.Code, "error": refusal.Reason}
	if txn != "" {
		said["transaction"] = txn
	}
	h.say(said)
}

// find returns the room that b names.
func (t *textRooms) find(b body) (*textroom, error) {
	if err := text.check(b, t.idParam("room", true)); err != nil {
		return nil, err
	}
	r := t.room(b.id("room"))
	if r == nil {
		return nil, text.error(textNoSuchRoom, fmt.Sprintf("No such room (%s)", b.id("room")))
	}
	return r, nil
}

// open returns the room that b names and has the secret of.
func (t *textRooms) open(b body) (*textroom, error) {
	r, err := t.find(b)
	if err == nil {
		err = text.passes(b, "secret", r.secret)
	}
	return r, err
}

// room returns the room with an id; nil if there is none.
func (t *textRooms) room(id client.ID) *textroom {
	for _, r := range t.rooms {
		if r.id == id {
			return r
		}
	}
	return nil
}

// strings returns the strings in an array, and leaves everything else out.
func (b body) strings(key string) (list []string) {
	for _, raw := range b.list(key) {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			list = append(list, s)
		}
	}
	return list
}
