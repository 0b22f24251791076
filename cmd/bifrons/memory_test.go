//go:build !js

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

const (
	memory   = "mem://gateway/"
	echoName = "janus.plugin.echotest"
)

func TestInfo(t *testing.T) {
	gw := janustest.New(t, &janustest.Options{ServerName: "unit\x1b[2J", APISecret: "x"})
	r := newRun(t, gw)
	r.do(t, t.Context(), exitOK, "info", memory)
	require.Regexp(t, `(?m)^plugins +echotest`, r.stdout.String())
	require.Regexp(t, `(?m)^wants +API secret$`, r.stdout.String())
	require.NotContains(t, r.stdout.String(), "\x1b", "the gateway's words do not move the cursor")
	require.Empty(t, r.stderr.String())

	r = newRun(t, gw)
	r.env["BIFRONS_URL"] = memory
	r.do(t, t.Context(), exitOK, "info", "--json")
	require.Len(t, r.objects(t), 1)
	require.Equal(t, "server_info", r.objects(t)[0]["janus"])
}

func TestPing(t *testing.T) {
	r := newRun(t, janustest.New(t, nil))
	r.do(t, t.Context(), exitOK, "--json", "ping", "--count", "3", "--interval", "1ms", "mem://u:CANARY@gateway/?CANARY")
	all := r.objects(t)
	require.Len(t, all, 3)
	require.EqualValues(t, 3, all[2]["seq"])
	require.Equal(t, memory, all[2]["url"])
	require.Contains(t, all[2], "rtt_ms")

	r = newRun(t, janustest.New(t, nil))
	r.do(t, t.Context(), exitOK, "ping", memory)
	require.Regexp(t, `^pong 1 from mem://gateway/ in [0-9.]+ ms\n$`, r.stdout.String())
}

// Nothing of a secret may be seen anywhere, whatever goes wrong.
func TestCredentials(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
		return name
	}
	right, wrong, empty := file("right", "CANARY-right\n"), file("wrong", "CANARY-wrong"), file("empty", " \n")
	token := file("token", "CANARY-token")
	gw := janustest.New(t, &janustest.Options{APISecret: "CANARY-right", Tokens: map[string][]string{"CANARY-token": nil}})
	gw.Handle(echoName, nil) // so that nothing goes on after the right answer
	for _, test := range []struct {
		name string
		args []string
		env  map[string]string
		code int
		want string
	}{
		{"none", nil, nil, exitAuth, "(this gateway wants credentials: give --token-file or --secret-file, or set BIFRONS_TOKEN or BIFRONS_API_SECRET)"},
		{"wrong", []string{"--secret-file", wrong}, nil, exitAuth, "the gateway does not take what --secret-file " + wrong + " has"},
		{"wrong in the environment", nil, map[string]string{"BIFRONS_API_SECRET": "CANARY-env"}, exitAuth, "what BIFRONS_API_SECRET has"},
		{"right", []string{"--secret-file", right}, nil, exitPlugin, "no such plugin"},
		{"right in the environment", nil, map[string]string{"BIFRONS_API_SECRET": "CANARY-right"}, exitPlugin, "no such plugin"},
		{"a flag overrules", []string{"--secret-file", right}, map[string]string{"BIFRONS_API_SECRET": "CANARY-env"}, exitPlugin, "no such plugin"},
		{"right token", []string{"--token-file", token}, nil, exitPlugin, "no such plugin"},
		{"wrong token", nil, map[string]string{"BIFRONS_TOKEN": "CANARY-env"}, exitAuth, "what BIFRONS_TOKEN has"},
		{"missing", []string{"--token-file", filepath.Join(dir, "missing")}, nil, exitFailure, "no such file or directory (name a file that can be read"},
		{"empty", []string{"--token-file", empty}, nil, exitFailure, "is empty (put the secret in it, and nothing else)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRun(t, gw)
			r.env = test.env
			r.do(t, t.Context(), test.code, append([]string{"--trace", "echo", memory}, test.args...)...)
			require.Contains(t, r.complaint(t), test.want)
			require.NotContains(t, r.stdout.String()+r.stderr.String(), "CANARY-")
		})
	}
}

func TestTokenNotForThisPlugin(t *testing.T) {
	gw := janustest.New(t, &janustest.Options{Tokens: map[string][]string{"CANARY": {"janus.plugin.other"}}})
	r := newRun(t, gw)
	r.env["BIFRONS_TOKEN"] = "CANARY"
	r.do(t, t.Context(), exitAuth, "echo", memory)
	require.Contains(t, r.complaint(t), "(use another token, or have this one allowed for the plugin)")
}

func TestMissingPlugin(t *testing.T) {
	gw := janustest.New(t, nil)
	gw.Handle(echoName, nil)
	gw.Handle("janus.plugin.videoroom", janustest.PluginFunc(nil))
	r := newRun(t, gw)
	r.do(t, t.Context(), exitPlugin, "echo", memory)
	require.Contains(t, r.complaint(t), "this gateway has janus.plugin.{videoroom}")
}

func TestPluginRefuses(t *testing.T) {
	gw := janustest.New(t, nil)
	gw.Handle(echoName, janustest.PluginFunc(func(context.Context, *janustest.Message) (*janustest.Answer, error) {
		return nil, &client.PluginError{PluginCode: client.PluginCode{Plugin: echoName, Code: 414}, Reason: "Not\nthis"}
	}))
	r := newRun(t, gw)
	r.do(t, t.Context(), exitPlugin, "echo", memory)
	require.Contains(t, r.complaint(t), "Not; this (error 414)")
}

func TestNoAnswer(t *testing.T) {
	gw := janustest.New(t, nil)
	gw.Silence("ping")
	r := newRun(t, gw)
	r.do(t, t.Context(), exitConnect, "ping", "--timeout", "50ms", memory)
	require.Contains(t, r.complaint(t), "timed out (the gateway took the connection and says nothing")
}

// A recording from before is not lost to a gateway that cannot be reached.
func TestOldRecordingIsKept(t *testing.T) {
	out := filepath.Join(t.TempDir(), "old.webm")
	require.NoError(t, os.WriteFile(out, []byte("precious"), 0o600))
	gw := janustest.New(t, nil)
	gw.Close()
	r := newRun(t, gw)
	r.do(t, t.Context(), exitConnect, "echo", "--out", out, memory)
	b, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, "precious", string(b))
}

// A gateway whose media cannot be reached: the one in memory has none.
func TestNoMedia(t *testing.T) {
	out := filepath.Join(t.TempDir(), "none.webm")
	r := newRun(t, janustest.New(t, nil))
	r.do(t, t.Context(), exitFailure, "echo", "--timeout", "2s", "--out", out, memory)
	require.Contains(t, r.complaint(t), "no media connection within 2s (UDP between here and the gateway is blocked")
	require.NoFileExists(t, out, "an empty recording is of no use")
}

func TestGatewayHangsUp(t *testing.T) {
	gw := janustest.New(t, nil)
	r := newRun(t, gw)
	var pushed sync.WaitGroup
	r.when("attached to mem://", func() {
		// It waits for a peer connection and hangs up; it ends with that, and the
		// test waits for it.
		pushed.Go(func() {
			require.Eventually(t, func() bool {
				for _, q := range gw.Requests() {
					if q.Janus == "message" {
						return gw.Push(q.Session, q.Handle, "hangup", map[string]any{"reason": "Admin API"}, nil) == nil
					}
				}
				return false
			}, 30*time.Second, time.Millisecond)
		})
	})
	r.do(t, t.Context(), exitFailure, "echo", memory)
	pushed.Wait()
	require.Contains(t, r.complaint(t), "the gateway hung up: Admin API")
}

func TestOutCannotBeWritten(t *testing.T) {
	r := newRun(t, janustest.New(t, nil))
	r.do(t, t.Context(), exitFailure, "echo", "--out", t.TempDir(), memory)
	require.Contains(t, r.complaint(t), "is a directory (name a file in a folder you may write to)")
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.ivf")
	require.NoError(t, os.WriteFile(text, []byte(strings.Repeat("text", 100)), 0o600))
	for _, test := range []struct {
		files []string
		want  string
	}{
		{[]string{filepath.Join(dir, "missing, with a comma.ivf")}, "missing, with a comma.ivf"},
		{[]string{text}, "text.ivf"},
		{[]string{dir}, dir},
		{[]string{"../../internal/clip/clip.ivf", "../../internal/clip/clip.ivf"}, "two video tracks"},
	} {
		var args []string
		for _, f := range test.files {
			args = append(args, "--in", f)
		}
		for _, command := range [][]string{{"demo", "--once"}, {"echo", memory}} {
			r := newRun(t, nil)
			r.do(t, t.Context(), exitFailure, append(command, args...)...)
			complaint := r.complaint(t)
			require.Contains(t, complaint, test.want)
			require.Contains(t, complaint, "(", "it names the fix")
			t.Log(complaint)
		}
	}
}
