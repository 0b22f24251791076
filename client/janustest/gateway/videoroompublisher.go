//go:build !js

package gateway

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// publisher is a member of a room, who may publish. videoRooms.mu guards it.
type publisher struct {
	h         *videoHandle
	room      *videoroom // nil: not in one any more
	id        client.ID
	display   string
	privateID uint32
	bitrate   int // in bit/s; 0: no limit

	active  bool // the connection is up, so that others may subscribe
	e2ee    bool // it said that what it sends is encrypted, which holds as long as the connection
	streams []*feedStream
}

// feedStream is an m-line of a publisher.
type feedStream struct {
	pub         *publisher
	mid         string
	mindex      int
	kind        string // "audio", "video" or "data"
	codec       string
	description string

	fec, stereo, dtx, simulcast bool
	disabled                    bool    // nothing comes
	unknown                     bool    // the room has none of the codecs
	silent                      bool    // the publisher asked for nothing of it to be relayed
	moderated                   bool    // somebody else did
	talk                        *talker // nil: the packets do not say how loud they are

	subs []*subStream
}

// maxMembers limits a room.
const maxMembers = 1024

var videoJoin = []param{
	{"display", '"', false}, {"token", '"', false}, {"audio_level_average", '+', false}, {"audio_active_packets", '+', false},
}

// join makes a member of a handle.
func (h *videoHandle) join(r *videoroom, b body, jsep *client.JSEP) (object, *client.JSEP, error) {
	if err := video.check(b, append([]param{h.v.idParam("id", false)}, videoJoin...)...); err != nil {
		return nil, nil, err
	}
	id := h.v.newID(b.id("id"), func(id client.ID) bool { return r.member(id) != nil })
	switch {
	case !r.door.admits(b.str("token")):
		return nil, nil, video.error(videoUnauthorized, "Unauthorized (not in the allowed list)")
	case r.member(id) != nil:
		return nil, nil, video.error(videoIDExists, fmt.Sprintf("User ID %s already exists", id))
	case len(r.members) >= maxMembers:
		return nil, nil, video.error(videoUnknown, "The room is full")
	}
	p := &publisher{h: h, room: r, id: id, display: b.str("display"), privateID: rand.Uint32N(1<<32-1) + 1, bitrate: r.bitrate}
	reply := object{"videoroom": "joined", "room": r.id, "description": r.description, "id": id, "private_id": p.privateID}
	publishers, attendees := []object{}, []object{}
	for _, m := range r.members {
		if m.active {
			publishers = append(publishers, m.feed())
		} else {
			attendees = append(attendees, m.attendee())
		}
	}
	reply["publishers"] = publishers
	if r.notify {
		reply["attendees"] = attendees
	}
	if jsep != nil { // of either request
		if err := p.checkPublish(b, jsep); err != nil {
			return nil, nil, err
		}
	}
	h.pub = p
	r.members = append(r.members, p)
	if r.notify {
		p.tellOthers(object{"joining": p.attendee()})
	}
	if jsep == nil {
		return reply, nil, nil
	}
	more, answer, err := p.apply("joinandconfigure", b, jsep)
	if err != nil {
		return nil, nil, err // a member it is all the same, as with Janus
	}
	for _, key := range []string{"streams", "audio_codec", "video_codec"} {
		if v, ok := more[key]; ok {
			reply[key] = v
		}
	}
	return reply, answer, nil
}

// tellOthers tells the other members of the room.
func (p *publisher) tellOthers(data object) {
	if p.room == nil {
		return
	}
	data["videoroom"], data["room"] = "event", p.room.id
	for _, m := range p.room.members {
		if m != p {
			m.h.say(data, nil)
		}
	}
}

// leave takes p out of its room and tells the others so.
func (p *publisher) leave(news object) {
	p.tellOthers(news)
	p.room.members = slices.DeleteFunc(p.room.members, func(m *publisher) bool { return m == p })
	p.room = nil
}

// stop ends what p published: the connection is gone.
func (p *publisher) stop() {
	p.active, p.e2ee = false, false
	p.h.talk.listen(nil)
	p.drop(p.streams)
	p.streams = nil
}

// drop has nobody receive streams any more, and offers who did what is left.
// Janus offers nothing because of data, and because of somebody who left before.
func (p *publisher) drop(streams []*feedStream) {
	var affected []*subscriber
	for _, s := range streams {
		for _, sub := range slices.Clone(s.subs) {
			sub.release(s)
			if s.kind != "data" && p.room != nil && !slices.Contains(affected, sub.of) {
				affected = append(affected, sub.of)
			}
		}
	}
	for _, s := range affected {
		s.updated()
	}
}

// attendee is what others learn of p who does not publish.
func (p *publisher) attendee() object {
	a := object{"id": p.id}
	if p.display != "" {
		a["display"] = p.display
	}
	return a
}

// feed is what others learn of p who publishes.
func (p *publisher) feed() object {
	f := p.attendee()
	p.codecs(f)
	f["streams"] = p.describe(true)
	if talking := p.talking(); talking != nil {
		f["talking"] = *talking
	}
	return f
}

// codecs adds the codecs of the first sound and of the first picture.
func (p *publisher) codecs(to object) {
	for kind, key := range map[string]string{"audio": "audio_codec", "video": "video_codec"} {
		i := slices.IndexFunc(p.streams, func(s *feedStream) bool { return s.kind == kind && !s.disabled })
		if i >= 0 {
			to[key] = p.streams[i].codec
		}
	}
}

// unknown says where there is no codec because the room has none of those that
// were offered.
func (p *publisher) unknown(to object) {
	for kind, key := range map[string]string{"audio": "audio_codec", "video": "video_codec"} {
		if _, ok := to[key]; !ok && slices.ContainsFunc(p.streams, func(s *feedStream) bool { return s.kind == kind && s.unknown }) {
			to[key] = "none"
		}
	}
}

// describe lists the streams, for others with who talks.
func (p *publisher) describe(others bool) []object {
	list := []object{}
	for _, s := range p.streams {
		d := s.describe()
		if others && s.talk != nil && !s.disabled {
			d["talking"] = s.talk.is()
		}
		list = append(list, d)
	}
	return list
}

func (s *feedStream) describe() object {
	d := object{"type": s.kind, "mindex": s.mindex, "mid": s.mid}
	if s.disabled {
		d["disabled"] = true
		return d
	}
	for key, text := range map[string]string{"codec": s.codec, "description": s.description} {
		if text != "" {
			d[key] = text
		}
	}
	for key, on := range map[string]bool{"fec": s.fec, "stereo": s.stereo, "dtx": s.dtx, "simulcast": s.simulcast, "moderated": s.moderated} {
		if on {
			d[key] = true
		}
	}
	return d
}

// stream returns the stream with a mid; nil if there is none.
func (p *publisher) stream(mid string) *feedStream {
	for _, s := range p.streams {
		if s.mid == mid {
			return s
		}
	}
	return nil
}

// inlet is where the packets of s come from; nil if none come.
func (s *feedStream) inlet() *inlet { return s.pub.h.peer.inlet(s.mid) }

// relay has everybody get s, or not.
func (s *feedStream) relay() {
	for _, sub := range s.subs {
		sub.relay()
	}
}
