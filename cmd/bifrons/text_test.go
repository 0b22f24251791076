//go:build !js

package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// textRoom makes a text room nobody else uses.
func textRoom(t *testing.T, url string, req textroom.CreateRequest) string {
	t.Helper()
	c, err := client.Dial(t.Context(), url, nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	h, err := textroom.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	made, err := h.Create(t.Context(), req)
	require.NoError(t, err)
	return made.Room.String()
}

// Two people talk, one of them in private as well, and a third says one thing.
func TestJanusTextJoinAndSend(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	room := textRoom(t, gw.WS(), textroom.CreateRequest{History: 5, Description: "Tea"})
	send := func(code int, args ...string) *run {
		r := newRun(t, nil)
		r.do(t, t.Context(), code, append([]string{"text", "send", "--room", room, "--as", "cleo"}, args...)...)
		return r
	}
	require.Empty(t, send(exitOK, gw.WS(), "before anybody was here").said())

	ann := start(t, "text", "join", "--room", room, "--as", "ann", gw.WS())
	ann.until(t, "cleo: before anybody was here\n")
	ann.until(t, "* here: nobody\n")
	bob := start(t, "--json", "text", "join", "--room", room, "--as", "bob", "--history=false", gw.HTTP())
	bob.until(t, `"joined"`)
	ann.until(t, "* bob is here\n")
	ann.types(t, "", "hello", "/to bob psst", `/to "bob"   twice  `, "//who", "/who")
	bob.until(t, `"text":"/who"`)
	ann.until(t, "* here: ann, bob\n")
	ann.types(t, "/nosuch", "/to bob", "/to nobody psst")
	ann.until(t, "* there is no /nosuch: there are /to NAME TEXT")
	ann.until(t, "* write it as /to NAME TEXT\n")
	ann.until(t, `nobody in room `+room+` is called "nobody"`)
	bob.types(t, "bad \x1b[2J line")
	ann.until(t, "bob: bad  [2J line\n")
	require.NotContains(t, ann.said(), "\x1b")
	require.Contains(t, ann.stdout.String(), "ann: hello\n", "standard input is no terminal, so it is not there yet")

	require.Empty(t, send(exitOK, gw.WS(), "to all").said())
	require.Empty(t, send(exitOK, "--to", "bob", "--to", "ann", gw.WS(), "to you").said())
	ann.until(t, "cleo (to you alone): to you\n")
	r := send(exitFailure, "--to", "bob", "--to", "x", gw.WS(), "to you")
	require.Contains(t, r.complaint(t), `nobody in room `+room+` is called "x" (bifrons text join shows who is there)`)
	r = send(exitOK, "--json", "--to", "bob", gw.WS(), "to you")
	require.Equal(t, "sent", r.objects(t)[0]["event"])

	ann.types(t, "/quit")
	ann.wait(t, exitOK)
	bob.until(t, `{"event":"left","name":"ann"}`)
	bob.stop(t, exitOK)
	var said []string
	for _, m := range bob.events(t, "message") {
		private := ""
		if m["private"] == true {
			private = " privately"
		}
		said = append(said, m["from"].(string)+private+": "+m["text"].(string))
	}
	require.Equal(t, []string{"ann: hello", "ann privately: psst", "ann privately: twice", "ann: /who", "bob: bad \x1b[2J line", "cleo: to all",
		"cleo privately: to you", "cleo privately: to you", "cleo privately: to you"}, said)
	require.Equal(t, []any{"ann"}, bob.last(t, "joined")["people"])
}

// said is all of a run's output.
func (r *run) said() string { return r.stdout.String() + r.stderr.String() }

func TestJanusTextRefusals(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	secured := textRoom(t, gw.WS(), textroom.CreateRequest{PIN: "CANARY-right"})
	wrong := secretFile(t, "CANARY-wrong")
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"join", "--room", "99", gw.WS()}, "(bifrons text list shows the rooms there are, and --room chooses one)"},
		{[]string{"send", "--room", secured, gw.WS(), "x"}, "(give the room's pin with --pin-file or BIFRONS_ROOM_PIN"},
		{[]string{"join", "--room", secured, "--pin-file", wrong, gw.WS()}, "(give the room's pin with --pin-file or BIFRONS_ROOM_PIN"},
		{[]string{"join", "--room", "tea", gw.WS()}, "(an id is a number, or a word where the gateway has string_ids"},
	} {
		r := newRun(t, nil)
		r.do(t, t.Context(), exitPlugin, append([]string{"--trace", "text"}, test.args...)...)
		require.Contains(t, r.complaint(t), test.want)
		require.NotContains(t, r.said(), "CANARY")
	}
	ann := start(t, "text", "join", "--room", secured, "--as", "ann", "--pin-file", secretFile(t, "CANARY-right"), gw.WS())
	ann.until(t, "in room "+secured)
	r := newRun(t, nil)
	r.env["BIFRONS_URL"], r.env["BIFRONS_ROOM_PIN"], r.env["USER"] = gw.WS(), "CANARY-right", "ann"
	r.do(t, t.Context(), exitPlugin, "text", "send", "--room", secured, "x")
	require.Contains(t, r.complaint(t), "(somebody is called ann there already: choose another name with --as)")
	r = newRun(t, nil)
	r.do(t, t.Context(), exitOK, "text", "list", gw.WS())
	require.Regexp(t, `(?m)^`+secured+` .*\(1 people, pin\)$`, r.stdout.String())
	r = newRun(t, nil)
	r.do(t, t.Context(), exitOK, "--json", "text", "list", gw.WS())
	for _, o := range r.objects(t) {
		require.Contains(t, o, "room")
		require.Contains(t, o, "pin_required")
	}
	ann.stop(t, exitOK)
}

// The end of standard input ends a chat on a terminal, and nothing elsewhere; a
// line for nobody is not sent.
func TestJanusTextEnds(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	room := textRoom(t, gw.WS(), textroom.CreateRequest{})
	r := newRun(t, nil)
	r.app.terminal = true
	r.app.stdin = strings.NewReader("hello\n")
	r.do(t, t.Context(), exitOK, "text", "join", "--room", room, "--as", "ann", gw.WS())
	require.NotContains(t, r.stdout.String(), "ann: hello", "it is on the terminal already")

	r = newRun(t, nil)
	r.do(t, t.Context(), exitOK, "text", "join", "--room", room, "--as", "ann", "--for", "300ms", gw.WS())

	r = newRun(t, nil)
	r.app.stdin = strings.NewReader(strings.Repeat("x", longestLine+1))
	r.do(t, t.Context(), exitFailure, "text", "join", "--room", room, "--as", "ann", gw.WS())
	require.Contains(t, r.complaint(t), "a line has more than 65536 bytes (send shorter ones)")

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r = newRun(t, nil)
	r.when("in room "+room, stop)
	r.do(t, ctx, exitInterrupted, "text", "join", "--room", room, "--as", "ann", "--for", "1h", gw.WS())
	require.Equal(t, "interrupted", r.complaint(t))
}

// A gateway that comes back has us in the room again.
func TestJanusTextComesBack(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{Append: demoRooms})
	ann := start(t, "text", "join", "--as", "ann", gw.WS())
	ann.until(t, "in room 1234 as ann")
	require.NoError(t, gw.Restart(t.Context()))
	ann.until(t, "* connected again")
	ann.until(t, "* here: nobody\n* here: nobody\n")
	bob := start(t, "text", "join", "--as", "bob", "--retry", "0", gw.WS())
	bob.until(t, "* here: ann\n")
	ann.types(t, "again")
	bob.until(t, "ann: again\n")
	gw.Kill()
	bob.wait(t, exitConnect)
	require.Contains(t, bob.complaint(t), "(see whether the gateway still runs;")
	ann.until(t, "the connection is lost")
	ann.cancel()
	<-ann.ended
}

// The gateway hangs up: another data channel takes the place of the one there was,
// or, with --retry 0, it is over.
func TestJanusTextHangup(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{Append: demoRooms})
	c, err := admin.Dial(t.Context(), gw.AdminHTTP(), &admin.Options{Secret: gw.AdminSecret()})
	require.NoError(t, err)
	defer c.Close()
	hangup := func() {
		sessions, err := c.ListSessions(t.Context())
		require.NoError(t, err)
		for _, s := range sessions {
			handles, err := c.ListHandles(t.Context(), s)
			require.NoError(t, err)
			for _, h := range handles {
				require.NoError(t, c.HangupWebRTC(t.Context(), s, h))
			}
		}
	}
	ann := start(t, "text", "join", "--as", "ann", gw.WS())
	ann.until(t, "* here: nobody\n")
	hangup()
	ann.until(t, "* here: nobody\n* here: nobody\n")
	ann.types(t, "again")
	ann.until(t, "ann: again\n")
	ann.stop(t, exitOK)
	bob := start(t, "text", "join", "--as", "bob", "--retry", "0", gw.WS())
	bob.until(t, "* here: nobody\n")
	hangup()
	bob.wait(t, exitFailure)
	require.Contains(t, bob.complaint(t), "the gateway hung up")
}

func TestAddressee(t *testing.T) {
	for in, want := range map[string][2]string{
		"bob hello you": {"bob", "hello you"}, `"bob b" hello`: {"bob b", "hello"}, "": {}, "bob": {"bob", ""}, `"bob`: {"bob", ""}, "  bob  x ": {"bob", "x"},
	} {
		name, text := addressee(in)
		require.Equal(t, want, [2]string{name, text}, in)
	}
}
