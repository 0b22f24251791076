//go:build !js

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/chrome"
)

// The program does in its page what it does in a terminal.
func TestJanusPage(t *testing.T) {
	gw := gateway.Get(t)
	browser, err := chrome.Start(t.Context(), nil)
	if errors.Is(err, chrome.ErrNotInstalled) && os.Getenv("BIFRONS_REQUIRE_BROWSER") != "1" {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(browser.Close)
	tells := make(chan string, 1000)
	complain := func(text string) { t.Error("the page complains: " + text) }
	tab, err := browser.Open(t.Context(), serve(t), &chrome.Events{
		Message:   func(text string) { tells <- text },
		Console:   func(kind, text string) { complain(kind + ": " + text) },
		Exception: complain,
	})
	require.NoError(t, err)
	do := func(script string, value any) {
		t.Helper()
		var got struct {
			Result           struct{ Value json.RawMessage }
			ExceptionDetails json.RawMessage
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.NoError(t, tab.Do(ctx, "Runtime.evaluate", map[string]any{
			"expression": script, "awaitPromise": true, "returnByValue": true,
		}, &got))
		require.Empty(t, string(got.ExceptionDetails))
		if value != nil {
			require.NoError(t, json.Unmarshal(got.Result.Value, value))
		}
	}
	// The page tells what people can read in it, whenever that changes.
	do(fmt.Sprintf(`
		new Promise((loaded) => document.readyState === "complete" ? loaded() : addEventListener("load", loaded)).then(() => {
			new MutationObserver(() => %s(["[role=alert]", "[role=log]", "section:not([hidden]) a"]
				.map((e) => document.querySelector(e)?.textContent ?? "").join("|")))
				.observe(document.body, { childList: true, subtree: true, attributes: true });
		})`, chrome.Binding), nil)
	send := func(url, clip string) {
		t.Helper()
		do(fmt.Sprintf(`(async ({ url, clip }, button) => {
			url.value = %q; clip.value = %q;
			while (button.ariaDisabled === "true") await new Promise(requestAnimationFrame);
			button.click();
		})(document.querySelector("form").elements, document.querySelector("button"))`, url, clip), nil)
	}
	until := func(want string) (text string) {
		t.Helper()
		for said, late := regexp.MustCompile(want), time.After(40*time.Second); !said.MatchString(text); {
			select {
			case text = <-tells:
				t.Log(text)
			case <-late:
				t.Fatal("the page never says " + want)
			}
		}
		return text
	}

	send("gopher://127.0.0.1/", "clip.webm")
	until(`^It failed with exit code 1.*\|.* transport: no transport for scheme "gopher"`)
	send(gw.WS(), "page.js")
	until(`^It failed with exit code 1.*\|.* media: page.js: the browser cannot load or play it`)
	send(gw.WS(), "clip.webm") // it may be tried again
	text := until(`^\|(?s:.*)hung up: .*\n\|Download echo.webm$`)
	require.Contains(t, text, "audio is back: opus\n")
	require.Contains(t, text, "video is back: VP8\n")

	var page struct {
		Name          string
		Width, Played float64
		File          []byte
	}
	do(`(async (video, link) => {
		await new Promise((ended, fail) => {
			video.onended = ended;
			video.onerror = () => fail(video.error);
			if (video.error) fail(video.error);
			if (video.ended) ended();
		});
		const file = new Uint8Array(await (await fetch(link.href)).arrayBuffer());
		return { name: link.download, width: video.videoWidth, played: video.currentTime, file: file.toBase64() };
	})(document.querySelector("video"), document.querySelector("a"))`, &page)
	require.Equal(t, "echo.webm", page.Name)
	require.InDelta(t, 320, page.Width, 0, "the recording is shown")
	// A browser on a busy machine plays the clip more slowly.
	require.Greater(t, page.Played, 3.4)
	require.Less(t, page.Played, 30.0)
	out := filepath.Join(t.TempDir(), page.Name)
	require.NoError(t, os.WriteFile(out, page.File, 0o600))
	lengths := probe(t, out)
	require.Len(t, lengths, 2)
	require.InDelta(t, page.Played, lengths["audio"], 0.6)
	require.InDelta(t, page.Played, lengths["video"], 0.6)
}

// probe returns how many seconds of each track are in a file. A browser writes
// no duration at its head.
func probe(t *testing.T, name string) map[string]float64 {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ffprobe", "-v", "warning", "-show_entries", "packet=codec_type,pts_time", "-of", "json", name)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err, "apt-get install ffmpeg? "+errs.String())
	require.Empty(t, errs.String(), "ffprobe complains")
	var file struct {
		Packets []struct {
			Type string `json:"codec_type"`
			Time string `json:"pts_time"`
		}
	}
	require.NoError(t, json.Unmarshal(out, &file))
	first, lengths := map[string]float64{}, map[string]float64{}
	for _, p := range file.Packets {
		at, err := strconv.ParseFloat(p.Time, 64)
		require.NoError(t, err)
		if _, seen := first[p.Type]; !seen {
			first[p.Type] = at
		}
		lengths[p.Type] = at - first[p.Type]
	}
	return lengths
}

// serve builds the page and serves it until the test ends.
func serve(t *testing.T) (url string) {
	wasm := filepath.Join(t.TempDir(), "main.wasm")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", wasm, ".")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir("web")))
	for name, file := range map[string]string{
		"/main.wasm": wasm, "/wasm_exec.js": filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"),
	} {
		mux.HandleFunc(name, func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, file) })
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}
