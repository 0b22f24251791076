//go:build !js

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/media"
)

func TestJanusInfoAndPing(t *testing.T) {
	gw := gateway.Get(t)
	for _, url := range []string{gw.WS(), gw.HTTP(), gw.Unix()} {
		r := newRun(t, nil)
		r.do(t, t.Context(), exitOK, "info", url)
		require.Regexp(t, `(?m)^name +`+gw.Name()+`$`, r.stdout.String())
		require.Contains(t, r.stdout.String(), "echotest 0.0.7")

		r = newRun(t, nil)
		r.do(t, t.Context(), exitOK, "info", "--json", url)
		require.Equal(t, gw.Name(), r.objects(t)[0]["server-name"])

		r = newRun(t, nil)
		r.do(t, t.Context(), exitOK, "ping", "--count", "2", "--interval", "10ms", url)
		require.Len(t, strings.Split(strings.TrimSpace(r.stdout.String()), "\n"), 2)
	}
}

// What make demo ARGS="--once --janus" does.
func TestJanusDemoOnce(t *testing.T) {
	t.Parallel()
	gateway.Get(t) // skips where there is no Janus; the demo starts its own
	out := filepath.Join(t.TempDir(), "demo.webm")
	r := newRun(t, nil)
	r.do(t, t.Context(), exitOK, "--json", "demo", "--janus", "--once", "--out", out)
	all := r.objects(t)
	var events []any
	for _, o := range all {
		if o["event"] != "stats" {
			events = append(events, o["event"])
		}
	}
	require.Equal(t, []any{"gateway", "attached", "connected", "track", "track", "first_frame", "result"}, events)
	result := all[len(all)-1]
	require.Equal(t, true, result["ok"])
	require.Equal(t, out, result["file"])
	require.Len(t, result["tracks"], 2)
	require.Contains(t, r.stderr.String(), "play it with ffplay "+out)

	found := inspect(t, out)
	for _, k := range []media.Kind{media.Audio, media.Video} {
		require.InDelta(t, clipLength.Seconds(), found.Track(k).Duration.Seconds(), 0.4, k)
	}
	require.Equal(t, 100, found.Track(media.Video).Frames)
	require.NoFileExists(t, "demo.webm")
}

func inspect(t *testing.T, name string) *media.Inspection {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	found, err := media.Inspect(t.Context(), f)
	require.NoError(t, err)
	return found
}

// Files instead of the clip, a gateway that runs already, no recording, one
// track muted there.
func TestJanusEchoOnce(t *testing.T) {
	t.Parallel()
	gw := gateway.Get(t)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, clip.FS))
	r := newRun(t, nil)
	r.do(t, t.Context(), exitOK, "echo", "--once", "--audio=false", "--bitrate", "300000",
		"--in", filepath.Join(dir, clip.Audio), "--in", filepath.Join(dir, clip.Video), gw.WS())
	require.Regexp(t, `(?m)^check: video: ok, [34]\.\d\d s of 4\.\d\d s and \d+ frames of 100$`, r.stdout.String())
	require.NotContains(t, r.stdout.String(), "audio")
}

func TestJanusEchoDuration(t *testing.T) {
	gw := gateway.Get(t)
	for _, url := range []string{gw.WS(), gw.HTTP(), gw.Unix()} {
		out := filepath.Join(t.TempDir(), "echo.webm")
		r := newRun(t, nil)
		r.do(t, t.Context(), exitOK, "echo", "--duration", "500ms", "--out", out, url)
		require.InDelta(t, 0.5, inspect(t, out).Track(media.Audio).Duration.Seconds(), 0.25, url)
	}
}

func TestJanusRecordAtTheGateway(t *testing.T) {
	gw := gateway.Get(t)
	name := filepath.Join(t.TempDir(), "there")
	r := newRun(t, nil)
	r.do(t, t.Context(), exitOK, "echo", "--duration", "300ms", "--record", "--record-name", name, gw.WS())
	for _, kind := range []string{"audio", "video"} {
		require.FileExists(t, name+"-"+kind+".mjr")
	}
}

// The plugin takes no VP8 when it is told to take H.264 alone.
func TestJanusRefusedCodec(t *testing.T) {
	gw := gateway.Get(t)
	r := newRun(t, nil)
	r.do(t, t.Context(), exitFailure, "echo", "--once", "--video-codec", "h264", gw.WS())
	complaint := r.complaint(t)
	require.Contains(t, complaint, "video codec VP8")
	require.Contains(t, complaint, "refused")
	t.Log(complaint)
}

func TestJanusMissingPlugin(t *testing.T) {
	gw := janustesting.New(t, &janusproc.Options{DisablePlugins: []string{"echotest"}})
	r := newRun(t, nil)
	r.do(t, t.Context(), exitPlugin, "demo", "--once", "--gateway", gw.WS(), "--out", filepath.Join(t.TempDir(), "x.webm"))
	require.Contains(t, r.complaint(t), "videoroom")
}

func TestJanusWrongSecret(t *testing.T) {
	gw := janustesting.New(t, &janusproc.Options{APISecret: "right"})
	r := newRun(t, nil)
	r.env["BIFRONS_API_SECRET"] = "wrong"
	r.do(t, t.Context(), exitAuth, "echo", gw.WS())
	require.Contains(t, r.complaint(t), "the gateway does not take what BIFRONS_API_SECRET has")

	r = newRun(t, nil)
	r.env["BIFRONS_API_SECRET"] = "right"
	r.do(t, t.Context(), exitOK, "echo", "--duration", "100ms", gw.WS())
}

func TestJanusDeadServer(t *testing.T) {
	gw := janustesting.New(t, nil)
	gw.Kill()
	r := newRun(t, nil)
	r.do(t, t.Context(), exitConnect, "ping", gw.WS())
	require.Contains(t, r.complaint(t), "connection refused (is Janus running")
}

// A gateway that dies in the middle leaves a recording that can be read.
func TestJanusDiesMeanwhile(t *testing.T) {
	gw := janustesting.New(t, nil)
	out := filepath.Join(t.TempDir(), "echo.webm")
	r := newRun(t, nil)
	r.when("first frame is back", gw.Kill)
	r.do(t, t.Context(), exitConnect, "echo", "--out", out, gw.WS())
	require.Contains(t, r.complaint(t), "connection lost")
	require.Contains(t, r.complaint(t), "(see whether the gateway still runs;")
	t.Log(r.complaint(t))
	require.Contains(t, r.stderr.String(), "what came back until then is in "+out)
	require.NotNil(t, inspect(t, out).Track(media.Video))
}

// So is one that freezes; keepalives find out.
func TestJanusFreezesMeanwhile(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{SessionTimeout: time.Second})
	out := filepath.Join(t.TempDir(), "echo.webm")
	r := newRun(t, nil)
	r.when("first frame is back", func() { require.NoError(t, gw.Pause()) })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r.do(t, ctx, exitConnect, "echo", "--timeout", "1s", "--out", out, gw.WS())
	require.NoError(t, gw.Resume())
	require.Contains(t, r.complaint(t), "stopped answering (the gateway took the connection and says nothing")
}
