//go:build !js

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/examples/shared/roster"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/chrome"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

var gateway janustesting.Shared

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway)) }

// anyRoom returns the id of a room that there is not yet. It is above 2^53 and
// odd, which no number of JavaScript is.
func anyRoom() client.ID { return client.NumID(1<<53 + 1 + 2*rand.Uint64N(1<<51)) }

// start runs the program natively until the test ends and returns what it shows.
func start(t *testing.T, url string, room client.ID, name string) <-chan []string {
	ctx, cancel := context.WithCancel(t.Context())
	shown, done := make(chan []string, 100), make(chan error)
	// It owns the program, and ends with ctx; the cleanup waits for it.
	go func() {
		done <- watch(ctx, url, room, name, func(r *roster.Room) {
			var names []string
			for _, p := range r.People {
				names = append(names, p.Name)
			}
			shown <- names
		})
	}()
	t.Cleanup(func() {
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
	})
	return shown
}

func receive[T any](t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing more is shown")
	}
	return v
}

func TestJanusWatch(t *testing.T) {
	url, room := gateway.Get(t).WS(), anyRoom()
	ann := start(t, url, room, "Ann")
	require.Equal(t, []string{"Ann"}, receive(t, ann))
	bob := start(t, url, room, "Bob")
	require.Equal(t, []string{"Bob", "Ann"}, receive(t, bob))
	require.Equal(t, []string{"Ann", "Bob"}, receive(t, ann))
}

func TestWatchFails(t *testing.T) {
	require.Error(t, watch(t.Context(), "ws://127.0.0.1:1/", client.NumID(1), "Ann", nil))
}

// The page and the program meet in a room.
func TestJanusPage(t *testing.T) {
	gw, room := gateway.Get(t), anyRoom()
	browser, err := chrome.Start(t.Context(), nil)
	if errors.Is(err, chrome.ErrNotInstalled) && os.Getenv("BIFRONS_REQUIRE_BROWSER") != "1" {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(browser.Close)
	said := make(chan string, 100)
	complain := func(text string) { t.Error("the page complains: " + text) }
	tab, err := browser.Open(t.Context(), serve(t), &chrome.Events{
		Message:   func(text string) { said <- text },
		Console:   func(kind, text string) { complain(kind + ": " + text) },
		Exception: complain,
	})
	require.NoError(t, err)
	do := func(script string) {
		var result struct{ ExceptionDetails json.RawMessage }
		require.NoError(t, tab.Do(t.Context(), "Runtime.evaluate", map[string]any{"expression": script, "awaitPromise": true}, &result))
		require.Empty(t, string(result.ExceptionDetails))
	}
	// The page tells what people can read in it, whenever that changes.
	do(fmt.Sprintf(`
		new Promise((loaded) => document.readyState === "complete" ? loaded() : addEventListener("load", loaded)).then(() => {
			new MutationObserver(() => %s(document.querySelector("[role=alert]").textContent
				+ [...document.querySelectorAll("h2, li")].map((e) => e.textContent).join(", ")))
				.observe(document.body, { childList: true, subtree: true });
		})`, chrome.Binding))
	join := func(url string) {
		do(fmt.Sprintf(`(async ({ url, room, name }, button) => {
			url.value = %q; room.value = %q; name.value = "Pia";
			while (button.disabled) await new Promise(requestAnimationFrame);
			button.click();
		})(document.querySelector("form").elements, document.querySelector("button"))`, url, room))
	}
	until := func(want string) {
		t.Helper()
		for text := ""; !strings.HasPrefix(text, want); {
			text = receive(t, said)
			t.Log(text)
		}
	}

	join("gopher://127.0.0.1/")
	until(`transport: no transport for scheme "gopher"`)
	ann := start(t, gw.WS(), room, "Ann")
	require.Equal(t, []string{"Ann"}, receive(t, ann))
	join(gw.WS()) // it may be tried again
	until("In room " + room.String() + ", Pia (you), Ann")
	require.Equal(t, []string{"Ann", "Pia"}, receive(t, ann))
	start(t, gw.WS(), room, "Bob")
	until("In room " + room.String() + ", Pia (you), Ann, Bob")
	require.Equal(t, []string{"Ann", "Pia", "Bob"}, receive(t, ann))
	tab.Close()
	require.Equal(t, []string{"Ann", "Bob"}, receive(t, ann), "a page that is closed leaves nobody behind")
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
