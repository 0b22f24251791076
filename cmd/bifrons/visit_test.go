//go:build !js

package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// Two people send and record each other, one records everybody, one watches: each
// gets all of the clip, whoever came when.
func TestJanusRoomPublishRecordJoin(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	room := makeRoom(t, gw.WS(), "--notify-joining", "--talking")
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	watcher := start(t, "--json", "room", "join", "--room", room, "--as", "wim", gw.HTTP())
	watcher.until(t, `"joined"`)
	recorder := start(t, "room", "record", "--room", room, "--as", "rec", "--out", in("all.webm"), gw.WS())
	recorder.until(t, "in room "+room)
	ann := start(t, "--json", "room", "publish", "--room", room, "--as", "ann", "--in", "clip", "--record", in("ann.webm"), gw.WS())
	recorder.until(t, "recording ann into "+in("all-"))
	bob := start(t, "room", "publish", "--room", room, "--as", "bob", "--loop=false", "--record", in("bob.webm"), gw.WS())
	bob.until(t, "recording ann into "+in("bob.webm"))
	ann.until(t, `"recording"`)
	bob.wait(t, exitOK)
	require.Contains(t, bob.stdout.String(), in("bob.webm")+": ann, video VP8, ")
	ann.until(t, `"recorded"`)
	recorder.until(t, ": bob, video VP8, ")
	ann.stop(t, exitOK)
	recorder.until(t, ": ann, video VP8, ")
	recorder.stop(t, exitOK)
	watcher.until(t, `"event":"left","at_s":`)
	watcher.stop(t, exitOK)

	streams, seconds := probe(t, in("ann.webm"))
	require.Equal(t, "vp8", streams["video"].codec)
	require.Equal(t, "opus", streams["audio"].codec)
	require.Less(t, seconds, clipLength.Seconds()+0.3, "bob sent the clip once")
	require.Greater(t, seconds, clipLength.Seconds()-1.5, "all of it, from the keyframe on that came first")
	require.InDelta(t, 25*seconds, streams["video"].frames, 5)
	require.InDelta(t, 50*seconds, streams["audio"].frames, 10)
	files, err := filepath.Glob(in("*.webm"))
	require.NoError(t, err)
	require.Len(t, files, 4, "%v", files)
	for _, f := range files {
		streams, _ := probe(t, f)
		require.Equal(t, 320, streams["video"].width)
		require.Greater(t, streams["video"].frames, 40, f)
		require.Greater(t, streams["audio"].frames, 80, f)
	}

	require.Equal(t, map[string]any{"event": "result", "ok": true, "interrupted": true, "room": ann.last(t, "joined")["room"],
		"files": 1.0, "recorded_bytes": ann.last(t, "recorded")["bytes"]}, ann.last(t, "result"))
	recorded := ann.last(t, "recorded")
	require.Equal(t, "bob", recorded["name"])
	require.Equal(t, in("ann.webm"), recorded["file"])
	require.Equal(t, "VP8", recorded["video"].(map[string]any)["codec"])
	require.Len(t, ann.events(t, "connected"), 1)
	require.Len(t, watcher.events(t, "came"), 3)
	require.Len(t, watcher.events(t, "sends"), 2)
	sends := watcher.last(t, "sends")
	require.Equal(t, "bob", sends["name"])
	require.Len(t, sends["streams"], 2)
	require.Empty(t, watcher.events(t, "stats"))
	for _, o := range watcher.objects(t)[:watcherEvents(watcher.objects(t))] {
		require.Contains(t, o, "at_s")
	}
}

// watcherEvents is how many objects are events, which the result is not.
func watcherEvents(all []map[string]any) int { return len(all) - 1 }

// Ctrl-C in the middle finishes the recording, also that of the one feed that was
// asked for.
func TestJanusRoomInterrupted(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	room := makeRoom(t, gw.WS())
	dir := t.TempDir()
	ann := start(t, "--json", "room", "publish", "--room", room, "--as", "ann", gw.WS())
	ann.until(t, `"connected"`)
	id := client.NumID(uint64(ann.last(t, "joined")["id"].(float64)))
	bob := start(t, "room", "publish", "--room", room, "--as", "bob", gw.WS())
	bob.until(t, "connected, ICE")
	out := filepath.Join(dir, "one.webm")
	one := start(t, "room", "record", "--room", room, "--feed", id.String(), "--out", out, "--for", "1h", gw.WS())
	one.until(t, "recording ann into "+out)
	many := start(t, "--json", "room", "record", "--room", room, "--out", filepath.Join(dir, "many.webm"), gw.WS())
	many.until(t, `"name":"ann","file":`)
	many.until(t, `"name":"bob","file":`)
	many.until(t, `"stats"`) // five seconds of it
	one.stop(t, exitInterrupted)
	require.Equal(t, "interrupted", one.complaint(t), "--for was cut short")
	require.NotContains(t, one.said(), "recording bob")
	many.stop(t, exitOK)
	require.Greater(t, many.last(t, "stats")["received_bps"], 10_000.0)
	ann.stop(t, exitOK)
	bob.stop(t, exitOK)
	require.Len(t, many.events(t, "recorded"), 2)
	for _, o := range many.events(t, "recorded") {
		streams, seconds := probe(t, o["file"].(string))
		require.Greater(t, seconds, 2.0)
		require.InDelta(t, o["video"].(map[string]any)["frames"], streams["video"].frames, 1)
		require.InDelta(t, o["seconds"], seconds, 0.1)
	}
	streams, _ := probe(t, out)
	require.Len(t, streams, 2)
}

// Nobody sends: there is nothing to record, and no empty file.
func TestJanusRoomNobody(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	room := makeRoom(t, gw.WS())
	out := filepath.Join(t.TempDir(), "out.webm")
	require.NoError(t, os.WriteFile(out, []byte("precious"), 0o600))
	r := newRun(t, nil)
	r.do(t, t.Context(), exitOK, "room", "publish", "--room", room, "--for", "300ms", "--record", out, gw.WS())
	require.Contains(t, r.stderr.String(), "nothing was recorded: nobody else sent anything\n")
	b, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, "precious", string(b))
}

// A file that cannot be written ends it, and says why; where that can be known
// before, before anything is dialed.
func TestJanusRoomCannotRecord(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	room := makeRoom(t, gw.WS())
	ann := start(t, "--json", "room", "publish", "--room", room, gw.WS())
	ann.until(t, `"connected"`)
	id := client.NumID(uint64(ann.last(t, "joined")["id"].(float64)))
	dir := t.TempDir()
	r := newRun(t, nil)
	r.do(t, t.Context(), exitFailure, "room", "record", "--room", room, "--feed", id.String(), "--out", dir, gw.WS())
	require.Contains(t, r.complaint(t), "is a directory (name a file in a folder you may write to)")
	if runtime.GOOS == "linux" {
		r = newRun(t, nil)
		r.do(t, t.Context(), exitFailure, "room", "record", "--room", room, "--feed", id.String(), "--out", "/dev/full", gw.WS())
		require.Contains(t, r.complaint(t), "/dev/full: no space left on device")
	}
	ann.stop(t, exitOK)

	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, args := range [][]string{
		{"room", "record", "--out", filepath.Join(dir, "missing", "x.webm"), "ws://127.0.0.1:9/"},
		{"room", "publish", "--record", filepath.Join(file, "x.webm"), "ws://127.0.0.1:9/"},
		{"call", "--record", filepath.Join(dir, "missing", "x.webm"), "ws://127.0.0.1:9/", "bob"},
	} {
		r = newRun(t, nil)
		r.do(t, t.Context(), exitFailure, args...)
		require.Contains(t, r.complaint(t), "(name a file in a folder that is there)")
	}
}

// A gateway that freezes is noticed; and whoever does not want to wait for that is
// gone in some seconds. Both have what was recorded.
func TestJanusRoomFreezes(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{SessionTimeout: 9 * time.Second, Append: demoRooms})
	ann := start(t, "room", "publish", "--retry", "0", "--timeout", "1s", gw.WS())
	ann.until(t, "connected, ICE")
	dir := t.TempDir()
	var recorders []*going
	for _, name := range []string{"patient.webm", "hasty.webm"} {
		rec := start(t, "--json", "room", "record", "--retry", "0", "--timeout", "1s", "--out", filepath.Join(dir, name), gw.WS())
		rec.until(t, `"stats"`) // after five seconds
		recorders = append(recorders, rec)
	}
	require.NoError(t, gw.Pause())
	began := time.Now()
	recorders[1].stop(t, exitOK)
	require.Less(t, time.Since(began), 20*time.Second)
	recorders[0].wait(t, exitConnect)
	ann.wait(t, exitConnect)
	require.NoError(t, gw.Resume())
	for _, rec := range recorders {
		streams, seconds := probe(t, rec.last(t, "recorded")["file"].(string))
		require.Len(t, streams, 2)
		require.Greater(t, seconds, 0.5)
	}
}

// guest is somebody in a room by the library: what the command cannot do.
func guest(t *testing.T, url, room string, sources ...media.Source) (*videoroom.Room, *media.Peer) {
	t.Helper()
	c, err := client.Dial(t.Context(), url, nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	r, err := videoroom.Join(t.Context(), s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: client.ParseID(room), Display: "guest"}})
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.Leave(context.Background()) })
	var peer *media.Peer
	_, err = r.Publish(t.Context(), videoroom.PublishRequest{}, func(h *client.Handle) (client.Negotiator, error) {
		var err error
		peer, err = media.NewPeer(h, nil)
		for _, s := range sources {
			_, err := peer.Add(s, nil)
			require.NoError(t, err)
		}
		return peer, err
	})
	require.NoError(t, err)
	return r, peer
}

// Somebody begins with sound and turns the picture on later: that is another file,
// which has both.
func TestJanusRecordPictureLater(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	room := makeRoom(t, gw.WS())
	sources, err := openFiles(t.Context(), nil, true)
	require.NoError(t, err)
	defer closeAll(sources)
	base := filepath.Join(t.TempDir(), "out.webm")
	rec := start(t, "--json", "room", "record", "--room", room, "--out", base, gw.WS())
	rec.until(t, `"joined"`)
	r, peer := guest(t, gw.WS(), room, sources[1])
	rec.until(t, `"recording"`)
	_, err = peer.Add(sources[0], nil)
	require.NoError(t, err)
	_, err = r.Renegotiate(t.Context())
	require.NoError(t, err)
	rec.until(t, `"recorded"`)
	rec.until(t, "-2.webm")
	rec.until(t, `"stats"`) // after five seconds: there is something in it
	require.NoError(t, r.Leave(t.Context()))
	rec.until(t, `-2.webm","seconds"`)
	rec.stop(t, exitOK)
	all := rec.events(t, "recorded")
	require.Len(t, all, 2)
	first, _ := probe(t, all[0]["file"].(string))
	require.Len(t, first, 1)
	second, _ := probe(t, all[1]["file"].(string))
	require.Len(t, second, 2)
}

// What a WebM cannot hold is said, and is no success.
func TestJanusRecordOtherCodec(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	room := makeRoom(t, gw.WS(), "--video-codec", "h264")
	sources, err := openFiles(t.Context(), nil, true)
	require.NoError(t, err)
	defer closeAll(sources)
	h264, err := media.NewSampleSource(media.Codec{MIME: media.H264})
	require.NoError(t, err)
	defer h264.Close()
	rec := start(t, "--json", "room", "record", "--room", room, "--out", filepath.Join(t.TempDir(), "out.webm"), gw.WS())
	rec.until(t, `"joined"`)
	r, _ := guest(t, gw.WS(), room, sources[1], h264)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan struct{})
	// It ends with ctx, and the test waits for it.
	go func() {
		defer close(done)
		picture := append([]byte{0, 0, 0, 1, 0x65}, make([]byte, 100)...)
		ticker := time.NewTicker(40 * time.Millisecond)
		defer ticker.Stop()
		for h264.Write(ctx, media.Sample{Data: picture, Keyframe: true}) == nil {
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	rec.until(t, `"not_recorded"`)
	rec.until(t, `"stats"`) // after five seconds: there is sound
	cancel()
	<-done
	require.NoError(t, r.Leave(t.Context()))
	rec.until(t, `"recorded"`)
	rec.stop(t, exitFailure)
	require.Contains(t, rec.complaint(t), "not everything was recorded")
	require.Contains(t, rec.stderr.String(), "video in H264 is not recorded: a WebM holds VP8, VP9 and Opus")
	require.Equal(t, false, rec.last(t, "result")["ok"])
	require.Nil(t, rec.last(t, "recorded")["video"])
}

// A gateway that dies: the recording is kept, and the exit code says so.
func TestJanusRoomDies(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{Append: demoRooms})
	out := filepath.Join(t.TempDir(), "out.webm")
	ann := start(t, "room", "publish", "--as", "ann", "--retry", "0", gw.WS())
	ann.until(t, "connected, ICE")
	bob := start(t, "--json", "room", "publish", "--as", "bob", "--retry", "0", "--record", out, gw.WS())
	bob.until(t, `"stats"`)
	gw.Kill()
	bob.wait(t, exitConnect)
	ann.wait(t, exitConnect)
	require.Contains(t, ann.complaint(t), "(see whether the gateway still runs;")
	streams, _ := probe(t, out)
	require.Len(t, streams, 2)
	require.Equal(t, out, bob.last(t, "recorded")["file"])
}

// One that comes back finds us where we were.
func TestJanusRoomComesBack(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{Append: demoRooms})
	ann := start(t, "room", "publish", "--as", "ann", gw.WS())
	ann.until(t, "connected, ICE")
	rec := start(t, "--json", "room", "record", "--out", filepath.Join(t.TempDir(), "out.webm"), gw.WS())
	rec.until(t, `"stats"`)
	require.NoError(t, gw.Restart(t.Context()))
	ann.until(t, "the connection is lost, trying again for 30s")
	ann.until(t, "connected again")
	rec.until(t, "connected again")
	watcher := start(t, "room", "join", gw.WS())
	watcher.until(t, "ann sends audio opus, video vp8")
	rec.until(t, `"files":1,`)
	ann.stop(t, exitOK)
	rec.until(t, `"recorded"`)
	rec.stop(t, exitOK)
	watcher.stop(t, exitOK)
	for _, o := range rec.events(t, "recorded") {
		streams, _ := probe(t, o["file"].(string))
		require.Len(t, streams, 2)
	}
}
