//go:build !js

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUsage(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"", "no command: give info, ping, "},
		{"nosuchthing", `unknown command "nosuchthing": give info, ping, `},
		{"inof ws://x", `unknown command "inof"; did you mean info? (bifrons --help)`},
		{"--nosuch info ws://x", "unknown flag --nosuch (bifrons --help)"},
		{"info --jsn ws://x", "unknown flag --jsn; did you mean --json? (bifrons info --help)"},
		{"demo --onec", "unknown flag --onec; did you mean --once? (bifrons demo --help)"},
		{"info -x ws://x", "unknown flag -x (bifrons info --help)"},
		{"info --timeout", "flag --timeout needs a value (bifrons info --help)"},
		{"info --timeout soon ws://x", `invalid value "soon" for --timeout`},
		{"info --timeout 0s ws://x", "--timeout must be more than zero"},
		{"demo --timeout -1s", "--timeout must be more than zero"},
		{"info", "no URL: give one, such as ws://127.0.0.1:8188/, or set BIFRONS_URL (bifrons info --help)"},
		{"info ws://x ws://y", `one URL, please: "ws://y" is a second argument`},
		{"info gateway", `bad URL "gateway": no scheme; write it as ws://host:8188/`},
		{"info ws://", "no host; write it as ws://host:8188/"},
		{"info gopher://x", `no transport for scheme "gopher"; use one of `},
		{"ping --count 0 ws://x", "--count must be 1 or more"},
		{"ping --interval 0s ws://x", "--interval must be more than zero"},
		{"ping --count many ws://x", `invalid value "many" for --count`},
		{"echo --once --duration 3s ws://x", "--once ends with the files and --duration by the clock: give one of them"},
		{"echo --duration -3s ws://x", "--duration must not be negative"},
		{"echo --bitrate=-1 ws://x", "--bitrate must not be negative"},
		{"echo --audio=perhaps ws://x", `invalid value "perhaps" for --audio`},
		{"echo --record-name x ws://x", "--record-name means nothing without --record"},
		{"demo ws://x", `demo takes no arguments, and "ws://x" is one (bifrons demo --help)`},
		{"demo --out=", "--out needs the name of a file"},
		{"help nosuch", "No help topic for 'nosuch' (bifrons --help)"},
	} {
		t.Run(test.args, func(t *testing.T) {
			r := newRun(t, nil)
			r.do(t, t.Context(), exitUsage, strings.Fields(test.args)...)
			require.Contains(t, r.complaint(t), test.want)
			require.Empty(t, r.stdout.String())
			require.Equal(t, 1, strings.Count(r.stderr.String(), "\n"))
		})
	}
}

func TestHelp(t *testing.T) {
	for _, args := range []string{"--help", "help", "help info", "info --help", "ping --help", "echo --help", "demo -h", "--version"} {
		t.Run(args, func(t *testing.T) {
			r := newRun(t, nil)
			r.do(t, t.Context(), exitOK, strings.Fields(args)...)
			require.NotEmpty(t, r.stdout.String())
			require.Empty(t, r.stderr.String())
		})
	}
}

func TestNearest(t *testing.T) {
	known := []string{"info", "ping", "out", "token-file"}
	for name, want := range map[string]string{
		"info": "info", "inof": "info", "ifno": "info", "pig": "ping", "token_file": "token-file",
		"o": "out", "": "", "x": "", "nothing": "", "ö": "",
	} {
		require.Equal(t, want, nearest(name, known), name)
	}
}
