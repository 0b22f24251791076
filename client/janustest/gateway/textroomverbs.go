//go:build !js

package gateway

import (
	"fmt"
	"maps"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// textVerb does what is asked, and returns the answer; nil is none.
type textVerb func(*textHandle, body) (object, error)

var (
	// textVerbs are those that both the Janus API and the data channel know.
	textVerbs = map[string]textVerb{
		"create": (*textHandle).create, "edit": (*textHandle).edit, "destroy": (*textHandle).destroy,
		"exists": (*textHandle).exists, "list": (*textHandle).list, "listparticipants": (*textHandle).listMembers,
		"allowed": (*textHandle).allowed, "kick": (*textHandle).kick, "announcement": (*textHandle).announce,
	}
	// textChat are those of the data channel alone.
	textChat = map[string]textVerb{
		"join": (*textHandle).join, "leave": (*textHandle).quit, "message": (*textHandle).message,
	}
)

// done is the answer to most.
func done() object { return object{"textroom": "success"} }

var textCreate = []param{
	{"description", '"', false}, {"secret", '"', false}, {"pin", '"', false}, {"post", '"', false}, {"is_private", 'b', false},
	{"history", '+', false}, {"allowed", '[', false}, {"permanent", 'b', false}, {"admin_key", '"', false},
}

// create makes a room. Nothing is posted anywhere: the gateway talks to its
// clients alone.
func (h *textHandle) create(b body) (object, error) {
	t := h.t
	if err := text.check(b, append([]param{t.idParam("room", false)}, textCreate...)...); err != nil {
		return nil, err
	}
	id := t.newID(b.id("room"), func(id client.ID) bool { return t.room(id) != nil })
	access, err := text.newDoor(b)
	switch {
	case err != nil:
		return nil, err
	case t.room(id) != nil:
		return nil, text.error(textRoomExists, fmt.Sprintf("Room %s already exists", id))
	case len(t.rooms) >= maxRooms:
		return nil, text.error(textUnknown, "No more rooms here: destroy one")
	}
	r := &textroom{id: id, description: "Room " + id.String(), secret: b.password("secret"), pin: b.password("pin"), door: access}
	if s := b.str("description"); s != "" {
		r.description = s
	}
	b.into("is_private", &r.private)
	if n := b.number("history"); n != nil {
		r.history = *n
	}
	t.rooms = append(t.rooms, r)
	return permanent(b, object{"textroom": "success", "room": id}), nil
}

var textEdit = []param{
	{"secret", '"', false}, {"new_description", '"', false}, {"new_secret", '"', false}, {"new_pin", '"', false},
	{"new_post", '"', false}, {"new_is_private", 'b', false}, {"permanent", 'b', false},
}

func (h *textHandle) edit(b body) (object, error) {
	if err := text.check(b, append([]param{h.t.idParam("room", true)}, textEdit...)...); err != nil {
		return nil, err
	}
	r, err := h.t.open(b)
	if err != nil {
		return nil, err
	}
	if s := b.str("new_description"); s != "" {
		r.description = s
	}
	r.secret.edit(b.str("new_secret"))
	r.pin.edit(b.str("new_pin"))
	b.into("new_is_private", &r.private)
	return permanent(b, object{"textroom": "success", "room": r.id}), nil
}

// destroy ends a room, of which who asked hears twice who is in it.
func (h *textHandle) destroy(b body) (object, error) {
	r, err := h.t.open(b)
	if err != nil {
		return nil, err
	}
	h.t.rooms = slices.DeleteFunc(h.t.rooms, func(x *textroom) bool { return x == r })
	news := object{"textroom": "destroyed", "room": r.id}
	h.say(news)
	r.tell(news)
	return permanent(b, object{"textroom": "success", "room": r.id}), nil
}

func (h *textHandle) exists(b body) (object, error) {
	if err := text.check(b, h.t.idParam("room", true)); err != nil {
		return nil, err
	}
	return object{"textroom": "success", "room": b.id("room"), "exists": h.t.room(b.id("room")) != nil}, nil
}

func (h *textHandle) list(body) (object, error) {
	list := []object{}
	for _, r := range h.t.rooms {
		if !r.private {
			list = append(list, r.entry())
		}
	}
	return object{"textroom": "success", "list": list}, nil
}

// listMembers has no textroom in its answer, as with Janus 1.1.2.
func (h *textHandle) listMembers(b body) (object, error) {
	r, err := h.t.find(b)
	if err != nil {
		return nil, err
	}
	return object{"room": r.id, "participants": r.people(nil)}, nil
}

func (h *textHandle) allowed(b body) (object, error) {
	if err := text.check(b, h.t.idParam("room", true)); err != nil {
		return nil, err
	}
	action, err := text.action(b)
	if err != nil {
		return nil, err
	}
	r, err := h.t.open(b)
	if err != nil {
		return nil, err
	}
	return r.door.change(text, action, b, object{"textroom": "success", "room": r.id})
}

// kick answers with the wrong name, as Janus 1.1.2 does.
func (h *textHandle) kick(b body) (object, error) {
	if err := text.check(b, param{"username", '"', true}); err != nil {
		return nil, err
	}
	r, err := h.t.open(b)
	if err != nil {
		return nil, err
	}
	c := r.named(b.str("username"))
	if c == nil {
		return nil, text.error(textNoSuchUser, fmt.Sprintf("No such user %s in room %s", b.str("username"), r.id))
	}
	r.tell(object{"textroom": "kicked", "room": r.id, "username": c.name})
	r.remove(c)
	return object{"textbridge": "success"}, nil
}

func (h *textHandle) announce(b body) (object, error) {
	if err := text.check(b, param{"text", '"', true}); err != nil {
		return nil, err
	}
	r, err := h.t.open(b)
	if err != nil {
		return nil, err
	}
	said := object{"textroom": "announcement", "room": r.id, "date": textNow(), "text": b.str("text")}
	r.keep(said)
	r.tell(said)
	return done(), nil
}

// join makes h a member, who hears first what was said, then of itself.
func (h *textHandle) join(b body) (object, error) {
	if err := text.check(b, param{"username", '"', true}, param{"display", '"', false}, param{"pin", '"', false},
		param{"token", '"', false}, param{"history", 'b', false}); err != nil {
		return nil, err
	}
	r, err := h.t.find(b)
	if err == nil {
		err = text.passes(b, "pin", r.pin)
	}
	if err != nil {
		return nil, err
	}
	c := &chatter{h: h, name: b.str("username"), display: b.str("display")}
	switch {
	case !r.door.admits(b.str("token")):
		return nil, text.error(textUnauthorized, textUnauthorizedACL)
	case r.member(h) != nil:
		return nil, text.error(textAlreadyInRoom, fmt.Sprintf("Already in room %s", r.id))
	case r.named(c.name) != nil:
		return nil, text.error(textUsernameInUse, "Username already taken")
	case len(r.members) >= maxChatters:
		return nil, text.error(textUnknown, "The room is full")
	}
	replay := true
	if b.into("history", &replay); replay {
		for _, said := range r.kept {
			h.say(said)
		}
	}
	r.members = append(r.members, c)
	news := c.entry()
	news["textroom"], news["room"] = "join", r.id
	r.tell(news)
	reply := done()
	reply["participants"] = r.people(h)
	return reply, nil
}

// inside returns the room that b names, and h in it.
func (h *textHandle) inside(b body) (*textroom, *chatter, error) {
	r, err := h.t.find(b)
	if err != nil {
		return nil, nil, err
	}
	c := r.member(h)
	if c == nil {
		return nil, nil, text.error(textNotInRoom, fmt.Sprintf("Not in room %s", r.id))
	}
	return r, c, nil
}

func (h *textHandle) quit(b body) (object, error) {
	r, _, err := h.inside(b)
	if err != nil {
		return nil, err
	}
	r.leave(h)
	return done(), nil
}

// message says something to all or to some. Only who joins later learns the
// display name, as with Janus 1.1.2.
func (h *textHandle) message(b body) (object, error) {
	if err := text.check(b, param{"text", '"', true}, param{"to", '"', false}, param{"tos", '[', false}, param{"ack", 'b', false}); err != nil {
		return nil, err
	}
	r, c, err := h.inside(b)
	switch {
	case err != nil:
		return nil, err
	case b.has("to") && b.has("tos"):
		return nil, text.error(textInvalid, "Both to and tos array provided")
	}
	said := object{"textroom": "message", "room": r.id, "from": c.name, "date": textNow(), "text": b.str("text")}
	reply := done()
	if b.has("to") || b.has("tos") {
		names := b.strings("tos")
		if b.has("to") {
			names = []string{b.str("to")}
		}
		said["whisper"] = true
		reply["sent"] = r.whisper(said, names)
	} else {
		kept := maps.Clone(said)
		if c.display != "" {
			kept["display"] = c.display
		}
		r.keep(kept)
		r.tell(said)
	}
	ack := true
	if b.into("ack", &ack); !ack {
		return nil, nil
	}
	return reply, nil
}

// whisper tells some, and says who of them is there.
func (r *textroom) whisper(said object, names []string) map[string]bool {
	sent := make(map[string]bool)
	for _, name := range names {
		c := r.named(name)
		if _, twice := sent[name]; !twice && c != nil {
			c.h.say(said)
		}
		sent[name] = c != nil
	}
	return sent
}
