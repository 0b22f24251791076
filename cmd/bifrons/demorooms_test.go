//go:build !js

package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
)

// What the demo prints for other terminals works as it stands there.
func TestJanusDemoTry(t *testing.T) {
	t.Parallel()
	gateway.Get(t) // skips where there is no Janus; the demo starts its own
	testDemoTry(t, "--janus")
}

// So they do at the gateway that needs no Janus.
func TestEmbeddedDemoTry(t *testing.T) {
	t.Parallel()
	testDemoTry(t)
}

// Where there is a page, the gateway wants tokens, or what the commands begin
// with.
func TestEmbeddedDemoTryBesidePage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), nil, 0o600))
	testDemoTry(t, "--no-open", "--page", dir)
}

// terminal returns a run of a command that the demo printed for other terminals.
func terminal(t *testing.T, env map[string]string, args []string) *going {
	t.Helper()
	g := newGoing(t, args...)
	maps.Copy(g.env, env)
	g.begin(t)
	return g
}

func testDemoTry(t *testing.T, args ...string) {
	dir := t.TempDir()
	demo := start(t, append([]string{"--json", "demo", "--out", filepath.Join(dir, "demo.webm")}, args...)...)
	demo.until(t, `"first_frame"`)
	var commands [][]string
	env := map[string]string{}
	for _, o := range demo.events(t, "try") {
		command := o["command"].(string)
		require.Contains(t, demo.stderr.String(), ": "+command+"\n")
		words := strings.Fields(command)
		if name, value, set := strings.Cut(words[0], "="); set {
			require.Contains(t, args, "--page")
			env[name] = value
			words = words[1:]
		}
		require.Equal(t, "bifrons", words[0])
		for i, w := range words {
			if strings.HasSuffix(w, ".webm") {
				words[i] = filepath.Join(dir, w)
			}
		}
		commands = append(commands, words[1:])
	}
	require.Len(t, commands, 4)
	other := terminal(t, env, append(commands[0][:3:3], "--as", "other"))
	other.until(t, "connected, ICE")
	publish := terminal(t, env, commands[0])
	publish.until(t, "recording other into")
	text := terminal(t, env, commands[1])
	text.until(t, "in room 1234 as ann")
	answer := terminal(t, env, commands[2])
	answer.until(t, "registered as ann")
	call := terminal(t, env, commands[3])
	call.until(t, "recording ann into")
	call.until(t, "kbit/s")
	for _, g := range []*going{call, text, publish, other, demo} {
		g.stop(t, exitOK)
	}
	answer.wait(t, exitOK)
	for _, name := range []string{"out.webm", "call.webm"} {
		streams, _ := probe(t, filepath.Join(dir, name))
		require.Len(t, streams, 2, name)
	}
}

// The commands are found from another folder, and typed by a shell as one word.
func TestDemoProgram(t *testing.T) {
	here, err := os.Getwd()
	require.NoError(t, err)
	for program, want := range map[string]string{
		"bifrons":     "bifrons",
		"bin/bifrons": filepath.Join(here, "bin", "bifrons"),
		"my bifrons":  "'my bifrons'",
	} {
		require.Equal(t, filepath.ToSlash(want), filepath.ToSlash(typable(program)))
	}
}

// Without a word about gateways the demo needs no Janus, and says what it has.
func TestDemoEmbedded(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // there is no Janus
	out := filepath.Join(t.TempDir(), "demo.webm")
	r := newRun(t, nil)
	r.do(t, t.Context(), exitOK, "--json", "demo", "--once", "--out", out)
	first := r.objects(t)[0]
	require.Equal(t, "gateway", first["event"])
	require.Equal(t, true, first["embedded"])
	require.Contains(t, r.stderr.String(), "embedded gateway (a test double, loopback only) on ws://127.0.0.1:")
	require.GreaterOrEqual(t, inspect(t, out).Track(media.Video).Frames, 95)

	r = newRun(t, nil)
	r.do(t, t.Context(), exitUsage, "demo", "--janus", "--gateway", "ws://127.0.0.1:9/")
	require.Contains(t, r.complaint(t), "give one of them")
}
