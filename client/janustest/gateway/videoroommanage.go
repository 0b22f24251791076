//go:build !js

package gateway

import (
	"fmt"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// videoManaging are the requests that are answered at once, whoever asks.
var videoManaging = map[string]func(*videoRooms, body) (object, error){
	"create": (*videoRooms).create, "edit": (*videoRooms).edit, "destroy": (*videoRooms).destroy,
	"exists": (*videoRooms).exists, "list": (*videoRooms).list, "listparticipants": (*videoRooms).listMembers,
	"allowed": (*videoRooms).allowed, "kick": (*videoRooms).kick, "moderate": (*videoRooms).moderate,
	"enable_recording": (*videoRooms).enableRecording, "listforwarders": (*videoRooms).listForwarders,
}

// room returns the room with an id; nil if there is none.
func (v *videoRooms) room(id client.ID) *videoroom {
	for _, r := range v.rooms {
		if r.id == id {
			return r
		}
	}
	return nil
}

// find returns the room that b names.
func (v *videoRooms) find(b body) (*videoroom, error) {
	if err := video.check(b, v.idParam("room", true)); err != nil {
		return nil, err
	}
	r := v.room(b.id("room"))
	if r == nil {
		return nil, video.error(videoNoSuchRoom, fmt.Sprintf("No such room (%s)", b.id("room")))
	}
	return r, nil
}

// open returns the room that b names and has the secret of.
func (v *videoRooms) open(b body) (*videoroom, error) {
	r, err := v.find(b)
	if err == nil {
		err = video.passes(b, "secret", r.secret)
	}
	return r, err
}

func (v *videoRooms) create(b body) (object, error) {
	if err := video.check(b, append([]param{v.idParam("room", false)}, videoCreate...)...); err != nil {
		return nil, err
	}
	id := v.newID(b.id("room"), func(id client.ID) bool { return v.room(id) != nil })
	r, err := newVideoroom(id, b)
	switch {
	case err != nil:
		return nil, err
	case v.room(id) != nil:
		return nil, video.error(videoRoomExists, fmt.Sprintf("Room %s already exists", id))
	case len(v.rooms) >= maxRooms:
		return nil, video.error(videoUnknown, "No more rooms here: destroy one")
	}
	v.rooms = append(v.rooms, r)
	return permanent(b, object{"videoroom": "created", "room": id}), nil
}

var videoEdit = []param{
	{"secret", '"', false}, {"new_description", '"', false}, {"new_is_private", 'b', false}, {"new_secret", '"', false},
	{"new_pin", '"', false}, {"new_require_pvtid", 'b', false}, {"new_bitrate", '+', false}, {"new_fir_freq", '+', false},
	{"new_publishers", '+', false}, {"new_lock_record", 'b', false}, {"new_rec_dir", '"', false}, {"permanent", 'b', false},
}

func (v *videoRooms) edit(b body) (object, error) {
	if err := video.check(b, append([]param{v.idParam("room", true)}, videoEdit...)...); err != nil {
		return nil, err
	}
	r, err := v.open(b)
	if err != nil {
		return nil, err
	}
	r.secret.edit(b.str("new_secret"))
	r.pin.edit(b.str("new_pin"))
	for key, s := range map[string]*string{"new_description": &r.description, "new_rec_dir": &r.recDir} {
		if text := b.str(key); text != "" {
			*s = text
		}
	}
	b.into("new_is_private", &r.private)
	b.into("new_require_pvtid", &r.needPrivateID)
	b.into("new_lock_record", &r.lockRecord)
	r.limit(b, "new_publishers", "new_bitrate", "new_fir_freq")
	return permanent(b, object{"videoroom": "edited", "room": r.id}), nil
}

func (v *videoRooms) destroy(b body) (object, error) {
	r, err := v.open(b)
	if err != nil {
		return nil, err
	}
	v.rooms = slices.DeleteFunc(v.rooms, func(x *videoroom) bool { return x == r })
	r.tell(object{"videoroom": "destroyed", "room": r.id})
	for _, p := range r.members {
		p.room = nil
		p.h.hangUp()
	}
	r.members = nil
	return permanent(b, object{"videoroom": "destroyed", "room": r.id}), nil
}

func (v *videoRooms) exists(b body) (object, error) {
	if err := video.check(b, v.idParam("room", true)); err != nil {
		return nil, err
	}
	return object{"videoroom": "success", "room": b.id("room"), "exists": v.room(b.id("room")) != nil}, nil
}

func (v *videoRooms) list(body) (object, error) {
	list := []object{}
	for _, r := range v.rooms {
		if !r.private {
			list = append(list, r.entry())
		}
	}
	return object{"videoroom": "success", "list": list}, nil
}

func (v *videoRooms) listMembers(b body) (object, error) {
	r, err := v.find(b)
	if err != nil {
		return nil, err
	}
	list := []object{}
	for _, p := range r.members {
		m := p.attendee()
		m["publisher"] = p.active
		if talking := p.talking(); talking != nil && p.active {
			m["talking"] = *talking
		}
		list = append(list, m)
	}
	return object{"videoroom": "participants", "room": r.id, "participants": list}, nil
}

func (v *videoRooms) allowed(b body) (object, error) {
	if err := video.check(b, v.idParam("room", true)); err != nil {
		return nil, err
	}
	action, err := video.action(b)
	if err != nil {
		return nil, err
	}
	r, err := v.open(b)
	if err != nil {
		return nil, err
	}
	return r.door.change(video, action, b, object{"videoroom": "success", "room": r.id})
}

// target returns the room and the member that b names.
func (v *videoRooms) target(b body) (*videoroom, *publisher, error) {
	r, err := v.open(b)
	if err != nil {
		return nil, nil, err
	}
	p := r.member(b.id("id"))
	if p == nil {
		return nil, nil, video.error(videoNoSuchFeed, fmt.Sprintf("No such user %s in room %s", b.id("id"), r.id))
	}
	return r, p, nil
}

func (v *videoRooms) kick(b body) (object, error) {
	if err := video.check(b, v.idParam("room", true), param{"secret", '"', false}, v.idParam("id", true)); err != nil {
		return nil, err
	}
	r, p, err := v.target(b)
	if err != nil {
		return nil, err
	}
	p.h.say(object{"videoroom": "event", "room": r.id, "leaving": "ok", "reason": "kicked"}, nil)
	p.leave(object{"kicked": p.id})
	p.h.hangUp()
	return object{"videoroom": "success"}, nil
}

func (v *videoRooms) moderate(b body) (object, error) {
	if err := video.check(b, v.idParam("room", true), param{"secret", '"', false}, v.idParam("id", true),
		param{"mid", '"', true}, param{"mute", 'b', true}); err != nil {
		return nil, err
	}
	r, p, err := v.target(b)
	if err != nil {
		return nil, err
	}
	s := p.stream(b.str("mid"))
	if s == nil {
		return nil, video.error(videoNoSuchFeed, "No such stream "+b.str("mid"))
	}
	how := "unmuted"
	if b.into("mute", &s.moderated); s.moderated {
		how = "muted"
	}
	s.relay()
	r.tell(object{"videoroom": "event", "room": r.id, "id": p.id, "mid": s.mid, "moderation": how})
	return object{"videoroom": "success"}, nil
}

func (v *videoRooms) enableRecording(b body) (object, error) {
	if err := video.check(b, v.idParam("room", true), param{"secret", '"', false}, param{"record", 'b', true}); err != nil {
		return nil, err
	}
	r, err := v.open(b)
	if err != nil {
		return nil, err
	}
	b.into("record", &r.record)
	return object{"videoroom": "success", "record": r.record}, nil
}

// listForwarders lists none: nothing leaves the gateway but to its clients.
func (v *videoRooms) listForwarders(b body) (object, error) {
	r, err := v.open(b)
	if err != nil {
		return nil, err
	}
	return object{"videoroom": "forwarders", "room": r.id, "publishers": []object{}}, nil
}
