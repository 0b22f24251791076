//go:build !js

package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/sdp/v3"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
)

var update = flag.Bool("update", false, "write the transcripts of the real Janus anew")

// flow is a conversation with a plugin, and the record of it: what several
// handles asked, and what each was told, in its order. The records of the real
// Janus are in testdata; the tests of both gateways compare with them.
type flow struct {
	t       *testing.T
	plugin  string
	session *client.Session
	actors  map[string]*actor
	out     strings.Builder
}

// actor is one handle of a flow.
type actor struct {
	f     *flow
	name  string
	h     *client.Handle
	peer  *media.Peer
	raw   client.Negotiator // in its place; nil: none
	offer *client.JSEP      // of the gateway, unanswered
}

// newFlow attaches to the plugin of the gateway behind c.
func newFlow(t *testing.T, c *client.Client, plugin string) *flow {
	t.Helper()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	return &flow{t: t, plugin: plugin, session: s, actors: map[string]*actor{}}
}

// on returns the handle of that name.
func (f *flow) on(name string) *actor {
	f.t.Helper()
	a := f.actors[name]
	if a == nil {
		h, err := f.session.Attach(f.t.Context(), f.plugin, nil)
		require.NoError(f.t, err)
		a = &actor{f: f, name: name, h: h}
		f.actors[name] = a
	}
	return a
}

func (f *flow) line(format string, args ...any) { fmt.Fprintf(&f.out, format+"\n", args...) }

// ask makes a request and records the answer.
func (a *actor) ask(body string) *actor {
	a.f.t.Helper()
	a.request(body, nil)
	return a
}

// request returns what the gateway describes in its answer.
func (a *actor) request(body string, jsep *client.JSEP) *client.JSEP {
	a.f.t.Helper()
	ctx, cancel := context.WithTimeout(a.f.t.Context(), 30*time.Second)
	defer cancel()
	a.f.line("%s> %s%s", a.name, body, describe(jsep))
	resp, err := a.h.Request(ctx, json.RawMessage(body), jsep)
	var refused *client.PluginError
	var code *client.Error
	switch {
	case errors.As(err, &refused):
		a.f.line("%s< %s", a.name, normal(refused.Raw))
	case errors.As(err, &code):
		a.f.line("%s< core error %d", a.name, code.Code)
	default:
		require.NoError(a.f.t, err, body)
		how := "sync"
		if resp.Async {
			how = "async"
		}
		a.f.line("%s< %s %s%s", a.name, how, normal(resp.Data), describe(resp.JSEP))
	}
	if resp.JSEP != nil && resp.JSEP.Type == "offer" {
		a.offer = resp.JSEP
	}
	return resp.JSEP
}

// sees records the next n events.
func (a *actor) sees(n int) *actor {
	a.f.t.Helper()
	for ; n > 0; n-- {
		a.event()
	}
	return a
}

func (a *actor) event() {
	a.f.t.Helper()
	ctx, cancel := context.WithTimeout(a.f.t.Context(), 30*time.Second)
	defer cancel()
	for {
		ev, err := a.h.Next(ctx)
		if err != nil {
			a.f.t.Fatalf("%s waits for an event: %v; so far:\n%s", a.name, err, a.f.out.String())
		}
		if a.record(ev) {
			return
		}
	}
}

// record writes an event down, unless it is about when media begins to flow.
func (a *actor) record(ev client.Event) bool {
	switch ev := ev.(type) {
	case *client.WebRTCUp:
		a.f.line("%s! webrtcup", a.name)
	case *client.Hangup:
		a.f.line("%s! hangup %s", a.name, ev.Reason)
	case *client.Detached:
		a.f.line("%s! detached", a.name)
	case *client.PluginEvent:
		txn := ""
		if ev.Transaction != "" {
			txn = "(transaction) "
		}
		a.f.line("%s! %s%s%s", a.name, txn, normal(ev.Data), describe(ev.JSEP))
		if ev.JSEP != nil && ev.JSEP.Type == "offer" {
			a.offer = ev.JSEP
		}
	default:
		return false
	}
	return true
}

// quiet records what else was said before the answer to another request.
func (a *actor) quiet() {
	a.f.t.Helper()
	_, err := a.h.Request(a.f.t.Context(), json.RawMessage(`{"request":"list"}`), nil)
	require.NoError(a.f.t, err)
	for {
		ctx, cancel := context.WithCancel(a.f.t.Context())
		cancel()
		ev, err := a.h.Next(ctx)
		if err != nil {
			return
		}
		a.record(ev)
	}
}

// sends makes the next offer one of the kinds, in that order.
func (a *actor) sends(kinds ...media.Kind) *actor {
	a.f.t.Helper()
	a.fresh()
	for _, kind := range kinds {
		name := map[media.Kind]string{media.Audio: clip.Audio, media.Video: clip.Video}[kind]
		list, err := media.File(a.f.t.Context(), &media.FileOptions{Loop: true, FS: clip.FS}, name)
		require.NoError(a.f.t, err)
		a.f.t.Cleanup(func() { _ = list[0].Close() })
		_, err = a.peer.Add(list[0], nil)
		require.NoError(a.f.t, err)
	}
	return a
}

// opens opens a data channel; the first goes with the next offer or answer.
func (a *actor) opens(label string) *actor {
	a.f.t.Helper()
	if a.peer == nil {
		a.fresh()
	}
	_, err := a.peer.OpenData(a.f.t.Context(), label, nil)
	require.NoError(a.f.t, err)
	return a
}

// fresh gives the handle a new peer.
func (a *actor) fresh() {
	a.f.t.Helper()
	if a.peer != nil {
		require.NoError(a.f.t, a.peer.Close())
	}
	p, err := media.NewPeer(a.h, nil)
	require.NoError(a.f.t, err)
	a.f.t.Cleanup(func() { require.NoError(a.f.t, p.Close()) })
	a.peer = p
}

// negotiator is the peer, or what is in its place.
func (a *actor) negotiator() client.Negotiator {
	if a.raw != nil {
		return a.raw
	}
	return a.peer
}

// offers makes a request with an offer of the peer.
func (a *actor) offers(body string) *actor {
	a.f.t.Helper()
	peer := a.negotiator()
	offer, err := peer.Offer(a.f.t.Context(), false)
	require.NoError(a.f.t, err)
	if answer := a.request(body, offer); answer != nil {
		require.NoError(a.f.t, peer.Accept(a.f.t.Context(), answer))
	}
	return a
}

// proposes is offers, but the answer goes nowhere.
func (a *actor) proposes(body string) {
	a.f.t.Helper()
	offer, err := a.negotiator().Offer(a.f.t.Context(), false)
	require.NoError(a.f.t, err)
	a.request(body, offer)
}

// answers starts with an answer to the gateway's offer.
func (a *actor) answers() *actor {
	a.f.t.Helper()
	require.NotNil(a.f.t, a.offer, "the gateway offered nothing")
	if a.peer == nil {
		a.fresh()
	}
	answer, err := a.peer.Answer(a.f.t.Context(), a.offer)
	require.NoError(a.f.t, err)
	a.offer = nil
	a.request(`{"request":"start"}`, answer)
	return a
}

// random is what differs every time.
var random = regexp.MustCompile(`("private_id":|"room":|"id":|Room )\d{6,}|("date":)"[^"]+"|("audio-level-dBov-avg":)[0-9.]+`)

// named are the random names of a client's tracks.
var named = regexp.MustCompile(`msid:\S{16} \S+|msid:raw \S+`)

// normal writes JSON with its keys in order, and hides what is random.
func normal(raw json.RawMessage) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err.Error()
	}
	if m, ok := v.(map[string]any); ok {
		for _, key := range []string{"list", "participants", "publishers", "attendees"} {
			if list, ok := m[key].([]any); ok {
				slices.SortFunc(list, func(a, b any) int { return strings.Compare(hidden(a), hidden(b)) })
			}
		}
	}
	return hidden(v)
}

// hidden writes JSON without what is random.
func hidden(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return random.ReplaceAllString(string(b), "$1$2$3$$random")
}

// describe returns what matters of a description.
func describe(jsep *client.JSEP) string {
	if jsep == nil {
		return ""
	}
	var d sdp.SessionDescription
	if err := d.UnmarshalString(jsep.SDP); err != nil {
		return " " + jsep.Type + " " + err.Error()
	}
	out := "\n    " + jsep.Type
	for _, m := range d.MediaDescriptions {
		mid, _ := m.Attribute("mid")
		out += "\n    m=" + m.MediaName.Media + " mid:" + mid
		if m.MediaName.Port.Value == 0 {
			out += " rejected"
		}
		out += matter(m, jsep.Type)
	}
	return named.ReplaceAllString(out, "msid:$$random")
}

// matter returns what matters of the attributes of an m-line. What DIFFERENCES.md
// lists does not: retransmission formats, names in answers, the direction of data.
func matter(m *sdp.MediaDescription, in string) (out string) {
	for _, a := range m.Attributes {
		switch a.Key {
		case "sendrecv", "sendonly", "recvonly", "inactive":
			if m.MediaName.Media != "application" {
				out = " " + a.Key + out
			}
		case "rtpmap":
			if _, codec, _ := strings.Cut(a.Value, " "); !strings.HasPrefix(codec, "rtx") {
				out += " " + codec
			}
		case "msid":
			if in == "offer" {
				out += " msid:" + a.Value
			}
		case "simulcast":
			out += " simulcast:" + a.Value
		}
	}
	return out
}

// check compares the record with that of the real Janus.
func (f *flow) check(name string, real bool) {
	f.t.Helper()
	file := filepath.Join("testdata", "flows", name+".txt")
	if real && *update {
		require.NoError(f.t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(f.t, os.WriteFile(file, []byte(f.out.String()), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(f.t, err)
	require.Equal(f.t, string(want), f.out.String())
}
