//go:build !js

package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// Two terminals call each other, and each records the other.
func TestJanusCall(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	dir := t.TempDir()
	ann := start(t, "--json", "call", "--as", "ann1", "--answer", "--record", filepath.Join(dir, "ann.webm"), gw.WS())
	ann.until(t, `"registered"`)
	bob := start(t, "call", gw.HTTP(), "ann1", "--as", "bob1", "--in", "clip", "--record", filepath.Join(dir, "bob.webm"), "--for", "2s")
	bob.wait(t, exitOK)
	ann.wait(t, exitOK)
	require.Regexp(t, `(?m)^`+filepath.Join(dir, "bob.webm")+`: ann1, video VP8, \d+ frames, audio opus, \d+ frames, [012]\.\d\d s, `, bob.stdout.String())
	for _, f := range []string{"ann.webm", "bob.webm"} {
		streams, seconds := probe(t, filepath.Join(dir, f))
		require.Less(t, seconds, 3.0)
		require.Greater(t, seconds, 0.5, "from the first keyframe on, one of which comes each second")
		require.InDelta(t, 25*seconds, streams["video"].frames, 5)
		require.InDelta(t, 50*seconds, streams["audio"].frames, 10)
	}
	var events []any
	for _, o := range ann.objects(t) {
		if o["event"] != "stats" && o["event"] != "connected" { // it may come before a track or after it
			events = append(events, o["event"])
		}
	}
	require.Equal(t, []any{"registered", "incoming", "accepted", "track", "recording", "track", "ended", "recorded", "result"}, events)
	require.Equal(t, "bob1", ann.last(t, "result")["name"])
	require.Equal(t, "bob1", ann.last(t, "recorded")["name"])
}

func TestJanusCallRefusals(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	ann := start(t, "call", "--as", "ann2", "--answer", gw.WS())
	ann.until(t, "registered as ann2")
	r := newRun(t, nil)
	r.do(t, t.Context(), exitPlugin, "call", "--as", "ann2", gw.WS(), "x")
	require.Contains(t, r.complaint(t), "(somebody is called ann2 there already: choose another name with --as)")
	r = newRun(t, nil)
	r.do(t, t.Context(), exitPlugin, "call", "--as", "bob2", gw.WS(), "nobody2")
	require.Contains(t, r.complaint(t), "(nobody is registered as nobody2: have them run bifrons call --as nobody2 --answer")
	r = newRun(t, nil)
	r.do(t, t.Context(), exitPlugin, "call", "--as", "bob2", gw.WS(), "bob2")
	require.Contains(t, r.complaint(t), "(that is your own name; bifrons echo sends to yourself)")

	bob := start(t, "call", "--as", "bob2", gw.WS(), "ann2")
	bob.until(t, "connected, ICE")
	r = newRun(t, nil)
	r.do(t, t.Context(), exitFailure, "call", "--as", "cleo2", gw.WS(), "ann2")
	require.Contains(t, r.complaint(t), "(they are in another call: try later)")

	// Ctrl-C is how a call ends, for the other side as well.
	ann.until(t, "connected, ICE")
	bob.stop(t, exitOK)
	ann.wait(t, exitOK)
	require.Contains(t, ann.said(), "the call is over: bob2 hung up")
}

// Nobody answers: one gives up by itself, one by Ctrl-C. One who waits waits on
// when a caller gave up.
func TestJanusCallRings(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	c, err := client.Dial(t.Context(), gw.WS(), nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	dora, err := videocall.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	require.NoError(t, dora.Register(t.Context(), "dora3"))
	cleo := start(t, "call", "--as", "cleo3", "--ring", "300ms", gw.WS(), "dora3")
	cleo.wait(t, exitFailure)
	require.Contains(t, cleo.complaint(t), "dora3 did not answer within 300ms (try later; --ring waits longer)")
	for ev, err := range dora.Events(t.Context()) {
		require.NoError(t, err)
		if _, ok := ev.(*client.Hangup); ok {
			break // the next call does not get lost then
		}
	}
	bob := start(t, "--json", "call", "--as", "bob3", gw.WS(), "dora3")
	bob.until(t, `"ringing"`)
	bob.stop(t, exitInterrupted)
	require.Equal(t, "interrupted", bob.complaint(t))

	waits := start(t, "call", "--as", "ann3", "--answer", gw.WS())
	waits.until(t, "registered")
	waits.stop(t, exitInterrupted)
	require.Equal(t, "interrupted", waits.complaint(t))
}

// Somebody who does not take the call says so.
func TestJanusCallDeclined(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	c, err := client.Dial(t.Context(), gw.WS(), nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	dora, err := videocall.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	require.NoError(t, dora.Register(t.Context(), "dora4"))
	bob := start(t, "call", "--as", "bob4", gw.WS(), "dora4")
	for ev, err := range dora.Events(t.Context()) {
		require.NoError(t, err)
		if _, ok := ev.(*videocall.Incoming); ok {
			break
		}
	}
	require.NoError(t, dora.Decline(t.Context(), "not\x1b now"))
	bob.wait(t, exitFailure)
	// The plugin has its own words for it as well, and either may come first.
	require.Regexp(t, `dora4 did not take the call: (not  now|dora4 hung up) \(try later\)$`, bob.complaint(t))
}

func TestJanusCallDies(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, nil)
	out := filepath.Join(t.TempDir(), "ann.webm")
	ann := start(t, "--json", "call", "--as", "ann", "--answer", "--record", out, gw.WS())
	ann.until(t, `"registered"`)
	bob := start(t, "call", "--as", "bob", gw.WS(), "ann")
	ann.until(t, `"stats"`)
	gw.Kill()
	ann.wait(t, exitConnect)
	bob.wait(t, exitConnect)
	streams, _ := probe(t, out)
	require.Len(t, streams, 2)
}
