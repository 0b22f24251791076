//go:build !js

package gateway

import (
	"fmt"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// subStream is an m-line of a subscription.
type subStream struct {
	of     *subscriber
	mid    string
	mindex int
	kind   string

	source   *feedStream   // nil: none, and for data
	sources  []*feedStream // of data
	placed   bool          // of data: an offer had it
	crossRef string
	send     bool
	ready    bool // there is an answer to it
	out      *outlet
	free     bool // the client agreed that it rests
}

// takes says whether a stream of another codec or of the same can go on t.
func (t *subStream) takes(from *feedStream) bool {
	if t.source != nil || t.kind != from.kind {
		return false
	}
	return t.out == nil && t.free || t.out != nil && codecName(t.out.codec.MimeType) == from.codec
}

// receive has t bring what from sends.
func (t *subStream) receive(from *feedStream, how body) error {
	in := from.inlet()
	if in == nil {
		return video.error(videoNoSuchFeed, fmt.Sprintf("No such feed (%s)", from.pub.id))
	}
	if t.out == nil {
		msg := sending{mid: t.mid, codec: in.codec}
		if t.of.useMSID {
			msg.stream, msg.id = from.pub.id.String(), t.mid
		}
		var err error
		if t.out, err = t.of.h.peer.send(msg); err != nil {
			return video.error(videoUnknown, err.Error())
		}
		t.out.onLayer = t.layer()
	}
	t.source = from
	from.subs = append(from.subs, t)
	t.relay()
	t.out.follow(in)
	t.want(how)
	return nil
}

// want chooses the layers.
func (t *subStream) want(how body) {
	if t.out != nil {
		t.out.want(how.number("substream"), how.number("temporal"), how.microseconds("fallback"))
	}
}

// relay has the client get what t brings, or not.
func (t *subStream) relay() {
	if t.out != nil && t.source != nil {
		t.out.pause(t.of.paused || !t.send || t.source.silent || t.source.moderated)
	}
}

// layer tells of layers that are reached.
func (t *subStream) layer() func(substream, temporal *int) {
	at, room, mid := t.of.h.at, t.of.room.id, t.mid
	return func(substream, temporal *int) {
		data := object{"videoroom": "event", "room": room, "mid": mid}
		if substream != nil {
			data["substream"] = *substream
		} else {
			data["temporal"] = *temporal
		}
		_ = at.Event(data, nil) // the handle may be gone
	}
}

// release has t bring s no more.
func (t *subStream) release(s *feedStream) {
	s.subs = slices.DeleteFunc(s.subs, func(x *subStream) bool { return x == t })
	t.sources = slices.DeleteFunc(t.sources, func(x *feedStream) bool { return x == s })
	if t.source != s {
		return
	}
	t.source, t.ready = nil, false
	if t.out != nil {
		t.out.follow(nil)
	}
}

// switches says whether t can bring another stream. Pion cannot change the codec
// of an m-line that is in use.
func (t *subStream) switches(from *feedStream) bool {
	if t.source == nil {
		return t.kind != "data" && t.takes(from)
	}
	return t.source.kind == from.kind && t.source.codec == from.codec
}

// follow has t bring another stream.
func (t *subStream) follow(from *feedStream, how body) error {
	if before := t.source; before != nil {
		before.subs = slices.DeleteFunc(before.subs, func(x *subStream) bool { return x == t })
	}
	return t.receive(from, how)
}

func (t *subStream) describe() object {
	d := object{"mindex": t.mindex, "mid": t.mid, "type": t.kind, "active": t.source != nil || t.kind == "data",
		"ready": t.ready, "send": t.send}
	if t.crossRef != "" {
		d["crossrefid"] = t.crossRef
	}
	if len(t.sources) > 0 {
		ids := []client.ID{}
		for _, s := range t.sources {
			ids = append(ids, s.pub.id)
		}
		d["sources"], d["source_ids"] = len(ids), ids
	}
	s := t.source
	if s == nil {
		return d
	}
	d["feed_id"], d["feed_mid"], d["codec"] = s.pub.id, s.mid, s.codec
	if s.pub.display != "" {
		d["feed_display"] = s.pub.display
	}
	if s.description != "" {
		d["feed_description"] = s.description
	}
	if s.simulcast {
		d["simulcast"] = t.out.layers()
	}
	return d
}

// layers says what is wanted and what there is, -1 for nothing.
func (o *outlet) layers() object {
	o.mu.Lock()
	defer o.mu.Unlock()
	k := &o.pick
	k.defaults()
	have := object{"substream": -1, "substream-target": k.substream, "temporal-layer": -1, "temporal-layer-target": k.temporal}
	if k.started {
		have["substream"] = k.current
	}
	if k.tempoSet {
		have["temporal-layer"] = k.tempo
	}
	return have
}
