//go:build !js

package main

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/term"

	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// On a terminal the line that is being typed survives what others say meanwhile,
// one's own words are not there twice, and Ctrl-C leaves.
func TestJanusTextOnTerminal(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	room := textRoom(t, gw.WS(), textroom.CreateRequest{})
	restored := false
	ann := newGoing(t, "text", "join", "--room", room, "--as", "ann", gw.WS())
	screen := ann.news.also(&ann.stdout)
	keys, typing := io.Pipe()
	ann.typing = typing
	ann.app.console = func() *console {
		return &console{
			Terminal: term.NewTerminal(struct {
				io.Reader
				io.Writer
			}{keys, screen}, "> "),
			restore: func() { restored = true },
		}
	}
	ann.begin(t)
	ann.until(t, "* here: nobody")
	press := func(text string) {
		_, err := io.WriteString(typing, text)
		require.NoError(t, err)
	}
	press("hello all\r")
	press("half a li")
	ann.until(t, "> half a li")
	bob := newRun(t, nil)
	bob.do(t, t.Context(), exitOK, "text", "send", "--room", room, "--as", "bob", gw.WS(), "to all")
	ann.until(t, "bob: to all\r\n> half a li")
	require.NotContains(t, ann.stdout.String(), "ann: hello all")
	press("\x03")
	ann.wait(t, exitOK)
	require.True(t, restored)
	require.True(t, strings.HasSuffix(ann.stderr.String(), "\n"))
	require.NotContains(t, ann.stderr.String(), "bob", "all of it was on the terminal")
}
