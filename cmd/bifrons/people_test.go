//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// roomWith is a gateway with a video room, and what sends its events to who is
// inside.
func roomWith(t *testing.T) (gw *janustest.Server, say func(events ...string)) {
	t.Helper()
	gw = janustest.New(t, nil)
	inside := make(chan *janustest.Attachment, 1)
	gw.Handle(videoroom.Plugin, janustest.PluginFunc(func(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
		var body struct{ Request string }
		if err := json.Unmarshal(m.Body, &body); err != nil || body.Request != "join" {
			return &janustest.Answer{Async: true, Data: json.RawMessage(`{"videoroom":"event","room":1,"leaving":"ok"}`)}, err
		}
		inside <- m.Attachment
		return &janustest.Answer{Async: true, Data: json.RawMessage(`{"videoroom":"joined","room":1,"id":7,"private_id":3,"publishers":[
			{"id":8,"display":"ann","streams":[{"type":"video","mindex":0,"mid":"0","codec":"vp8"}]}],"attendees":[{"id":9}]}`)}, nil
	}))
	return gw, func(events ...string) {
		at := <-inside
		for _, ev := range events {
			require.NoError(t, at.Event(json.RawMessage(ev), nil))
		}
	}
}

// What happens in a room, said twice and in any order, is told once.
func TestRoomEvents(t *testing.T) {
	gw, say := roomWith(t)
	events := []string{
		`{"videoroom":"event","room":1,"joining":{"id":10,"display":"bob\u001b[2J"}}`,
		`{"videoroom":"event","room":1,"joining":{"id":10,"display":"bob"}}`,
		`{"videoroom":"event","room":1,"publishers":[{"id":8,"display":"ann","streams":[{"type":"video","mindex":0,"mid":"0","codec":"vp8"}]}]}`,
		`{"videoroom":"event","room":1,"publishers":[{"id":8,"display":"ann","streams":[{"type":"video","mindex":0,"mid":"0","codec":"vp8"},{"type":"audio","mindex":1,"mid":"1","codec":"opus"}]}]}`,
		`{"videoroom":"talking","room":1,"id":8,"mindex":1,"mid":"1","audio-level-dBov-avg":20.5}`,
		`{"videoroom":"stopped-talking","room":1,"id":7,"mindex":1,"mid":"1","audio-level-dBov-avg":80}`,
		`{"videoroom":"event","room":1,"moderation":"muted","id":8,"mid":"1"}`,
		`{"videoroom":"event","room":1,"id":8,"display":"anna"}`,
		`{"videoroom":"event","room":1,"unpublished":8}`,
		`{"videoroom":"event","room":1,"unpublished":8}`,
		`{"videoroom":"event","room":1,"unpublished":10}`,
		`{"videoroom":"event","room":1,"leaving":8}`,
		`{"videoroom":"event","room":1,"leaving":8}`,
		`{"videoroom":"event","room":1,"kicked":10}`,
		`{"videoroom":"event","room":1,"leaving":4711}`,
		`{"videoroom":"slow_link","current-bitrate":128000}`,
		`{"videoroom":"something","room":1,"new":true}`,
		`{"videoroom":"destroyed","room":1}`,
	}
	r := newRun(t, gw)
	r.app.stdout = &watcher{w: &r.stdout, text: "9 is here", f: func() { say(events...) }}
	r.do(t, t.Context(), exitFailure, "room", "join", "--room", "1", "--as", "me", memory)
	var said []string
	for line := range strings.Lines(r.stdout.String()) {
		_, text, _ := strings.Cut(strings.TrimSpace(line), " s  ")
		said = append(said, text)
	}
	require.Equal(t, []string{
		"in room 1 as me (id 7); others here: 2",
		"ann is here (id 8)",
		"ann sends video vp8",
		"9 is here (id 9)",
		"bob [2J is here (id 10)",
		"ann sends audio opus, video vp8",
		"ann talks",
		"me is silent",
		"m-line 1 of ann was muted",
		"ann is called anna now",
		"anna sends nothing any more",
		"anna left",
		"bob was kicked",
		"slow link: the gateway misses packets of ours, and asks for 128 kbit/s",
	}, said)
	require.Contains(t, r.complaint(t), "the room was destroyed")

	r = newRun(t, gw)
	r.app.stdout = &watcher{w: &r.stdout, text: `"id":9`, f: func() { say(events...) }}
	r.do(t, t.Context(), exitFailure, "--json", "room", "join", "--room", "1", "--as", "me", memory)
	for _, o := range r.objects(t) {
		require.Contains(t, o, "event")
		require.Contains(t, o, "at_s")
		switch o["event"] {
		case "talking":
			require.Contains(t, []any{7.0, 8.0}, o["id"])
			require.IsType(t, true, o["talking"])
		case "moderated":
			require.Equal(t, "1", o["mid"])
			require.Equal(t, true, o["muted"])
		}
	}
}

// A gateway that is full of people costs no more memory than that of some.
func TestPeopleAreBounded(t *testing.T) {
	p := people{}
	for n := range uint64(mostPeople + 100) {
		p.get(client.NumID(n), fmt.Sprint("name ", n))
	}
	require.Len(t, p, mostPeople)
	require.Equal(t, "name 3", p.name(client.NumID(3)))
	require.Equal(t, "10001", p.name(client.NumID(mostPeople+1)))
	p.keep([]videoroom.Feed{{ID: client.NumID(1)}}, []videoroom.Attendee{{ID: client.NumID(2)}, {ID: client.NumID(1 << 40)}})
	require.Len(t, p, 2)
}

func TestNameOfFile(t *testing.T) {
	for id, want := range map[string]string{
		"1234": "1234", "tea-room_1": "tea-room_1", "../../etc/passwd": "______etc_passwd", "a\x00b\n": "a_b_", "Ü": "_",
		strings.Repeat("x", 100): strings.Repeat("x", 64), "": "",
	} {
		require.Equal(t, want, nameOf(client.StrID(id)))
	}
}

// Names that are taken are left alone.
func TestShelfFiles(t *testing.T) {
	dir := t.TempDir()
	s, err := newShelf(nil, dir+"/out.webm", true)
	require.NoError(t, err)
	for _, want := range []string{"/out.webm", "/out-5.webm", "/out-5-2.webm", "/out-5-3.webm"} {
		f, err := s.file(client.NumID(5))
		require.NoError(t, err)
		require.NoError(t, f.Close())
		require.Equal(t, dir+want, f.Name())
		s.plain = false
	}
}
