//go:build !js

package gateway

import (
	"fmt"
	"strings"

	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// call calls somebody. One that fails ends the caller's connection, also where
// that is of another call.
func (v *calls) call(u *user, b body, m *janustest.Message) (*janustest.Answer, error) {
	refuse := func(code int, reason string) (*janustest.Answer, error) {
		_ = m.Reply(object{"videocall": "event", "error_code": code, "error": reason}, nil) // or nobody is there
		v.close(u, m.JSEP != nil)
		return nil, nil
	}
	v.mu.Lock()
	callee := v.names[b.str("username")]
	busy := callee != nil && callee.with != nil
	name, calling := u.name, u.with != nil
	v.mu.Unlock()
	if name == "" {
		return refuse(callRegisterFirst, "Register a username first")
	}
	if calling {
		return refuse(callAlreadyInCall, "Already in a call")
	}
	if reason, missing := b.check(param{"username", '"', true}); missing {
		return refuse(callMissingElement, reason)
	} else if reason != "" {
		return refuse(callInvalidElement, reason)
	}
	to := b.str("username")
	switch {
	case to == name:
		return refuse(callUseEchoTest, "You can't call yourself... use the EchoTest for that")
	case callee == nil:
		return refuse(callNoSuchUsername, "Username '"+to+"' doesn't exist")
	case busy:
		_ = m.Reply(callResult(object{"event": "hangup", "username": name, "reason": hangupBusy}), nil)
		v.close(u, m.JSEP != nil)
		return nil, nil
	case m.JSEP == nil:
		return refuse(callMissingSDP, "Missing SDP")
	}
	if !v.connect(u, callee, to) {
		return refuse(callNoSuchUsername, "Username '"+to+"' doesn't exist")
	}
	offer, err := v.propose(u, callee, m.JSEP, false)
	if err != nil {
		v.mu.Lock()
		u.part()
		v.mu.Unlock()
		callee.peer.drop()
		return refuse(callInvalidSDP, "Error parsing offer: "+err.Error())
	}
	_ = callee.at.Event(callResult(object{"event": "incomingcall", "username": name}), offer) // or it just left
	return answerCall(object{"event": "calling"})
}

// close ends the connection of u, of which there may be no more than an offer that
// the core has, and the call with it.
func (v *calls) close(u *user, offered bool) {
	ended := false
	v.down(u, func() bool {
		ended = u.peer.drop()
		return true
	})
	if ended || offered {
		u.peer.tell(closedByPlugin)
	}
}

// connect begins a call, unless one of the two detached meanwhile: nothing would
// end it.
func (v *calls) connect(u, callee *user, name string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.all[u.at] != u || v.names[name] != callee {
		return false
	}
	u.with, callee.with = callee, u
	u.call = &callState{rings: true, mids: make(map[string]string)}
	callee.call = &callState{rings: true, called: true, mids: make(map[string]string)}
	return true
}

// accept accepts a call.
func (v *calls) accept(u *user, m *janustest.Message) (*janustest.Answer, error) {
	v.mu.Lock()
	caller := u.with
	ringing := caller != nil && u.call.called && u.call.rings
	v.mu.Unlock()
	switch {
	case caller != nil && m.JSEP == nil:
		return nil, pluginError(videoCall, callMissingSDP, "Missing SDP")
	case !ringing:
		return nil, pluginError(videoCall, callNoCall, "No incoming call to accept")
	}
	answer, err := v.settle(u, caller, m.JSEP)
	if err != nil {
		return nil, pluginError(videoCall, callInvalidSDP, "Error parsing answer: "+err.Error())
	}
	v.mu.Lock()
	for _, x := range []*user{u, caller} {
		if x.call != nil {
			x.call.rings = false
		}
	}
	v.mu.Unlock()
	v.apply(u)
	v.apply(caller)
	_ = caller.at.Event(callResult(object{"event": "accepted", "username": u.name}), answer) // or it just left
	return answerCall(object{"event": "accepted"})
}

// update renegotiates: what u sent goes to the other side, as an offer or as the
// answer to one.
func (v *calls) update(u, other *user, j *client.JSEP, restart bool) error {
	var out *client.JSEP
	var err error
	if j.Type == "offer" {
		out, err = v.propose(u, other, j, restart)
	} else {
		out, err = v.settle(u, other, j)
	}
	if err != nil {
		return err
	}
	v.apply(u)
	v.apply(other)
	_ = other.at.Event(callResult(object{"event": "update"}), out) // or it just left
	return nil
}

// propose turns an offer of one side into an offer to the other.
func (v *calls) propose(from, to *user, j *client.JSEP, restart bool) (*client.JSEP, error) {
	lines, err := from.peer.offered(j, nil)
	if err != nil {
		return nil, err
	}
	var fresh []string                // m-lines of from
	var made []*webrtc.RTPTransceiver // those of to, for the same
	for _, l := range lines {
		if l.data {
			if err := to.peer.sendData(); err != nil {
				return nil, err
			}
			continue
		}
		mid := v.twin(from, l.mid)
		if l.refused || mid != "" && !l.sends() {
			continue
		}
		t, err := to.mirror(from, l, mid)
		if err != nil {
			return nil, err
		}
		if mid == "" {
			fresh, made = append(fresh, l.mid), append(made, t)
		}
	}
	offer, err := to.peer.offer(restart)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if from.call == nil || to.call == nil {
		return nil, errNoConnection // it ended meanwhile
	}
	from.call.lines = lines
	for i, mid := range fresh {
		from.call.mids[mid], to.call.mids[made[i].Mid()] = made[i].Mid(), mid
	}
	return offer, nil
}

// mirror gives u what comes on one of from's m-lines: on the m-line of that mid,
// or on another one if that is empty.
func (u *user) mirror(from *user, l line, mid string) (*webrtc.RTPTransceiver, error) {
	if !l.sends() {
		return u.peer.receive(l.codec)
	}
	return u.relay(from, l.mid, l.msid, sending{mid: mid, codec: l.codec, both: l.receives()})
}

// relay has u get what comes on from's m-line of that mid.
func (u *user) relay(from *user, mid, msid string, s sending) (*webrtc.RTPTransceiver, error) {
	s.stream, s.id, _ = strings.Cut(msid, " ")
	s.onLayer = u.layers(codecName(s.codec.MimeType))
	o, err := u.peer.send(s)
	if err != nil {
		return nil, err
	}
	o.follow(from.peer.inlet(mid))
	return o.transceiver, nil
}

// layers tells u of layers that are reached.
func (u *user) layers(codec string) func(substream, temporal *int) {
	return func(substream, temporal *int) {
		result := object{"event": "simulcast", "videocodec": codec}
		if substream != nil {
			result["substream"] = *substream
		} else {
			result["temporal"] = *temporal
		}
		u.tell(result)
	}
}

// twin returns the other side's m-line for one of u's; empty if there is none.
func (v *calls) twin(u *user, mid string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if u.call == nil {
		return ""
	}
	return u.call.mids[mid]
}

// settle turns the answer of one side into an answer to the other, who offered.
func (v *calls) settle(from, to *user, j *client.JSEP) (*client.JSEP, error) {
	lines, err := from.peer.answered(j)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	var offered []line
	if to.call != nil {
		offered = to.call.lines
	}
	v.mu.Unlock()
	for _, l := range lines {
		mid := v.twin(from, l.mid)
		for _, theirs := range offered {
			if l.data || theirs.mid != mid || !theirs.receives() || !l.sends() {
				continue
			}
			if _, err := to.relay(from, l.mid, l.msid, sending{mid: mid, codec: theirs.codec}); err != nil {
				return nil, fmt.Errorf("m-line %s: %w", mid, err)
			}
		}
	}
	return to.peer.answer()
}

// apply has the connections do what u set.
func (v *calls) apply(u *user) {
	v.mu.Lock()
	if u.call == nil || u.with == nil {
		v.mu.Unlock()
		return
	}
	s, other := *u.call, u.with
	v.mu.Unlock()
	for _, in := range u.peer.inlets() {
		if in.kind == webrtc.RTPCodecTypeVideo {
			in.restrict(s.bitrate)
		}
	}
	for _, o := range other.peer.outlets() {
		if o.kind == webrtc.RTPCodecTypeAudio {
			o.pause(s.noAudio)
		} else {
			o.pause(s.noVideo)
		}
	}
}

// estimated hands what u can receive on to who sends it.
func (v *calls) estimated(u *user, bitrate float32) {
	v.mu.Lock()
	other := u.with
	if other != nil && other.call.bitrate != 0 {
		bitrate = min(bitrate, float32(other.call.bitrate))
	}
	v.mu.Unlock()
	if other == nil {
		return
	}
	for _, in := range other.peer.inlets() {
		in.estimate(bitrate)
	}
}

// slow tells of a slow link.
func (v *calls) slow(u *user, kind webrtc.RTPCodecType) {
	result := object{"event": "slow_link", "media": kind.String()}
	v.mu.Lock()
	if u.call != nil && kind == webrtc.RTPCodecTypeVideo {
		result["current-bitrate"] = u.call.bitrate
	}
	v.mu.Unlock()
	u.tell(result)
}
