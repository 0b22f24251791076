//go:build !js

package gateway

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

const videoRoom = "janus.plugin.videoroom"

// The errors of the plugin.
const (
	videoUnknownRequest = 423
	videoJoinFirst      = 424
	videoAlreadyJoined  = 425
	videoNoSuchRoom     = 426
	videoRoomExists     = 427
	videoNoSuchFeed     = 428
	videoMissing        = 429
	videoInvalid        = 430
	videoInvalidSDPType = 431
	videoFull           = 432
	videoUnauthorized   = 433
	videoPublished      = 434
	videoNotPublished   = 435
	videoIDExists       = 436
	videoInvalidSDP     = 437
	videoUnknown        = 499
)

// videoRooms is the videoroom plugin: rooms whose members publish to each other
// and subscribe to each other.
//
// Like Janus it does one thing at a time, so that everybody is told of things in
// one order. Packets go by without waiting for that.
//
// https://janus.conf.meetecho.com/docs/videoroom.html
type videoRooms struct {
	peers

	mu      sync.Mutex // guards what follows, and what it leads to
	rooms   []*videoroom
	handles map[*janustest.Attachment]*videoHandle
}

// videoHandle is one handle, which has one role for life.
type videoHandle struct {
	mailbox
	v    *videoRooms
	peer *peer
	pub  *publisher  // nil: none, or not yet
	sub  *subscriber // nil: none, or not yet
	talk talkers

	// reply says more to the request that is being answered, behind the answer.
	reply func(data object)
}

var (
	_ janustest.Plugin        = (*videoRooms)(nil)
	_ janustest.Attacher      = (*videoRooms)(nil)
	_ janustest.Detacher      = (*videoRooms)(nil)
	_ janustest.Administrator = (*videoRooms)(nil)
)

func newVideoRooms(g *Gateway) *videoRooms {
	return &videoRooms{peers: newPeers(g), handles: make(map[*janustest.Attachment]*videoHandle)}
}

// Attached implements janustest.Attacher.
func (v *videoRooms) Attached(at *janustest.Attachment) error {
	h := &videoHandle{mailbox: mailbox{at: at}, v: v}
	h.peer = v.attach(at, hooks{
		up:   h.up,
		down: h.down,
		data: h.heard,
		rtp:  h.talk.packet,
		slow: func(webrtc.RTPCodecType) { h.slow() },
	})
	v.mu.Lock()
	defer v.mu.Unlock()
	v.handles[at] = h
	return nil
}

// Detached implements janustest.Detacher. Who published or could have is said to
// have stopped twice, as Janus does, and then to leave.
func (v *videoRooms) Detached(at *janustest.Attachment) {
	v.mu.Lock()
	h := v.handles[at]
	delete(v.handles, at)
	v.mu.Unlock()
	v.detach(at)
	v.mu.Lock()
	defer v.mu.Unlock()
	if h != nil && h.pub != nil && h.pub.room != nil {
		h.pub.tellOthers(object{"unpublished": h.pub.id})
		h.pub.leave(object{"leaving": h.pub.id})
	}
}

// down hears of the end of the connection.
func (h *videoHandle) down(end func() bool) {
	h.v.mu.Lock()
	defer h.v.mu.Unlock()
	if end() {
		h.over()
	}
}

// over does what follows from the end of a connection, if there was one or not.
// v.mu is held.
func (h *videoHandle) over() {
	switch {
	case h.pub != nil:
		h.pub.tellOthers(object{"unpublished": h.pub.id})
		h.pub.stop()
	case h.sub != nil:
		h.sub.lost()
	}
}

// hangUp ends the connection, and says so after the answer that is under way: who
// has that may publish again at once. v.mu is held.
func (h *videoHandle) hangUp() {
	tell := h.peer.hangUp()
	h.over()
	h.then(tell)
}

// Message implements janustest.Plugin.
func (v *videoRooms) Message(ctx context.Context, m *janustest.Message) (*janustest.Answer, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	h := v.handles[m.Attachment]
	if h == nil {
		return nil, nil // detached meanwhile
	}
	h.answering(ctx, &v.mu)
	h.reply = func(data object) {
		h.then(func() { _ = m.Reply(data, nil) }) // the handle may be gone
	}
	b := parseBody(m.Body)
	if err := video.check(b, param{"request", '"', true}); err != nil {
		return &janustest.Answer{}, err
	}
	name := strings.ToLower(b.str("request"))
	if manage := videoManaging[name]; manage != nil {
		data, err := manage(v, b)
		return &janustest.Answer{Data: data}, err
	}
	if !slices.Contains(videoRequests, name) {
		return &janustest.Answer{}, video.error(videoUnknownRequest, "Unknown request '"+b.str("request")+"'")
	}
	data, jsep, err := h.ask(name, b, m.JSEP)
	if err == nil && data == nil {
		return nil, nil // Janus has no answer to this
	}
	if jsep != nil && m.JSEP != nil {
		jsep.E2EE = m.JSEP.E2EE
	}
	return &janustest.Answer{Data: data, JSEP: jsep, Async: true}, err
}

// Administer implements janustest.Administrator: rooms are managed so, too.
func (v *videoRooms) Administer(request json.RawMessage) (any, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	b := parseBody(request)
	if err := video.check(b, param{"request", '"', true}); err != nil {
		return nil, err
	}
	manage := videoManaging[strings.ToLower(b.str("request"))]
	if manage == nil {
		return nil, video.error(videoUnknownRequest, "Unknown request '"+b.str("request")+"'")
	}
	return manage(v, b)
}

// videoRequests are those that are answered with an event.
var videoRequests = []string{"join", "joinandconfigure", "configure", "publish", "unpublish", "leave",
	"start", "pause", "switch", "subscribe", "unsubscribe", "update"}

// ask does what a member asks for. v.mu is held.
func (h *videoHandle) ask(name string, b body, jsep *client.JSEP) (object, *client.JSEP, error) {
	joins := name == "join" || name == "joinandconfigure"
	switch {
	case h.pub != nil && h.pub.room == nil && joins:
		return nil, nil, video.error(videoAlreadyJoined, "Not in a room (create a new handle)")
	case h.pub != nil && h.pub.room == nil:
		return nil, nil, video.error(videoNoSuchRoom, "No such room")
	case h.pub != nil && joins:
		return nil, nil, video.error(videoAlreadyJoined, "Already in as a publisher on this handle")
	case h.sub != nil && joins:
		return nil, nil, video.error(videoAlreadyJoined, "Already in as a subscriber on this handle")
	case h.pub != nil:
		return h.pub.ask(name, b, jsep)
	case h.sub != nil:
		return h.sub.ask(name, b, jsep)
	case !joins:
		return nil, nil, video.error(videoJoinFirst, "Invalid request on unconfigured participant")
	}
	if err := video.check(b, h.v.idParam("room", true), param{"ptype", '"', true}); err != nil {
		return nil, nil, err
	}
	room, err := h.v.find(b)
	if err == nil {
		err = video.passes(b, "pin", room.pin)
	}
	if err != nil {
		return nil, nil, err
	}
	switch b.str("ptype") {
	case "publisher":
		return h.join(room, b, jsep)
	case "subscriber":
		return h.subscribe(room, b)
	default:
		return nil, nil, video.error(videoInvalid, "Invalid element (ptype)")
	}
}
