//go:build !js

package gateway

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync"

	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

const streaming = "janus.plugin.streaming"

// Error codes of streaming.
const (
	streamInvalidRequest = 452
	streamMissingElement = 453
	streamInvalidElement = 454
	streamNoSuch         = 455
	streamInvalidState   = 460
	streamInvalidSDP     = 461
)

// streams is the streaming plugin, with mountpoints that play a clip round and
// round. None can be created.
//
// https://janus.conf.meetecho.com/docs/streaming.html
type streams struct {
	peers
	mounts []*mount

	turn sync.Mutex // held while a message is served; taken before mu

	mu      sync.Mutex // guards viewers, and what is in them
	viewers map[*janustest.Attachment]*viewer
}

var (
	_ janustest.Plugin   = (*streams)(nil)
	_ janustest.Attacher = (*streams)(nil)
	_ janustest.Detacher = (*streams)(nil)
)

func newStreams(g *Gateway) *streams {
	return &streams{peers: newPeers(g), viewers: make(map[*janustest.Attachment]*viewer), mounts: []*mount{
		newMount(g, 1, "test picture and beeps", 0),
		newMount(g, 2, "the same, half a round later", clipRound/2),
	}}
}

// Attached implements janustest.Attacher.
func (s *streams) Attached(at *janustest.Attachment) error {
	w := &viewer{at: at}
	w.peer = s.attach(at, hooks{down: func(end func() bool) { s.down(w, end) }, up: func() { s.started(w) }})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.viewers[at] = w
	return nil
}

// Detached implements janustest.Detacher.
func (s *streams) Detached(at *janustest.Attachment) {
	s.mu.Lock()
	delete(s.viewers, at)
	s.mu.Unlock()
	s.detach(at)
}

// down ends the watching with the connection.
func (s *streams) down(w *viewer, end func() bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if end() {
		w.watch(nil)
	}
}

// follow has w watch a mountpoint, unless the connection ended meanwhile.
func (s *streams) follow(w *viewer, m *mount) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.peer.current() != nil {
		w.watch(m)
	}
}

// started says that the connection has come about.
func (s *streams) started(w *viewer) {
	if w.peer.connected() {
		_ = w.at.Event(streamResult("started"), nil) // the handle may be gone
	}
}

func streamResult(status string) object {
	return object{"streaming": "event", "result": object{"status": status}}
}

// streamRequests are the requests with the members they may have.
var streamRequests = map[string][]param{
	"list":      {{"admin_key", '"', false}},
	"info":      {{"id", '+', true}, {"secret", '"', false}},
	"watch":     {{"id", '+', true}, {"pin", '"', false}, {"media", '[', false}, {"restart", 'b', false}},
	"start":     nil,
	"pause":     nil,
	"configure": {{"mid", '"', false}, {"send", 'b', false}},
	"switch":    {{"id", '+', true}},
	"stop":      nil,
}

// Message implements janustest.Plugin.
func (s *streams) Message(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	s.mu.Lock()
	w := s.viewers[m.Attachment]
	s.mu.Unlock()
	if w == nil {
		return nil, nil // detached meanwhile
	}
	b := parseBody(m.Body)
	request := b.str("request")
	a := &janustest.Answer{Async: request != "list" && request != "info"}
	if err := checkStream(b, param{"request", '"', true}); err != nil {
		return &janustest.Answer{}, err
	}
	params, known := streamRequests[request]
	if !known {
		return &janustest.Answer{}, pluginError(streaming, streamInvalidRequest, "Unknown request '"+request+"'")
	}
	if err := checkStream(b, params...); err != nil {
		return a, err
	}
	var err error
	switch request {
	case "list":
		a.Data = object{"streaming": "list", "list": s.list()}
	case "info":
		var found *mount
		if found, err = s.find(b); err == nil {
			a.Data = object{"streaming": "info", "info": found.info()}
		}
	case "watch":
		err = s.watch(w, b, a)
	case "stop":
		return s.stop(w, m)
	default:
		err = s.change(w, request, b, m.JSEP, a)
	}
	return a, err
}

func checkStream(b body, params ...param) error {
	reason, missing := b.check(params...)
	switch {
	case reason == "":
		return nil
	case missing:
		return pluginError(streaming, streamMissingElement, reason)
	default:
		return pluginError(streaming, streamInvalidElement, reason)
	}
}

func (s *streams) list() []object {
	list := make([]object, 0, len(s.mounts))
	for _, m := range s.mounts {
		list = append(list, m.entry())
	}
	return list
}

// find returns the mountpoint that a request names.
func (s *streams) find(b body) (*mount, error) {
	id := *b.number("id") // it was checked
	for _, m := range s.mounts {
		if m.id == id {
			return m, nil
		}
	}
	return nil, pluginError(streaming, streamNoSuch, "No such mountpoint/stream "+strconv.Itoa(id))
}

// watch offers what a mountpoint plays.
func (s *streams) watch(w *viewer, b body, a *janustest.Answer) error {
	m, err := s.find(b)
	if err != nil {
		return err
	}
	restart := b.flag("restart")
	again := restart != nil && *restart
	s.mu.Lock()
	before := w.mount
	s.mu.Unlock()
	switch {
	case before != nil && !(again && before == m):
		return pluginError(streaming, streamInvalidState, "Already watching mountpoint "+strconv.Itoa(before.id))
	case before == nil:
		var mids []string
		_ = json.Unmarshal(b["media"], &mids) // none are all
		for _, in := range m.inlets {
			if len(mids) > 0 && !slices.Contains(mids, in.mid) {
				continue
			}
			o, err := w.peer.send(sending{mid: in.mid, codec: in.codec})
			if err != nil {
				return err
			}
			o.pause(true) // until start
			o.follow(in)
		}
	}
	if a.JSEP, err = w.peer.offer(again); err != nil {
		return pluginError(streaming, streamInvalidSDP, err.Error())
	}
	s.follow(w, m)
	a.Data = streamResult("preparing")
	if before != nil {
		a.Data = streamResult("updating")
	}
	return nil
}

// change does what needs a mountpoint.
func (s *streams) change(w *viewer, request string, b body, j *client.JSEP, a *janustest.Answer) error {
	s.mu.Lock()
	m := w.mount
	s.mu.Unlock()
	if m == nil {
		return pluginError(streaming, streamNoSuch, "Can't "+request+": not on a mountpoint")
	}
	switch request {
	case "start":
		if j != nil {
			if _, err := w.peer.answered(j); err != nil {
				return pluginError(streaming, streamInvalidSDP, err.Error())
			}
		}
		w.pause(false, "")
		a.Data = streamResult("starting")
		if w.peer.connected() {
			a.Data = streamResult("started")
		}
	case "pause":
		w.pause(true, "")
		a.Data = streamResult("pausing")
	case "configure":
		if on := b.flag("send"); on != nil {
			w.pause(!*on, b.str("mid"))
		}
		a.Data = object{"streaming": "event", "result": object{"event": "configured"}}
	case "switch":
		to, err := s.find(b)
		if err != nil {
			return err
		}
		for _, in := range to.inlets {
			if o := w.peer.outlet(in.mid); o != nil {
				o.follow(in)
			}
		}
		s.follow(w, to)
		a.Data = object{"streaming": "event", "result": object{"switched": "ok", "id": to.id}}
	}
	return nil
}

// stop ends the watching. To who does not watch, 1.1.2 says nothing.
func (s *streams) stop(w *viewer, m *janustest.Message) (*janustest.Answer, error) {
	s.mu.Lock()
	watching := w.mount != nil
	w.watch(nil)
	s.mu.Unlock()
	if watching {
		tell := w.peer.hangUp()
		_ = m.Reply(streamResult("stopping"), nil) // or nobody is there
		tell()
	}
	return nil, nil
}

// label is what a kind of media is called.
func label(kind webrtc.RTPCodecType) string { return "bifrons " + kind.String() }
