//go:build !js

package main

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// pageFiles is the web server of a built page: its files, compressed where the
// build has put a compressed one beside them, /config.json, and what the page can
// do to the gateway. Only files with a type of the page are there; folders are not.
type pageFiles struct {
	files  fs.FS
	config []byte
	hosts  map[string]bool // names of the server, with the port
	began  time.Time
	chaos  *chaos // nil: there is none
}

// pageTypes does not depend on what the machine knows about types: a browser
// compiles WebAssembly while it arrives only if the type is right.
var pageTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".map":  "application/json",
	".svg":  "image/svg+xml",
	".wasm": "application/wasm",
}

// pagePolicy lets the page run its own scripts and WebAssembly, keep time in a
// Worker, and reach any gateway its user types in. The page needs no COOP and
// no COEP.
const pagePolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
	"media-src 'self' blob:; connect-src 'self' ws: wss: http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// newPageFiles serves files at address, which is host and port.
func newPageFiles(files fs.FS, config []byte, address string) *pageFiles {
	port := address[strings.LastIndexByte(address, ':'):]
	return &pageFiles{files: files, config: config, hosts: map[string]bool{address: true, "localhost" + port: true}, began: time.Now()}
}

// ServeHTTP implements http.Handler.
func (f *pageFiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
	if !f.hosts[r.Host] {
		// Another site may have a name that leads here (DNS rebinding).
		http.Error(w, "ask for 127.0.0.1 or localhost", http.StatusMisdirectedRequest)
		return
	}
	if f.chaos != nil && strings.HasPrefix(r.URL.Path, chaosPath) {
		f.chaos.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "this server only has pages to get", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	kind, known := pageTypes[path.Ext(name)]
	if !known {
		http.NotFound(w, r)
		return
	}
	h.Set("Content-Type", kind)
	if name == "config.json" {
		http.ServeContent(w, r, name, f.began, bytes.NewReader(f.config))
		return
	}
	h.Add("Vary", "Accept-Encoding")
	for _, c := range []struct{ coding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}} {
		if c.coding != "" && !accepts(r.Header.Values("Accept-Encoding"), c.coding) {
			continue
		}
		if f.serve(w, r, name, c.suffix, c.coding) {
			return
		}
	}
	h.Del("Content-Type")
	http.NotFound(w, r)
}

// serve reports false if there is no such file.
func (f *pageFiles) serve(w http.ResponseWriter, r *http.Request, name, suffix, coding string) bool {
	file, err := f.files.Open(name + suffix)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // it was only read
	info, err := file.Stat()
	content, seeks := file.(io.ReadSeeker)
	if err != nil || !info.Mode().IsRegular() || !seeks {
		return false
	}
	if coding != "" {
		w.Header().Set("Content-Encoding", coding)
	}
	http.ServeContent(w, r, name, info.ModTime(), content)
	return true
}

// accepts says whether an Accept-Encoding header takes a coding (RFC 9110
// §12.5.3). Nobody is surprised by an answer without one, so "*" counts for
// nothing.
func accepts(headers []string, coding string) bool {
	for _, header := range headers {
		for entry := range strings.SplitSeq(header, ",") {
			name, weight, weighted := strings.Cut(entry, ";")
			if !strings.EqualFold(strings.TrimSpace(name), coding) {
				continue
			}
			_, value, _ := strings.Cut(weight, "=")
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return !weighted || (err == nil && q > 0)
		}
	}
	return false
}
