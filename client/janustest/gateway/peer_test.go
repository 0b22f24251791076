//go:build !js

package gateway

import (
	"encoding/json"
	"testing"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// An outlet of a connection that ended meanwhile gets nothing: nobody would take
// it back.
func TestFollowTooLate(t *testing.T) {
	ended := &connection{over: make(chan struct{})}
	close(ended.over)
	opus, _ := codecNamed("opus")
	in := newInlet(nil, "0", opus, nil)
	(&outlet{conn: ended}).follow(in)
	require.Empty(t, in.outs)
	running := &outlet{conn: &connection{over: make(chan struct{})}}
	running.follow(in)
	require.Equal(t, []*outlet{running}, in.outs)
}

// No layer is reached before the client's answer lets anything through, however
// soon a keyframe comes.
func TestLayersBeforeTheAnswer(t *testing.T) {
	vp8, _ := codecNamed("vp8")
	in := newInlet(nil, "0", vp8, []string{"l", "m", "h"})
	for name, sender := range map[string]*webrtc.RTPSender{"sends": {}, "pretends": nil} {
		o := &outlet{conn: &connection{over: make(chan struct{})}, codec: vp8, sender: sender}
		o.follow(in)
		o.forward(in, 0, vp8Packet(1, 1, 1, 0, 0, true), nil, nil)
		want := map[bool]int{true: -1, false: 0}[sender != nil]
		require.Equal(t, want, o.layers()["substream"], name)
	}
}

// Of the hangups that the core tells of, those of the gateway's own are no news,
// also when they come late.
func TestHungUpOnce(t *testing.T) {
	g := Start(nil)
	defer g.Close()
	downs := 0
	p := &peer{g: g, at: &janustest.Attachment{}, hooks: hooks{down: func(end func() bool) {
		if end() {
			downs++
		}
	}}}
	p.told = 1
	p.hungUp()
	require.Zero(t, downs)
	p.hungUp()
	require.Equal(t, 1, downs)
	p.lost(&connection{}, "an older one")
	require.Equal(t, 1, downs)
}

// Candidates for a description that a hangup made needless go with it.
func TestDropCandidates(t *testing.T) {
	p := &peer{}
	p.trickled([]json.RawMessage{[]byte(`{"candidate":"candidate:1 1 udp 1 127.0.0.1 9 typ host","sdpMid":"0"}`)})
	require.Len(t, p.early, 1)
	require.False(t, p.drop(), "there was no connection")
	require.Empty(t, p.early)
}

// What comes on a data channel after the hangup makes no member of anybody.
func TestChatTooLate(t *testing.T) {
	g := Start(nil)
	defer g.Close()
	rooms := newTextRooms(g)
	room := &textroom{id: client.NumID(1)}
	rooms.rooms = append(rooms.rooms, room)
	h := &textHandle{t: rooms, peer: &peer{g: g}}
	h.opened()
	h.heard(textLabel, true, []byte(`{"textroom":"join","transaction":"1","room":1,"username":"ghost"}`))
	require.Empty(t, room.members)
	require.False(t, h.open)
}

// Who detached is neither called nor calls: nothing would end that.
func TestCallTooLate(t *testing.T) {
	g := Start(nil)
	defer g.Close()
	v := newCalls(g)
	ann, bob := &user{at: &janustest.Attachment{}, name: "ann"}, &user{at: &janustest.Attachment{}, name: "bob"}
	v.names["ann"], v.names["bob"], v.all[bob.at] = ann, bob, bob
	require.False(t, v.connect(ann, bob, "bob"), "ann detached")
	delete(v.names, "ann")
	require.False(t, v.connect(bob, ann, "ann"), "ann detached")
	require.Nil(t, bob.with)
}
