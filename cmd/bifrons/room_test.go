//go:build !js

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
)

// secretFile returns a file with a secret in it.
func secretFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(name, []byte(text+"\n"), 0o600))
	return name
}

func TestJanusRoomCreateListDestroy(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	pin, secret := secretFile(t, "CANARY-pin"), secretFile(t, "CANARY-secret")
	const id = "4711"

	r := newRun(t, nil)
	r.do(t, t.Context(), exitOK, "--trace", "room", "create", "--room", id, "--description", "Tea\x1b[2J room", "--publishers", "2", "--bitrate", "256000",
		"--video-codec", "vp8,vp9", "--pin-file", pin, "--room-secret-file", secret, gw.WS())
	require.Equal(t, "room 4711 created\n", r.stdout.String())
	require.NotContains(t, r.stderr.String(), "CANARY")

	r = newRun(t, nil)
	r.do(t, t.Context(), exitPlugin, "room", "create", "--room", id, gw.WS())
	require.Contains(t, r.complaint(t), "(choose another --room, or leave it out and the gateway chooses)")

	watcher := start(t, "room", "join", "--as", "ann", "--room", id, "--pin-file", pin, gw.WS())
	watcher.until(t, "in room 4711 as ann")

	r = newRun(t, nil)
	r.do(t, t.Context(), exitOK, "room", "list", "-v", gw.WS())
	require.Regexp(t, `(?m)^4711 +Tea \[2J room \(1 people, 2 may send, opus, vp8,vp9, 256 kbit/s, pin\)$`, r.stdout.String())
	require.Regexp(t, `(?m)^  \d+ +ann listens$`, r.stdout.String())

	r = newRun(t, nil)
	r.do(t, t.Context(), exitOK, "--json", "room", "list", "--verbose", gw.HTTP())
	for _, row := range r.objects(t) {
		if row["room"] == 4711.0 {
			require.Equal(t, true, row["pin_required"])
			require.Equal(t, 256000.0, row["bitrate"])
			require.Equal(t, 2.0, row["max_publishers"])
			require.Equal(t, "ann", row["people"].([]any)[0].(map[string]any)["name"])
		}
	}

	// Janus 1.1.2 can die of somebody who leaves while a room is destroyed.
	watcher.stop(t, exitOK)
	for _, flags := range [][]string{nil, {"--room-secret-file", pin}} {
		r = newRun(t, nil)
		r.do(t, t.Context(), exitPlugin, append([]string{"room", "destroy", "--room", id, gw.WS()}, flags...)...)
		require.Contains(t, r.complaint(t), "(give the room's secret with --room-secret-file or BIFRONS_ROOM_SECRET)")
	}
	r = newRun(t, nil)
	r.env["BIFRONS_ROOM_SECRET"] = "CANARY-secret"
	r.do(t, t.Context(), exitOK, "--json", "room", "destroy", "--room", id, gw.WS())
	require.Equal(t, map[string]any{"event": "destroyed", "room": 4711.0, "permanent": false}, r.objects(t)[0])

	r = newRun(t, nil)
	r.do(t, t.Context(), exitPlugin, "room", "destroy", "--room", id, gw.WS())
	require.Contains(t, r.complaint(t), "(bifrons room list shows the rooms there are)")
}

// The gateway chooses an id, and there may be no room at all.
func TestJanusRoomListEmpty(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, nil)
	r := newRun(t, nil)
	r.do(t, t.Context(), exitOK, "room", "list", gw.WS())
	require.Empty(t, r.stdout.String())
	require.Equal(t, "there are no rooms (bifrons room create makes one)\n", r.stderr.String())

	r = newRun(t, nil)
	r.do(t, t.Context(), exitOK, "--json", "room", "create", gw.WS())
	require.NotZero(t, r.objects(t)[0]["room"])
}

func TestJanusRoomAdminKey(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{StringIDs: true, Append: map[string]string{
		// The group general is there already: it is that of another file.
		"janus.plugin.videoroom.jcfg": `room-tea: { description = "one", is_private = true }`,
	}})
	r := newRun(t, nil)
	r.do(t, t.Context(), exitPlugin, "room", "create", "--room", "12", gw.WS())
	require.Contains(t, r.complaint(t), `one like "1234" with its quotes)`)
	r = newRun(t, nil)
	r.do(t, t.Context(), exitOK, "--json", "room", "create", "--room", `"12"`, gw.WS())
	require.Equal(t, "12", r.objects(t)[0]["room"])
	r = newRun(t, nil)
	r.do(t, t.Context(), exitOK, "room", "list", gw.WS())
	require.Regexp(t, `^12 +`, r.stdout.String())
}

func TestJanusRoomRefusals(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	secured := makeRoom(t, gw.WS(), "--pin-file", secretFile(t, "CANARY-right"))
	full := makeRoom(t, gw.WS(), "--publishers", "1")
	h264 := makeRoom(t, gw.WS(), "--video-codec", "h264")
	wrong := secretFile(t, "CANARY-wrong")
	for _, test := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no such room", []string{"join", "--room", "99"}, exitPlugin, "(bifrons room list shows the rooms there are; bifrons room create --room 99 makes this one)"},
		{"a word", []string{"join", "--room", "tea"}, exitPlugin, "(an id is a number, or a word where the gateway has string_ids"},
		{"no pin", []string{"publish", "--room", secured}, exitPlugin, "(give the room's pin with --pin-file or BIFRONS_ROOM_PIN"},
		{"wrong pin", []string{"record", "--room", secured, "--pin-file", wrong}, exitPlugin, "(give the room's pin with --pin-file or BIFRONS_ROOM_PIN"},
		{"other codec", []string{"publish", "--room", h264, "--record", filepath.Join(t.TempDir(), "x.webm")}, exitFailure, "video codec VP8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRun(t, nil)
			r.do(t, t.Context(), test.code, append([]string{"--trace", "room"}, append(test.args, gw.WS())...)...)
			require.Contains(t, r.complaint(t), test.want)
			require.NotContains(t, r.stdout.String()+r.stderr.String(), "CANARY")
		})
	}
	first := start(t, "room", "publish", "--room", full, gw.WS())
	first.until(t, "connected, ICE")
	r := newRun(t, nil)
	r.do(t, t.Context(), exitPlugin, "room", "publish", "--room", full, gw.WS())
	require.Contains(t, r.complaint(t), "(wait until somebody stops sending, or make a room with more --publishers")
	first.stop(t, exitOK)
}

func TestJanusNoPlugin(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{DisablePlugins: []string{"videoroom", "textroom", "videocall"}})
	for _, args := range [][]string{
		{"room", "list", gw.WS()}, {"room", "publish", gw.WS()}, {"text", "join", gw.WS()}, {"text", "send", gw.WS(), "x"}, {"call", gw.WS(), "bob"},
	} {
		r := newRun(t, nil)
		r.do(t, t.Context(), exitPlugin, args...)
		require.Contains(t, r.complaint(t), "this gateway has janus.plugin.{")
	}
}
