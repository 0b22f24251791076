//go:build !js

package gateway

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/client"
)

// ask does what a member asks for.
func (p *publisher) ask(name string, b body, jsep *client.JSEP) (object, *client.JSEP, error) {
	switch name {
	case "publish", "configure":
		return p.configure(name, b, jsep)
	case "unpublish":
		return p.unpublish()
	case "leave":
		reply := object{"videoroom": "event", "room": p.room.id, "leaving": "ok"}
		p.active = false
		p.leave(object{"leaving": p.id})
		return reply, nil, nil
	default:
		return nil, nil, video.error(videoUnknownRequest, "Unknown request '"+name+"'")
	}
}

var (
	videoPublish = []param{
		{"descriptions", '[', false}, {"audio", 'b', false}, {"audiocodec", '"', false}, {"video", 'b', false},
		{"videocodec", '"', false}, {"data", 'b', false}, {"bitrate", '+', false}, {"keyframe", 'b', false},
		{"record", 'b', false}, {"filename", '"', false}, {"display", '"', false}, {"secret", '"', false},
		{"audio_level_average", '+', false}, {"audio_active_packets", '+', false}, {"streams", '[', false},
		{"update", 'b', false}, {"restart", 'b', false},
	}
	videoPublishStream = []param{
		{"mid", '"', true}, {"send", 'b', false}, {"keyframe", 'b', false}, {"min_delay", 'i', false}, {"max_delay", 'i', false},
	}
	videoDescription = []param{{"mid", '"', true}, {"description", '"', true}}
)

// configure changes what p publishes, or begins to publish.
func (p *publisher) configure(name string, b body, jsep *client.JSEP) (object, *client.JSEP, error) {
	if name == "publish" && p.active {
		return nil, nil, video.error(videoPublished, "Can't publish, already published")
	}
	if err := p.checkPublish(b, jsep); err != nil {
		return nil, nil, err
	}
	return p.apply(name, b, jsep)
}

// apply is configure with a body that was checked.
func (p *publisher) apply(name string, b body, jsep *client.JSEP) (object, *client.JSEP, error) {
	reply := object{"videoroom": "event", "room": p.room.id, "configured": "ok"}
	if n := b.number("bitrate"); n != nil {
		p.bitrate = *n
	}
	if b.has("display") && name != "joinandconfigure" {
		before := p.display
		p.display = b.str("display")
		if before != "" {
			p.rename()
		}
	}
	var answer *client.JSEP
	if jsep != nil {
		var err error
		if answer, err = p.publish(b, jsep); err != nil {
			return nil, nil, err
		}
		reply["streams"] = p.describe(false)
		p.codecs(reply)
		p.unknown(reply)
	}
	for _, d := range b.bodies("descriptions") {
		if s := p.stream(d.str("mid")); s != nil && jsep == nil {
			s.description = d.str("description")
		}
	}
	for _, c := range b.bodies("streams") {
		if s := p.stream(c.str("mid")); s != nil {
			if send := c.flag("send"); send != nil {
				s.silent = !*send
			}
			s.relay()
		}
	}
	p.restrict(b)
	return reply, answer, nil
}

// checkPublish checks the body of a request to publish.
func (p *publisher) checkPublish(b body, offer *client.JSEP) error {
	if err := video.check(b, videoPublish...); err != nil {
		return err
	}
	for _, d := range b.bodies("descriptions") {
		if err := video.check(d, videoDescription...); err != nil {
			return err
		}
	}
	for _, s := range b.bodies("streams") {
		if err := video.check(s, videoPublishStream...); err != nil {
			return err
		}
		if p.stream(s.str("mid")) == nil && offer == nil {
			return video.error(videoNoSuchFeed, fmt.Sprintf("No such mid '%s' published", s.str("mid")))
		}
	}
	if offer == nil {
		return nil
	}
	for key, known := range map[string][]string{"audiocodec": p.room.audio, "videocodec": p.room.video} {
		if name := b.str(key); name != "" && !slices.Contains(known, name) {
			kind := map[string]string{"audiocodec": "Audio", "videocodec": "Video"}[key]
			return video.error(videoInvalid, kind+" codec unavailable in this room")
		}
	}
	return nil
}

// full says whether as many publish as may, besides p.
func (r *videoroom) full(p *publisher) bool {
	others := 0
	for _, m := range r.members {
		if m != p && m.active {
			others++
		}
	}
	return others >= r.publishers
}

// rename tells the others of another name. Janus does not say in which room.
func (p *publisher) rename() {
	for _, m := range p.room.members {
		if m != p {
			m.h.say(object{"videoroom": "event", "id": p.id, "display": p.display}, nil)
		}
	}
}

// publish answers an offer. The others learn of it when the connection is up, and
// at once if it is.
func (p *publisher) publish(b body, offer *client.JSEP) (*client.JSEP, error) {
	if !p.h.peer.negotiated() && p.room.full(p) {
		return nil, video.error(videoFull, fmt.Sprintf("Maximum number of publishers (%d) already reached", p.room.publishers))
	}
	if p.room.e2ee && !offer.E2EE && !p.e2ee {
		return nil, video.error(videoUnauthorized, "Room requires end-to-end encrypted media")
	}
	wanted := map[webrtc.RTPCodecType][]string{webrtc.RTPCodecTypeAudio: p.room.audio, webrtc.RTPCodecTypeVideo: p.room.video}
	if name := b.str("audiocodec"); name != "" {
		wanted[webrtc.RTPCodecTypeAudio] = []string{name}
	}
	if name := b.str("videocodec"); name != "" {
		wanted[webrtc.RTPCodecTypeVideo] = []string{name}
	}
	lines, err := p.h.peer.offered(offer, func(l line) string { return l.first(wanted[l.kind]...) })
	if err != nil {
		return nil, video.error(videoInvalidSDP, "Error parsing offer: "+err.Error())
	}
	answer, err := p.h.peer.answer()
	if err != nil {
		return nil, video.error(videoInvalidSDP, "Error generating answer: "+err.Error())
	}
	if err := p.have(lines, offer.SDP, b); err != nil {
		return nil, video.error(videoInvalidSDP, "Error parsing offer: "+err.Error())
	}
	p.e2ee = p.e2ee || offer.E2EE
	if p.active {
		p.tellOthers(object{"publishers": []object{p.feed()}})
	}
	return answer, nil
}

// have takes over what the client offered.
func (p *publisher) have(lines []line, offer string, b body) error {
	d, err := parseSDP(offer)
	if err != nil {
		return err
	}
	var streams, over []*feedStream
	for i, l := range lines {
		s := p.stream(l.mid)
		if s == nil {
			s = &feedStream{pub: p, mid: l.mid}
		}
		s.mindex, s.kind, s.disabled = i, "data", false
		if !l.data {
			s.media(l, d.MediaDescriptions[i], p.room)
		}
		if s.disabled {
			over = append(over, s)
		}
		streams = append(streams, s)
	}
	p.streams = streams
	for _, d := range b.bodies("descriptions") {
		if s := p.stream(d.str("mid")); s != nil {
			s.description = d.str("description")
		}
	}
	p.listen()
	p.drop(over)
	return nil
}

// media takes over what an m-line of sound or of pictures says.
func (s *feedStream) media(l line, m *sdp.MediaDescription, r *videoroom) {
	s.kind, s.disabled, s.unknown = l.kind.String(), !l.sends(), l.refused
	if s.disabled {
		return
	}
	s.codec, s.simulcast = codecName(l.codec.MimeType), len(l.rids) > 1
	for _, a := range m.Attributes {
		switch {
		case a.Key == "fmtp" && s.codec == "opus":
			s.fec = s.fec || r.fec && strings.Contains(a.Value, "useinbandfec=1")
			s.dtx = s.dtx || r.dtx && strings.Contains(a.Value, "usedtx=1")
			s.stereo = s.stereo || strings.Contains(a.Value, "stereo=1")
		case a.Key == "extmap" && r.levelExt && s.talk == nil && strings.Contains(a.Value, sdp.AudioLevelURI):
			s.talk = &talker{packets: r.levelPackets, average: r.levelAverage, changed: s.talks}
		}
	}
}

// restrict tells the client how much to send, and asks for a keyframe where one
// is wanted.
func (p *publisher) restrict(b body) {
	all := false
	b.into("keyframe", &all)
	for _, in := range p.h.peer.inlets() {
		if in.kind != webrtc.RTPCodecTypeVideo {
			continue
		}
		in.restrict(uint64(p.bitrate))
		key := all
		for _, c := range b.bodies("streams") {
			if c.str("mid") == in.mid {
				c.into("keyframe", &key)
			}
		}
		for n := range in.rids {
			if key {
				in.keyframe(n)
			}
		}
	}
}

// unpublish stops publishing. Janus tells the others now, and again when the
// connection is gone.
func (p *publisher) unpublish() (object, *client.JSEP, error) {
	if !p.active {
		return nil, nil, video.error(videoNotPublished, "Can't unpublish, not published")
	}
	p.active = false
	p.tellOthers(object{"unpublished": p.id})
	p.h.hangUp()
	return object{"videoroom": "event", "room": p.room.id, "unpublished": "ok"}, nil, nil
}

// up tells the others that h publishes.
func (h *videoHandle) up() {
	h.v.mu.Lock()
	defer h.v.mu.Unlock()
	if p := h.pub; p != nil && p.room != nil && !p.active && len(p.streams) > 0 && h.peer.connected() {
		p.active = true
		p.tellOthers(object{"publishers": []object{p.feed()}})
	}
}

// heard hands data on to who subscribed to it, on a channel named after who sent
// it.
func (h *videoHandle) heard(_ string, text bool, data []byte) {
	h.v.mu.Lock()
	defer h.v.mu.Unlock()
	p := h.pub
	if p == nil || !p.active {
		return
	}
	for _, s := range p.streams {
		if s.kind != "data" || s.silent || s.moderated {
			continue
		}
		for _, sub := range s.subs {
			if sub.send && !sub.of.paused {
				sub.of.h.peer.data(p.id.String(), text, data)
			}
		}
	}
}

// slow tells a publisher that packets of it are missing.
func (h *videoHandle) slow() {
	h.v.mu.Lock()
	defer h.v.mu.Unlock()
	if h.pub != nil {
		h.say(object{"videoroom": "slow_link", "current-bitrate": h.pub.bitrate}, nil)
	}
}
