//go:build !js

package gateway

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/client/janustest"
)

const videoCall = "janus.plugin.videocall"

// Error codes of the video call.
const (
	callInvalidRequest = 472
	callRegisterFirst  = 473
	callInvalidElement = 474
	callMissingElement = 475
	callUsernameTaken  = 476
	callRegistered     = 477
	callNoSuchUsername = 478
	callUseEchoTest    = 479
	callAlreadyInCall  = 480
	callNoCall         = 481
	callMissingSDP     = 482
	callInvalidSDP     = 483
	hangupByUs         = "We did the hangup"
	hangupByRemote     = "Remote WebRTC hangup"
	hangupExplicit     = "Explicit hangup"
	hangupBusy         = "User busy"
)

// calls is the videocall plugin: two registered users, each with a connection
// to the gateway, and what one sends goes to the other.
//
// https://janus.conf.meetecho.com/docs/videocall.html
type calls struct {
	peers

	turn sync.Mutex // held while a message is served; taken before mu

	mu    sync.Mutex // guards what follows, and what is in the handles
	all   map[*janustest.Attachment]*user
	names map[string]*user
}

// user is a handle of the plugin.
type user struct {
	at   *janustest.Attachment
	peer *peer
	name string // empty before register
	with *user  // the other side of the call; nil: none
	call *callState
}

// callState is one side's half of a call.
type callState struct {
	rings            bool // the caller's offer is there and nobody answered
	called           bool // it is we who were called
	lines            []line
	mids             map[string]string // of the other side's m-lines, by ours
	noAudio, noVideo bool              // not relayed
	bitrate          uint64            // in bit/s; 0: no limit
}

var (
	_ janustest.Plugin   = (*calls)(nil)
	_ janustest.Attacher = (*calls)(nil)
	_ janustest.Detacher = (*calls)(nil)
)

func newCalls(g *Gateway) *calls {
	return &calls{peers: newPeers(g), all: make(map[*janustest.Attachment]*user), names: make(map[string]*user)}
}

// Attached implements janustest.Attacher.
func (v *calls) Attached(at *janustest.Attachment) error {
	u := &user{at: at}
	u.peer = v.attach(at, hooks{
		down: func(end func() bool) { v.down(u, end) },
		data: func(label string, text bool, b []byte) {
			if other := v.other(u); other != nil {
				other.peer.data(label, text, b)
			}
		},
		remb: func(bitrate float32) { v.estimated(u, bitrate) },
		slow: func(kind webrtc.RTPCodecType) { v.slow(u, kind) },
	})
	v.mu.Lock()
	defer v.mu.Unlock()
	v.all[at] = u
	return nil
}

// Detached implements janustest.Detacher.
func (v *calls) Detached(at *janustest.Attachment) {
	v.mu.Lock()
	if u := v.all[at]; u != nil && u.name != "" {
		delete(v.names, u.name)
	}
	delete(v.all, at)
	v.mu.Unlock()
	v.detach(at)
}

// down ends the call with the connection, and the other side hears of it.
func (v *calls) down(u *user, end func() bool) {
	var other *user
	v.mu.Lock()
	if end() {
		other = u.part()
	}
	v.mu.Unlock()
	if other != nil {
		other.tell(object{"event": "hangup", "username": u.name, "reason": hangupByRemote})
		other.peer.hangUp()()
	}
}

// part ends the call of u, and returns who it was with; nil if there was none.
// calls.mu is held.
func (u *user) part() *user {
	other := u.with
	u.with, u.call = nil, nil
	if other != nil {
		other.with, other.call = nil, nil
	}
	return other
}

func (v *calls) other(u *user) *user {
	v.mu.Lock()
	defer v.mu.Unlock()
	return u.with
}

// tell sends an event that answers nothing. The handle may be gone.
func (u *user) tell(result object) { _ = u.at.Event(callResult(result), nil) }

func callResult(result object) object { return object{"videocall": "event", "result": result} }

// callRequests are the requests with the members they may have.
var callRequests = map[string][]param{
	"list":     nil,
	"register": {{"username", '"', true}},
	"call":     nil, // it looks at more than its members before it looks at those
	"accept":   nil,
	"set": {{"audio", 'b', false}, {"video", 'b', false}, {"bitrate", '+', false}, {"record", 'b', false},
		{"filename", '"', false}, {"restart", 'b', false}, {"substream", '+', false}, {"temporal", '+', false}},
	"hangup": nil, // what is no text is no reason
}

// Message implements janustest.Plugin. Everything is asynchronous here.
func (v *calls) Message(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	v.turn.Lock()
	defer v.turn.Unlock()
	v.mu.Lock()
	u := v.all[m.Attachment]
	v.mu.Unlock()
	if u == nil {
		return nil, nil // detached meanwhile
	}
	b := parseBody(m.Body)
	if err := checkCall(b, param{"request", '"', true}); err != nil {
		return nil, err
	}
	request := b.str("request")
	params, known := callRequests[request]
	if !known {
		return nil, pluginError(videoCall, callInvalidRequest, "Unknown request ("+request+")")
	}
	if err := checkCall(b, params...); err != nil {
		return nil, err
	}
	switch request {
	case "list":
		return answerCall(object{"list": v.list()})
	case "register":
		return v.register(u, b.str("username"))
	case "call":
		return v.call(u, b, m)
	case "accept":
		return v.accept(u, m)
	case "set":
		return v.set(u, b, m)
	default:
		return v.hangup(u, b.str("reason"), m)
	}
}

func checkCall(b body, params ...param) error {
	reason, missing := b.check(params...)
	switch {
	case reason == "":
		return nil
	case missing:
		return pluginError(videoCall, callMissingElement, reason)
	default:
		return pluginError(videoCall, callInvalidElement, reason)
	}
}

func answerCall(result object) (*janustest.Answer, error) {
	return &janustest.Answer{Async: true, Data: callResult(result)}, nil
}

func (v *calls) list() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	names := make([]string, 0, len(v.names))
	for name := range v.names {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (v *calls) register(u *user, name string) (*janustest.Answer, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case u.name != "":
		return nil, pluginError(videoCall, callRegistered, "Already registered ("+u.name+")")
	case v.names[name] != nil:
		return nil, pluginError(videoCall, callUsernameTaken, "Username '"+name+"' already taken")
	}
	u.name, v.names[name] = name, u
	return answerCall(object{"event": "registered", "username": name})
}

// hangup ends a call, declines it or gives it up; there may be none.
func (v *calls) hangup(u *user, reason string, m *janustest.Message) (*janustest.Answer, error) {
	v.mu.Lock()
	other := u.part()
	v.mu.Unlock()
	// The gone connections are told of after the events, as Janus does.
	told := object{"event": "hangup", "reason": hangupExplicit}
	if u.name != "" {
		told["username"] = u.name
	}
	_ = m.Reply(callResult(told), nil)
	u.peer.hangUp()()
	if other != nil {
		if reason == "" {
			reason = hangupByUs
		}
		other.tell(object{"event": "hangup", "username": u.name, "reason": reason})
		other.peer.hangUp()()
	}
	return nil, nil
}

// set changes what u sends and gets, and renegotiates if there is a description.
func (v *calls) set(u *user, b body, m *janustest.Message) (*janustest.Answer, error) {
	for _, key := range []string{"substream", "temporal"} {
		if n := b.number(key); n != nil && *n > highestLayer {
			return nil, pluginError(videoCall, callInvalidElement, "Invalid value ("+key+" should be 0, 1 or 2)")
		}
	}
	if reason, _ := b.check(param{"fallback", '+', false}); reason != "" {
		return nil, pluginError(videoCall, callInvalidElement, "Invalid value (fallback should be a positive integer)")
	}
	v.mu.Lock()
	if s := u.call; s != nil {
		if on := b.flag("audio"); on != nil {
			s.noAudio = !*on
		}
		if on := b.flag("video"); on != nil {
			s.noVideo = !*on
		}
		if n := b.number("bitrate"); n != nil {
			s.bitrate = uint64(*n)
		}
	}
	other := u.with
	v.mu.Unlock()
	v.apply(u)
	var fallback time.Duration
	if n := b.number("fallback"); n != nil {
		fallback = time.Duration(*n) * time.Microsecond
	}
	for _, o := range u.peer.outlets() {
		if o.kind == webrtc.RTPCodecTypeVideo {
			o.want(b.number("substream"), b.number("temporal"), fallback)
		}
	}
	if m.JSEP != nil && other != nil {
		restart := b.flag("restart")
		if err := v.update(u, other, m.JSEP, restart != nil && *restart); err != nil {
			return nil, pluginError(videoCall, callInvalidSDP, err.Error())
		}
	}
	return answerCall(object{"event": "set"})
}
