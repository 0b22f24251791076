//go:build !js

package gateway

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

const (
	textRoom  = "janus.plugin.textroom"
	textLabel = "JanusDataChannel" // of the channel that the plugin talks on
)

// The errors of the plugin.
const (
	textMissing         = 413
	textInvalid         = 414
	textUnknownRequest  = 415
	textAlreadySetUp    = 416
	textNoSuchRoom      = 417
	textRoomExists      = 418
	textUnauthorized    = 419
	textUsernameInUse   = 420
	textAlreadyInRoom   = 421
	textNotInRoom       = 422
	textNoSuchUser      = 423
	textUnknown         = 499
	textUnauthorizedACL = "Unauthorized (not in the allowed list)"
)

// textRooms is the textroom plugin: rooms whose members chat over data channels.
//
// https://janus.conf.meetecho.com/docs/textroom.html
type textRooms struct {
	peers

	mu      sync.Mutex // guards what follows, and what it leads to
	rooms   []*textroom
	handles map[*janustest.Attachment]*textHandle
}

// textHandle is one handle, which can be in many rooms.
type textHandle struct {
	t     *textRooms
	peer  *peer
	setUp bool // for ever, as with Janus
	open  bool // there is a channel to talk on
}

var (
	_ janustest.Plugin   = (*textRooms)(nil)
	_ janustest.Attacher = (*textRooms)(nil)
	_ janustest.Detacher = (*textRooms)(nil)
)

func newTextRooms(g *Gateway) *textRooms {
	return &textRooms{peers: newPeers(g), handles: make(map[*janustest.Attachment]*textHandle)}
}

// Attached implements janustest.Attacher.
func (t *textRooms) Attached(at *janustest.Attachment) error {
	h := &textHandle{t: t}
	h.peer = t.attach(at, hooks{down: h.down, open: func(string) { h.opened() }, data: h.heard})
	t.mu.Lock()
	defer t.mu.Unlock()
	t.handles[at] = h
	return nil
}

// Detached implements janustest.Detacher.
func (t *textRooms) Detached(at *janustest.Attachment) {
	t.mu.Lock()
	delete(t.handles, at)
	t.mu.Unlock()
	t.detach(at)
}

// down takes h out of all rooms.
func (h *textHandle) down(end func() bool) {
	h.t.mu.Lock()
	defer h.t.mu.Unlock()
	if !end() {
		return
	}
	h.open = false
	for _, r := range h.t.rooms {
		r.leave(h)
	}
}

// opened notes that there is a channel: Janus says nothing before. Pion may tell
// so when the connection is gone.
func (h *textHandle) opened() {
	h.t.mu.Lock()
	defer h.t.mu.Unlock()
	h.open = h.peer.current() != nil
}

// Message implements janustest.Plugin.
func (t *textRooms) Message(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.handles[m.Attachment]
	if h == nil {
		return nil, nil // detached meanwhile
	}
	b := parseBody(m.Body)
	plain := text
	plain.kind = "" // that is how Janus words these two
	if err := plain.check(b, param{"request", '"', true}); err != nil {
		return &janustest.Answer{}, err
	}
	name := strings.ToLower(b.str("request"))
	if verb := textVerbs[name]; verb != nil {
		reply, err := verb(h, b)
		if done, ok := map[string]string{"create": "created", "edit": "edited", "destroy": "destroyed"}[name]; ok && err == nil {
			reply["textroom"] = done
		}
		return &janustest.Answer{Data: reply}, err
	}
	if !slices.Contains([]string{"setup", "ack", "restart"}, name) {
		return &janustest.Answer{}, plain.error(textUnknownRequest, "Unknown request '"+b.str("request")+"'")
	}
	jsep, err := h.negotiate(name, m.JSEP)
	return &janustest.Answer{Data: object{"textroom": "event", "result": "ok"}, JSEP: jsep, Async: true}, err
}

// negotiate makes the connection.
func (h *textHandle) negotiate(name string, answer *client.JSEP) (offer *client.JSEP, err error) {
	switch {
	case name == "ack" && answer == nil:
	case name == "ack":
		_, err = h.peer.answered(answer)
	case name == "setup" && h.setUp:
		return nil, text.error(textAlreadySetUp, "PeerConnection already setup")
	default:
		h.setUp = true
		if h.peer.pending() && !h.peer.negotiated() {
			h.peer.drop() // the client never answered: this is the first offer again
		}
		if err = h.peer.sendData(); err == nil {
			offer, err = h.peer.offer(name == "restart")
		}
	}
	if err != nil {
		return nil, text.error(textUnknown, err.Error())
	}
	return offer, nil
}

// heard takes a message of the data channel. What is no JSON, or no text, gets
// no answer.
func (h *textHandle) heard(_ string, isText bool, data []byte) {
	h.t.mu.Lock()
	defer h.t.mu.Unlock()
	// Who hung up is in no room any more, whatever was under way.
	if h.open = h.peer.current() != nil; !h.open {
		return
	}
	if b := parseBody(data); isText && b != nil {
		h.chat(b)
	}
}

// chat answers one message. t.mu is held.
func (h *textHandle) chat(b body) {
	err := text.check(b, param{"textroom", '"', true}, param{"transaction", '"', true})
	if err != nil {
		h.refuse(err, "")
		return
	}
	name, txn := b.str("textroom"), b.str("transaction")
	verb := textVerbs[strings.ToLower(name)]
	if verb == nil {
		verb = textChat[strings.ToLower(name)]
	}
	if verb == nil {
		h.refuse(text.error(textUnknownRequest, "Unsupported request "+name), txn)
		return
	}
	reply, err := verb(h, b)
	switch {
	case err != nil:
		h.refuse(err, txn)
	case reply != nil:
		reply["transaction"] = txn
		h.say(reply)
	}
}

// say sends an object on the data channel, if there is one.
func (h *textHandle) say(data object) {
	raw, err := json.Marshal(data)
	if err == nil && h.open {
		h.peer.data(textLabel, true, raw)
	}
}
