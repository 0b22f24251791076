//go:build !js

package gateway

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// ask does what a subscriber asks for. An answer may come with whatever it is.
func (s *subscriber) ask(name string, b body, jsep *client.JSEP) (object, *client.JSEP, error) {
	offers := jsep != nil && jsep.Type == "offer"
	if jsep != nil && !offers {
		if err := s.answered(jsep); err != nil {
			return nil, nil, err
		}
	}
	reply, offer, err := s.do(name, b)
	if err == nil && offers {
		return nil, nil, video.error(videoInvalidSDPType, "Only publishers send offers")
	}
	return reply, offer, err
}

func (s *subscriber) do(name string, b body) (object, *client.JSEP, error) {
	reply := object{"videoroom": "event", "room": s.room.id}
	switch name {
	case "start":
		s.pause(false)
		reply["started"] = "ok"
		return reply, nil, nil
	case "pause":
		s.pause(true)
		reply["paused"] = "ok"
		return reply, nil, nil
	case "leave":
		s.h.hangUp()
		reply["left"] = "ok"
		return reply, nil, nil
	case "configure":
		return s.configure(reply, b)
	case "switch":
		return s.exchange(reply, b)
	case "subscribe", "unsubscribe", "update":
		return s.change(name, b)
	default:
		return nil, nil, video.error(videoUnknownRequest, "Unknown request '"+name+"'")
	}
}

// answered takes the answer to the offer, and makes the next one if that waits.
func (s *subscriber) answered(jsep *client.JSEP) error {
	lines, err := s.h.peer.answered(jsep)
	if err != nil {
		return video.error(videoInvalidSDP, "Error parsing answer: "+err.Error())
	}
	for _, t := range s.streams {
		t.free = t.out == nil
	}
	for _, l := range lines {
		i := slices.IndexFunc(s.streams, func(t *subStream) bool { return t.mid == l.mid && t.kind != "data" })
		if i >= 0 && l.receives() {
			s.streams[i].ready = true
		}
	}
	s.waits = false
	if s.next {
		reply := object{"videoroom": "updated", "room": s.room.id, "streams": s.describe()}
		next, err := s.offer()
		if err != nil {
			return err
		}
		s.h.say(reply, next)
	}
	return nil
}

func (s *subscriber) pause(on bool) {
	s.paused = on
	for _, t := range s.streams {
		t.relay()
	}
}

// change subscribes and unsubscribes: what is dropped goes first.
func (s *subscriber) change(name string, b body) (object, *client.JSEP, error) {
	adds, drops := "subscribe", "unsubscribe"
	switch name {
	case "subscribe":
		adds, drops = "streams", ""
	case "unsubscribe":
		adds, drops = "", "streams"
	}
	if name != "update" {
		if err := video.check(b, param{"streams", '[', true}); err != nil {
			return nil, nil, err
		}
	} else if !b.has(adds) && !b.has(drops) {
		return nil, nil, video.error(videoMissing, "At least one of either 'subscribe' or 'unsubscribe' must be present")
	}
	for _, list := range [][2]string{{adds, "subscription"}, {drops, "unsubscription"}} {
		if err := video.check(b, param{list[0], '[', false}); err != nil {
			return nil, nil, err
		}
		if b.has(list[0]) && len(b.list(list[0])) == 0 {
			return nil, nil, video.error(videoInvalid, "Empty "+list[1]+" list")
		}
	}
	if err := s.h.v.checkSubscription(b.bodies(adds)); err != nil {
		return nil, nil, err
	}
	for _, drop := range b.bodies(drops) {
		if err := video.check(drop, s.h.v.idParam("feed", false), param{"mid", '"', false}, param{"sub_mid", '"', false}); err != nil {
			return nil, nil, err
		}
	}
	found, err := s.find(b.bodies(adds))
	if err != nil {
		return nil, nil, err
	}
	reply := object{"videoroom": "updated", "room": s.room.id}
	later := object{"videoroom": "updating", "room": s.room.id}
	if s.over && len(found) > 0 {
		return later, nil, nil // it never comes
	}
	changed := false
	for _, drop := range b.bodies(drops) {
		changed = s.drop(drop) || changed
	}
	lines := len(s.streams)
	for _, w := range found {
		if err := s.add(w, true); err != nil {
			return nil, nil, err
		}
		changed = changed || w.stream.kind != "data"
	}
	switch {
	case !changed && len(s.streams) == lines:
		return reply, nil, nil
	case s.waits:
		s.next = true
		return later, nil, nil
	}
	reply["streams"] = s.describe()
	jsep, err := s.offer()
	return reply, jsep, err
}

// drop unsubscribes and reports whether that changed an m-line. One that is named
// by its own mid counts as changed in any case, as with Janus.
func (s *subscriber) drop(b body) (changed bool) {
	feed, mid, sub := b.id("feed"), b.str("mid"), b.str("sub_mid")
	matches := func(t *subStream, from *feedStream) bool {
		if sub != "" {
			return t.mid == sub
		}
		return !feed.IsZero() && from.pub.id == feed && (mid == "" || from.mid == mid)
	}
	for _, t := range s.streams {
		for _, from := range slices.Clone(t.sources) {
			if matches(t, from) {
				t.release(from)
			}
		}
		if t.source != nil && matches(t, t.source) {
			t.release(t.source)
			changed = true
		}
		changed = changed || t.kind != "data" && sub != "" && t.mid == sub
	}
	return changed
}

var videoConfigureStream = append([]param{{"mid", '"', true}}, videoRelay...)

// configure changes how streams are relayed, and renegotiates.
func (s *subscriber) configure(reply object, b body) (object, *client.JSEP, error) {
	if err := video.check(b, param{"audio", 'b', false}, param{"video", 'b', false}, param{"data", 'b', false},
		param{"restart", 'b', false}, param{"update", 'b', false}, param{"streams", '[', false}); err != nil {
		return nil, nil, err
	}
	for _, c := range b.bodies("streams") {
		if err := video.check(c, videoConfigureStream...); err != nil {
			return nil, nil, err
		}
		if err := checkLayers(c); err != nil {
			return nil, nil, err
		}
		if s.stream(c.str("mid")) == nil {
			return nil, nil, video.error(videoNoSuchFeed, fmt.Sprintf("No such mid '%s' in subscription", c.str("mid")))
		}
	}
	for _, c := range b.bodies("streams") {
		t := s.stream(c.str("mid"))
		c.into("send", &t.send)
		t.want(c)
	}
	for _, t := range s.streams {
		b.into(t.kind, &t.send) // how Janus was asked before there were streams
		t.relay()
	}
	reply["configured"] = "ok"
	restart, update := false, false
	b.into("restart", &restart)
	b.into("update", &update)
	switch {
	case !restart && !update || s.over:
		return reply, nil, nil
	case s.waits:
		s.next, s.restart = true, s.restart || restart
		return nil, nil, nil
	}
	s.restart = restart
	jsep, err := s.offer()
	return reply, jsep, err
}

// exchange puts other streams on m-lines there are.
func (s *subscriber) exchange(reply object, b body) (object, *client.JSEP, error) {
	if err := video.check(b, param{"streams", '[', false}); err != nil {
		return nil, nil, err
	}
	list := b.bodies("streams")
	if len(list) == 0 {
		feed := b.id("feed")
		if feed.IsZero() {
			feed = client.NumID(0)
		}
		if _, err := s.room.feed(feed); err != nil {
			return nil, nil, err
		}
		return nil, nil, video.error(videoInvalid, "Empty switch list")
	}
	var from []*feedStream
	for _, x := range list {
		if err := video.check(x, s.h.v.idParam("feed", true), param{"mid", '"', true}, param{"sub_mid", '"', true}); err != nil {
			return nil, nil, err
		}
		found, err := s.find([]body{x})
		if err != nil {
			return nil, nil, err
		}
		from = append(from, append(found, wish{})[0].stream)
	}
	changes, renegotiate := 0, false
	for i, x := range list {
		t := s.stream(x.str("sub_mid"))
		if t == nil || from[i] == nil || t.source == from[i] || !t.switches(from[i]) {
			continue
		}
		renegotiate = renegotiate || t.source == nil
		if err := t.follow(from[i], x); err != nil {
			return nil, nil, err
		}
		changes++
	}
	reply["switched"], reply["changes"], reply["streams"] = "ok", changes, s.describe()
	switch {
	case !renegotiate:
		return reply, nil, nil
	case s.waits:
		s.next = true
		return reply, nil, nil
	}
	s.h.reply(reply)
	jsep, err := s.offer()
	return object{"videoroom": "updated", "room": s.room.id, "streams": s.describe()}, jsep, err
}

// stream returns the m-line with a mid; nil if there is none.
func (s *subscriber) stream(mid string) *subStream {
	for _, t := range s.streams {
		if t.mid == mid {
			return t
		}
	}
	return nil
}

// describe lists the m-lines.
func (s *subscriber) describe() []object {
	list := []object{}
	for _, t := range s.streams {
		list = append(list, t.describe())
	}
	return list
}

// microseconds returns a time; zero if it is none.
func (b body) microseconds(key string) time.Duration {
	n, err := strconv.ParseUint(string(b[key]), 10, 40)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Microsecond
}
