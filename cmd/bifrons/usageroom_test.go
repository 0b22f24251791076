//go:build !js

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUsageOfRooms(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"room", "no command: give list, create, destroy, join, publish or record (bifrons room --help)"},
		{"room lits", `unknown command "lits"; did you mean list? (bifrons room --help)`},
		{"room list", "no URL: give one, such as ws://127.0.0.1:8188/, or set BIFRONS_URL (bifrons room list --help)"},
		{"room destroy ws://x", "--room needs the id of a room: bifrons room list shows those there are (bifrons room destroy --help)"},
		{"room create --publishers 0 ws://x", "--publishers must be 1 or more"},
		{"room create --record-dir /x ws://x", "--record-dir means nothing without --record"},
		{"room join --for -1s ws://x", "--for must not be negative (bifrons room join --help)"},
		{"room join --retry -1s ws://x", "--retry must not be negative"},
		{"room join --room= ws://x", "--room needs the id of a room"},
		{`room join --room "" ws://x`, "--room needs the id of a room"},
		{"room publish --loop=false --for 3s ws://x", "--loop=false ends with the files and --for by the clock: give one of them"},
		{"room publish --record= ws://x", "--record needs the name of a file"},
		{"room publish --pinfile x ws://x", "unknown flag --pinfile; did you mean --pin-file? (bifrons room publish --help)"},
		{"text", "no command: give list, join or send (bifrons text --help)"},
		{"text send", "no TEXT: it comes after the URL (bifrons text send --help)"},
		{"text send hello", `a URL and TEXT, please: there is only "hello", and BIFRONS_URL is not set`},
		{"text send ws://x hello you", `a URL and TEXT, please: "you" is a third argument`},
		{"text join ws://x ws://y", `one URL, please: "ws://y" is a second argument`},
		{"call", "no NAME: it comes after the URL (bifrons call --help)"},
		{"call bob", `a URL and NAME, please: there is only "bob", and BIFRONS_URL is not set`},
		{"call --answer", "no URL: give one"},
		{"call --answer ws://x bob", `one URL, please: "bob" is a second argument`},
		{"call --answer --ring 3s ws://x", "--ring is for those who call, and --answer waits: give one of them"},
		{"call --ring 0s ws://x bob", "--ring must be more than zero"},
		{"call --for -1s ws://x bob", "--for must not be negative"},
		{"call --record= ws://x bob", "--record needs the name of a file"},
	} {
		t.Run(test.args, func(t *testing.T) {
			r := newRun(t, nil)
			r.do(t, t.Context(), exitUsage, strings.Fields(test.args)...)
			require.Contains(t, r.complaint(t), test.want)
			require.Empty(t, r.stdout.String())
		})
	}
}

// Help names every flag's secret by file and variable, and none by value.
func TestHelpOfRooms(t *testing.T) {
	for _, args := range []string{
		"room --help", "room list --help", "room create --help", "room destroy --help", "room join --help", "room publish --help", "room record --help",
		"text --help", "text list --help", "text join --help", "text send --help", "call --help",
	} {
		t.Run(args, func(t *testing.T) {
			r := newRun(t, nil)
			r.do(t, t.Context(), exitOK, strings.Fields(args)...)
			help := r.stdout.String()
			require.NotContains(t, help, "--pin ")
			require.NotContains(t, help, "--secret ")
			require.Empty(t, r.stderr.String())
			for line := range strings.Lines(help) {
				if !strings.Contains(line, "--") { // prose; flags are laid out by the parser
					require.LessOrEqual(t, len(line), 95, line)
				}
			}
		})
	}
}
