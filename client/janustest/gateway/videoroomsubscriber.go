//go:build !js

package gateway

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/bifrons-rtc/bifrons/client"
)

// subscriber receives streams of a room on m-lines that the gateway offers. It
// offers once and waits for the answer, whatever changes meanwhile.
// videoRooms.mu guards it.
type subscriber struct {
	h          *videoHandle
	room       *videoroom // where feeds are looked up, even when it was destroyed
	useMSID    bool
	autoupdate bool
	paused     bool
	over       bool // the connection is gone, and there is no other

	streams []*subStream // in the order of the m-lines
	waits   bool         // for an answer
	next    bool         // another offer follows it
	restart bool         // with new credentials
}

// maxSubscribed limits the m-lines of a subscription.
const maxSubscribed = 100

var (
	videoSubscribe = []param{
		{"private_id", '+', false}, {"close_pc", 'b', false}, {"use_msid", 'b', false}, {"autoupdate", 'b', false},
		{"streams", '[', false}, {"offer_audio", 'b', false}, {"offer_video", 'b', false}, {"offer_data", 'b', false},
	}
	videoRelay = []param{
		{"send", 'b', false}, {"substream", '+', false}, {"temporal", '+', false}, {"fallback", '+', false},
		{"spatial_layer", '+', false}, {"temporal_layer", '+', false}, {"min_delay", 'i', false}, {"max_delay", 'i', false},
	}
)

// subscribe makes a subscriber of a handle.
func (h *videoHandle) subscribe(r *videoroom, b body) (object, *client.JSEP, error) {
	if err := video.check(b, videoSubscribe...); err != nil {
		return nil, nil, err
	}
	list := b.bodies("streams")
	legacy := len(list) == 0
	if legacy {
		if err := video.check(b, h.v.idParam("feed", true)); err != nil {
			return nil, nil, err
		}
		list = []body{b}
	}
	if err := h.v.checkSubscription(list); err != nil {
		return nil, nil, err
	}
	if r.needPrivateID && !slices.ContainsFunc(r.members, func(p *publisher) bool { return b.is("private_id", p.privateID) }) {
		return nil, nil, video.error(videoUnauthorized, "Unauthorized (this room requires a valid private_id)")
	}
	s := &subscriber{h: h, room: r, autoupdate: true}
	b.into("use_msid", &s.useMSID)
	b.into("autoupdate", &s.autoupdate)
	found, err := s.find(list)
	if err != nil {
		return nil, nil, err
	}
	// What is begun and not offered, nobody would end.
	undo := func(err error) (object, *client.JSEP, error) {
		s.lost()
		h.peer.drop()
		return nil, nil, err
	}
	if legacy {
		found = slices.DeleteFunc(found, func(w wish) bool {
			offered := b.flag("offer_" + w.stream.kind)
			return offered != nil && !*offered
		})
	}
	for _, w := range found {
		if err := s.add(w, false); err != nil {
			return undo(err)
		}
	}
	if len(s.streams) == 0 {
		return nil, nil, video.error(videoInvalidSDP, "Can't offer an SDP with no stream")
	}
	reply := object{"videoroom": "attached", "room": r.id, "streams": s.describe()}
	if legacy {
		feed := r.member(b.id("feed"))
		reply["id"], reply["warning"] = feed.id, "deprecated_api"
		if feed.display != "" {
			reply["display"] = feed.display
		}
	}
	jsep, err := s.offer()
	if err != nil {
		return undo(err)
	}
	h.sub = s
	return reply, jsep, nil
}

// is says whether there is that number under key.
func (b body) is(key string, n uint32) bool {
	have := b.number(key)
	return have != nil && uint64(*have) == uint64(n)
}

// checkSubscription checks what is to be received.
func (v *videoRooms) checkSubscription(list []body) error {
	params := append([]param{v.idParam("feed", true), {"mid", '"', false}, {"crossrefid", '"', false}}, videoRelay...)
	for _, b := range list {
		if err := video.check(b, params...); err != nil {
			return err
		}
		if err := checkLayers(b); err != nil {
			return err
		}
	}
	return nil
}

func checkLayers(b body) error {
	for _, pair := range [][2]string{{"substream", "spatial_layer"}, {"temporal", "temporal_layer"}} {
		for _, key := range pair {
			if n := b.number(key); n != nil && *n > highestLayer {
				return video.error(videoInvalid, "Invalid value ("+pair[0]+"/"+pair[1]+" should be 0, 1 or 2)")
			}
		}
	}
	return nil
}

// wish is a stream that is to be received, and how.
type wish struct {
	stream *feedStream
	how    body
}

// find returns the streams that a list names.
func (s *subscriber) find(list []body) ([]wish, error) {
	var found []wish
	for _, b := range list {
		feed, err := s.room.feed(b.id("feed"))
		if err != nil {
			return nil, err
		}
		mid, any := b.str("mid"), !b.has("mid")
		if !any && feed.stream(mid) == nil {
			return nil, video.error(videoNoSuchFeed, fmt.Sprintf("No such mid '%s' in feed (%s)", mid, feed.id))
		}
		for _, stream := range feed.streams {
			if !stream.disabled && (any || stream.mid == mid) {
				found = append(found, wish{stream, b})
			}
		}
	}
	return found, nil
}

// add receives another stream, on an m-line that rests if one may be used again.
func (s *subscriber) add(w wish, again bool) error {
	if w.stream.kind == "data" {
		s.addData(w.stream)
		return nil
	}
	var t *subStream
	for _, x := range s.streams {
		if again && t == nil && x.takes(w.stream) {
			t = x
		}
	}
	if t == nil {
		if len(s.streams) >= maxSubscribed {
			return video.error(videoUnknown, "Too many streams")
		}
		t = &subStream{of: s, kind: w.stream.kind}
		s.insert(t)
	}
	t.send, t.crossRef = true, w.how.str("crossrefid")
	return t.receive(w.stream, w.how)
}

// insert adds an m-line, behind the others but ahead of data that no offer had:
// in an offer of pion's that comes last.
func (s *subscriber) insert(t *subStream) {
	at := len(s.streams)
	if at > 0 && s.streams[at-1].kind == "data" && !s.streams[at-1].placed {
		at--
	}
	s.streams = slices.Insert(s.streams, at, t)
	for i, x := range s.streams[at:] {
		x.mindex = at + i
		x.mid = strconv.Itoa(x.mindex)
	}
}

// addData receives data, which has one m-line for all, and reports whether that
// is a new one.
func (s *subscriber) addData(from *feedStream) {
	i := slices.IndexFunc(s.streams, func(t *subStream) bool { return t.kind == "data" })
	if i < 0 {
		i = len(s.streams)
		s.insert(&subStream{of: s, kind: "data", send: true})
	}
	t := s.streams[i]
	if !slices.Contains(t.sources, from) {
		t.sources = append(t.sources, from)
		from.subs = append(from.subs, t)
	}
}

// lost empties the subscription: the connection is gone. No offer follows.
func (s *subscriber) lost() {
	for _, t := range s.streams {
		for _, from := range append(t.sources, t.source) {
			if from != nil {
				from.subs = slices.DeleteFunc(from.subs, func(x *subStream) bool { return x == t })
			}
		}
	}
	s.streams, s.next, s.over = nil, false, true
}

// offer offers what there is now.
func (s *subscriber) offer() (*client.JSEP, error) {
	if i := slices.IndexFunc(s.streams, func(t *subStream) bool { return t.kind == "data" && !t.placed }); i >= 0 {
		if err := s.h.peer.sendData(); err != nil {
			return nil, video.error(videoUnknown, err.Error())
		}
		s.streams[i].placed = true
	}
	for _, t := range s.streams {
		if t.source == nil && t.out != nil {
			_ = s.h.peer.rest(t.out) // it fails when the connection is gone, and then it rests too
			t.out, t.free = nil, false
		}
	}
	restart := s.restart
	s.waits, s.next, s.restart = true, false, false
	jsep, err := s.h.peer.offer(restart)
	if err != nil {
		return nil, video.error(videoUnknown, err.Error())
	}
	return jsep, nil
}

// updated offers what the gateway changed, as soon as that can be.
func (s *subscriber) updated() {
	switch {
	case !s.autoupdate || s.over || s.h.v.handles[s.h.at] == nil:
	case s.waits:
		s.next = true
	default:
		reply := object{"videoroom": "updated", "room": s.room.id, "streams": s.describe()}
		if jsep, err := s.offer(); err == nil { // it fails when the connection is gone
			s.h.say(reply, jsep)
		}
	}
}
