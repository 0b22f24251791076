//go:build !js

package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const pageAddress = "127.0.0.1:4711"

func builtPage() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"index.html":      file("<p>page</p>"),
		"main.js":         file("script"),
		"style.css":       file("style"),
		"bifrons.wasm":    file("\x00asm"),
		"bifrons.wasm.br": file("brotli"),
		"bifrons.wasm.gz": file("gzip"),
		"notes":           file("no type"),
		"deep/main.js":    file("deep"),
		"folder.js/x":     file("x"),
	}
}

// ask asks the server of a page, as a browser on this machine does.
func ask(method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	r.Host = pageAddress
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	newPageFiles(builtPage(), []byte(`{"gateway":"ws://g/"}`), pageAddress).ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	return string(b)
}

func TestPageFiles(t *testing.T) {
	for target, want := range map[string]struct{ kind, body string }{
		"/":             {"text/html; charset=utf-8", "<p>page</p>"},
		"/index.html":   {"text/html; charset=utf-8", "<p>page</p>"},
		"/main.js":      {"text/javascript; charset=utf-8", "script"},
		"/style.css":    {"text/css; charset=utf-8", "style"},
		"/bifrons.wasm": {"application/wasm", "\x00asm"},
		"/config.json":  {"application/json", `{"gateway":"ws://g/"}`},
		"/deep/main.js": {"text/javascript; charset=utf-8", "deep"},
	} {
		r := ask("GET", target)
		require.Equal(t, 200, r.StatusCode, target)
		require.Equal(t, want.kind, r.Header.Get("Content-Type"), target)
		require.Equal(t, want.body, body(t, r), target)
		require.Empty(t, r.Header.Get("Content-Encoding"), target)
		policy := r.Header.Get("Content-Security-Policy")
		require.Contains(t, policy, "script-src 'self' 'wasm-unsafe-eval';")
		require.Equal(t, "nosniff", r.Header.Get("X-Content-Type-Options"))
		require.Empty(t, r.Header.Get("Cross-Origin-Opener-Policy"))
		require.Empty(t, r.Header.Get("Cross-Origin-Embedder-Policy"))

		r = ask("HEAD", target)
		require.Equal(t, 200, r.StatusCode, target)
		require.Empty(t, body(t, r), target)
	}
}

// Folders, what has no type of a page, and what is outside are not there.
func TestPageFilesMissing(t *testing.T) {
	for _, target := range []string{
		"/deep", "/deep/", "/folder.js", "/notes", "/bifrons.wasm.br", "/nothing.js", "/../page.go", "/%2e%2e/page.go", "/.git/config", "//index.htm",
	} {
		r := ask("GET", target)
		require.Equal(t, 404, r.StatusCode, target)
		require.NotContains(t, body(t, r), "main.js", target)
	}
}

func TestPageFilesRefused(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "CONNECT"} {
		r := ask(method, "/")
		require.Equal(t, 405, r.StatusCode, method)
		require.Equal(t, "GET, HEAD", r.Header.Get("Allow"))
	}
	// A name of another site that was made to lead here.
	for _, host := range []string{"evil.example", "evil.example:4711", "127.0.0.1:80", "localhost", ""} {
		require.Equal(t, 421, ask("GET", "/config.json", "Host", host).StatusCode, host)
	}
	require.Equal(t, 200, ask("GET", "/", "Host", "localhost:4711").StatusCode)
}

func TestPageFilesCompressed(t *testing.T) {
	for accepted, want := range map[string]string{
		"br":                         "br",
		"gzip, deflate, br, zstd":    "br",
		"gzip":                       "gzip",
		"GZIP;q=0.5":                 "gzip",
		"br;q=0, gzip;q=1.0":         "gzip",
		"br; q = 0.001":              "br",
		"br;q=nonsense":              "",
		"br;q=0,gzip;q=0.000":        "",
		"identity":                   "",
		"*":                          "",
		"brotli, xgzip, deflate":     "",
		"":                           "",
		",,;,br;;,":                  "",
		strings.Repeat("br;q=0,", 9): "",
	} {
		r := ask("GET", "/bifrons.wasm", "Accept-Encoding", accepted)
		require.Equal(t, want, r.Header.Get("Content-Encoding"), accepted)
		require.Equal(t, "application/wasm", r.Header.Get("Content-Type"), accepted)
		require.Equal(t, "Accept-Encoding", r.Header.Get("Vary"), accepted)
		require.Equal(t, map[string]string{"br": "brotli", "gzip": "gzip", "": "\x00asm"}[want], body(t, r), accepted)
		// What was not compressed goes as it is.
		require.Equal(t, "script", body(t, ask("GET", "/main.js", "Accept-Encoding", accepted)))
	}
}

// openTestPage serves a built page from a folder.
func openTestPage(t *testing.T, gateway string, c *chaos) *page {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte("<p>page</p>"), 0o600))
	p, err := openPage(t.Context(), dir, gateway, c)
	require.NoError(t, err)
	t.Cleanup(p.close)
	return p
}

func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	require.NoError(t, err)
	require.Equal(t, 200, resp.StatusCode)
	return body(t, resp)
}

func TestPageServed(t *testing.T) {
	for gateway, want := range map[string]string{
		"ws://127.0.0.1:8188/": "ws://127.0.0.1:8188/",
		"HTTPS://h/janus":      "HTTPS://h/janus",
		"unix:///run/janus":    "", // a page cannot
	} {
		p := openTestPage(t, gateway, nil)
		require.Equal(t, "<p>page</p>", get(t, p.url))
		var c pageConfig
		require.NoError(t, json.Unmarshal([]byte(get(t, p.url+"config.json")), &c))
		require.Equal(t, pageConfig{Gateway: want, Native: true}, c)

		host, _, err := net.SplitHostPort(strings.TrimSuffix(strings.TrimPrefix(p.url, "http://"), "/"))
		require.NoError(t, err)
		require.True(t, net.ParseIP(host).IsLoopback(), p.url)
	}
}

// A link in the folder leads nowhere outside of it.
func TestPageStaysInFolder(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.js")
	require.NoError(t, os.WriteFile(secret, []byte("secret"), 0o600))
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), nil, 0o600))
	if err := os.Symlink(secret, filepath.Join(dir, "main.js")); err != nil {
		t.Skip(err)
	}
	p, err := openPage(t.Context(), dir, "", nil)
	require.NoError(t, err)
	defer p.close()
	r := httptest.NewRequest("GET", "/main.js", nil)
	r.Host = strings.TrimSuffix(strings.TrimPrefix(p.url, "http://"), "/")
	w := httptest.NewRecorder()
	p.server.Handler.ServeHTTP(w, r)
	require.Equal(t, 404, w.Code)
}

func TestPageNotBuilt(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Join(dir, "nothing")} {
		_, err := openPage(t.Context(), d, "", nil)
		require.ErrorIs(t, err, errNotBuilt)
	}
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := openPage(t.Context(), file, "", nil)
	require.Error(t, err)
	require.NotErrorIs(t, err, errNotBuilt)
	require.NotErrorIs(t, err, fs.ErrNotExist)
}

func TestBrowser(t *testing.T) {
	env := func(names ...string) func(string) string {
		return func(name string) string {
			for _, n := range names {
				if n == name {
					return ":0"
				}
			}
			return ""
		}
	}
	require.Equal(t, []string{"open"}, browser("darwin", env()))
	require.Equal(t, "rundll32", browser("windows", env())[0])
	require.Equal(t, []string{"xdg-open"}, browser("linux", env("DISPLAY")))
	require.Equal(t, []string{"xdg-open"}, browser("freebsd", env("WAYLAND_DISPLAY")))
	require.Nil(t, browser("linux", env()), "nobody would see it")
}

func TestLaunch(t *testing.T) {
	require.ErrorIs(t, launch("bifrons-has-no-such-program"), exec.ErrNotFound)
}

func TestPageUsage(t *testing.T) {
	r := newRun(t, nil)
	r.do(t, t.Context(), exitUsage, "demo", "--once", "--page", ".")
	require.Contains(t, r.complaint(t), "give --once or --page")
	r = newRun(t, nil)
	r.do(t, t.Context(), exitUsage, "demo", "--no-open")
	require.Contains(t, r.complaint(t), "--no-open means nothing without --page")
}

// The demo serves the page beside the native peer, opens it, and ends with both.
func TestJanusDemoPage(t *testing.T) {
	gw := gateway.Get(t)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte("<p>page</p>"), 0o600))
	for name, test := range map[string]struct {
		args     []string
		launched error
		opened   bool
		said     string
	}{
		"opened":     {opened: true},
		"not opened": {args: []string{"--no-open"}},
		"no program": {opened: true, launched: exec.ErrNotFound, said: "open the page yourself: there is no "},
		"broken":     {opened: true, launched: errors.New("no display"), said: "open the page yourself: no display"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			r := newRun(t, nil)
			r.env["DISPLAY"] = ":0"
			var opened []string
			r.app.launch = func(name string, args ...string) error {
				opened = append(opened, args...)
				return test.launched
			}
			var config string
			r.when("first frame is back", func() {
				for _, o := range r.objects(t) {
					if o["event"] == "page" {
						config = get(t, o["url"].(string)+"config.json")
					}
				}
				cancel()
			})
			args := append([]string{"--json", "demo", "--gateway", gw.WS(), "--page", dir, "--out", filepath.Join(t.TempDir(), "demo.webm")}, test.args...)
			r.do(t, ctx, exitOK, args...)
			require.JSONEq(t, `{"gateway":"`+gw.WS()+`","native":true}`, config)
			require.Contains(t, r.stderr.String(), "the page is on http://127.0.0.1:")
			require.Contains(t, r.stderr.String(), test.said)
			if test.opened {
				require.Len(t, opened, 1)
				require.Contains(t, r.stderr.String(), opened[0])
			} else {
				require.Empty(t, opened)
			}
		})
	}
}

// Without a page the demo says how to build one, and goes on.
func TestJanusDemoPageNotBuilt(t *testing.T) {
	gw := gateway.Get(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := newRun(t, nil)
	r.when("first frame is back", cancel)
	dir := filepath.Join(t.TempDir(), "dist")
	r.do(t, ctx, exitOK, "demo", "--gateway", gw.WS(), "--page", dir, "--out", filepath.Join(t.TempDir(), "demo.webm"))
	require.Contains(t, r.stderr.String(), "there is no page in "+dir)
	require.Contains(t, r.stderr.String(), "make demo-page builds it")
}
