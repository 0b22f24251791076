//go:build !js

package faults

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// description is one, as far as anybody here looks.
const description = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=fingerprint:sha-256 00\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\na=sendrecv\r\na=setup:actpass\r\n" +
	"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=rtpmap:96 VP8/90000\r\n"

// peer is a client.Negotiator without media.
type peer struct{}

var _ client.Negotiator = peer{}

func (peer) Offer(context.Context, bool) (*client.JSEP, error) {
	return &client.JSEP{Type: "offer", SDP: description}, nil
}

func (peer) Answer(context.Context, *client.JSEP) (*client.JSEP, error) {
	return &client.JSEP{Type: "answer", SDP: description}, nil
}

func (peer) Accept(context.Context, *client.JSEP) error { return nil }

// newPeer is a videoroom.PeerFunc.
func newPeer(*client.Handle) (client.Negotiator, error) { return peer{}, nil }

// seat is what a handle is at a plugin.
type seat struct {
	name      string
	joins     int // requests to be that
	streaming bool
	receives  bool
}

// double is a gateway's plugin with as much state as shows who is there. It
// refuses to be joined twice, as Janus does.
type double struct {
	mu      sync.Mutex
	seats   map[uint64]*seat // by handle
	rooms   map[string]int   // how often each was created
	unknown []string         // requests it does not know
	answer  func(d *double, s *seat, req *request) (*janustest.Answer, error)
}

// request is the body of a message, and what came with it.
type request struct {
	Request, PType, Display, Username string
	Room                              json.RawMessage
	Streams                           []map[string]any
	jsep                              *client.JSEP
}

// Message implements janustest.Plugin.
func (d *double) Message(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	req := &request{jsep: m.JSEP}
	if err := json.Unmarshal(m.Body, req); err != nil {
		return nil, client.Code(454) // what a flipped bit makes
	}
	s := d.seats[m.Handle]
	if s == nil {
		s = &seat{}
		d.seats[m.Handle] = s
	}
	return d.answer(d, s, req)
}

// Detached implements janustest.Detacher.
func (d *double) Detached(at *janustest.Attachment) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.seats, at.Handle)
}

// count returns how many seats are as is says.
func (d *double) count(is func(seat) bool) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.seats {
		if is(*s) {
			n++
		}
	}
	return n
}

// strange returns the requests it did not know.
func (d *double) strange() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.unknown...)
}

func newDouble(answer func(*double, *seat, *request) (*janustest.Answer, error)) *double {
	return &double{seats: map[uint64]*seat{}, rooms: map[string]int{}, answer: answer}
}

// install gives the gateway its doubles.
func install(gw *janustest.Server) (video, text, call *double) {
	video, text, call = newDouble(videoRoom), newDouble(textRoom), newDouble(videoCall)
	gw.Handle(videoroom.Plugin, video)
	gw.Handle(textroom.Plugin, text)
	gw.Handle(videocall.Plugin, call)
	return video, text, call
}

type object = map[string]any

func event(data object, jsep string) *janustest.Answer {
	a := &janustest.Answer{Async: true, Data: data}
	if jsep != "" {
		a.JSEP = &client.JSEP{Type: jsep, SDP: description}
	}
	return a
}

// theFeed is somebody who publishes in the double of a video room.
var theFeed = object{"id": 100, "display": "them", "streams": []object{{"type": "video", "mindex": 0, "mid": "0", "codec": "vp8"}}}

// videoRoom is the double of janus.plugin.videoroom: a room with one publisher.
func videoRoom(d *double, s *seat, req *request) (*janustest.Answer, error) {
	ok := func(what string) *janustest.Answer {
		return event(object{"videoroom": "event", "room": 1, what: "ok"}, "")
	}
	stream := []object{{"mid": "0", "mindex": 0, "type": "video", "active": true, "send": true, "ready": true,
		"feed_id": 100, "feed_mid": "0", "codec": "vp8"}}
	switch req.Request {
	case "join":
		s.joins++
		switch {
		case s.joins > 1:
			return nil, &client.PluginError{PluginCode: videoroom.ErrAlreadyJoined}
		case req.PType == "subscriber":
			s.receives = true
			return event(object{"videoroom": "attached", "room": 1, "streams": stream}, "offer"), nil
		}
		s.name = req.Display
		return event(object{"videoroom": "joined", "room": 1, "id": 7, "private_id": 5, "publishers": []object{theFeed}}, ""), nil
	case "publish", "configure":
		a := ok("configured")
		if req.jsep != nil {
			s.streaming = true
			a.JSEP = &client.JSEP{Type: "answer", SDP: description}
		}
		return a, nil
	case "start":
		s.streaming = true
		return ok("started"), nil
	case "subscribe", "unsubscribe", "update":
		return event(object{"videoroom": "updated", "room": 1, "streams": stream}, ""), nil
	case "switch":
		return event(object{"videoroom": "event", "room": 1, "switched": "ok", "changes": 0, "streams": stream}, ""), nil
	case "unpublish":
		s.streaming = false
		return ok("unpublished"), nil
	case "leave":
		*s = seat{}
		return ok("leaving"), nil
	case "listparticipants":
		list := []object{{"id": 100, "display": "them", "publisher": true}}
		for _, s := range d.seats {
			if s.name != "" {
				list = append(list, object{"id": 7, "display": s.name, "publisher": s.streaming})
			}
		}
		return &janustest.Answer{Data: object{"videoroom": "participants", "room": 1, "participants": list}}, nil
	}
	d.unknown = append(d.unknown, req.Request)
	return nil, &client.PluginError{PluginCode: videoroom.ErrInvalidRequest}
}

// textRoom is the double of the management of janus.plugin.textroom.
func textRoom(d *double, _ *seat, req *request) (*janustest.Answer, error) {
	room := string(req.Room)
	switch req.Request {
	case "create":
		d.rooms[room]++
		if d.rooms[room] > 1 {
			return nil, &client.PluginError{PluginCode: textroom.ErrRoomExists}
		}
		return &janustest.Answer{Data: object{"textroom": "created", "room": req.Room, "permanent": false}}, nil
	case "exists":
		return &janustest.Answer{Data: object{"textroom": "success", "room": req.Room, "exists": d.rooms[room] > 0}}, nil
	case "list":
		return &janustest.Answer{Data: object{"textroom": "success", "list": []object{}}}, nil
	case "listparticipants":
		return &janustest.Answer{Data: object{"textroom": "success", "room": req.Room, "participants": []object{}}}, nil
	}
	d.unknown = append(d.unknown, req.Request)
	return nil, &client.PluginError{PluginCode: textroom.ErrInvalidRequest}
}

// videoCall is the double of janus.plugin.videocall, where everybody answers.
func videoCall(d *double, s *seat, req *request) (*janustest.Answer, error) {
	result := func(fields object) *janustest.Answer {
		return event(object{"videocall": "event", "result": fields}, "")
	}
	switch req.Request {
	case "register":
		s.joins++
		if s.joins > 1 {
			return nil, &client.PluginError{PluginCode: videocall.ErrAlreadyRegistered}
		}
		s.name = req.Username
		return result(object{"event": "registered", "username": req.Username}), nil
	case "list":
		names := []string{}
		for _, s := range d.seats {
			if s.name != "" {
				names = append(names, s.name)
			}
		}
		return result(object{"list": names}), nil
	case "set":
		return result(object{"event": "set"}), nil
	case "hangup":
		return result(object{"event": "hangup", "username": s.name, "reason": "Explicit hangup"}), nil
	}
	d.unknown = append(d.unknown, req.Request)
	return nil, &client.PluginError{PluginCode: videocall.ErrInvalidRequest}
}

// greeter answers every message, at once or by an event.
func greeter(gw *janustest.Server) {
	gw.Handle("janus.plugin.greeter", janustest.PluginFunc(func(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
		var body struct {
			Later bool
			Echo  string
		}
		if err := json.Unmarshal(m.Body, &body); err != nil {
			return nil, client.Code(454)
		}
		return &janustest.Answer{Data: object{"echo": body.Echo}, Async: body.Later}, nil
	}))
}
