//go:build !js

package main

import (
	"embed"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

//go:embed web
var web embed.FS

// goroot is where the building toolchain keeps its files.
var goroot = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "env", "GOROOT").Output() //nolint:noctx // it ends at once
	return strings.TrimSpace(string(out)), err
})

// pageHandler serves what pages are made of: /t/TOKEN/ is the page of a job.
func (h *host) pageHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		root, err := goroot()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		http.ServeFile(w, r, filepath.Join(root, "lib", "wasm", "wasm_exec.js"))
	})
	for _, name := range []string{"boot.js", "files.js"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, web, "web/"+name)
		})
	}
	mux.HandleFunc("GET /t/{token}/{$}", h.withJob(func(j *job, w http.ResponseWriter, r *http.Request) {
		if j.program.CSP != "" {
			w.Header().Set("Content-Security-Policy", j.program.CSP)
		}
		b, _ := web.ReadFile("web/index.html")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(b)
	}))
	mux.HandleFunc("GET /t/{token}/program.json", h.withJob(func(j *job, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(j.program)
	}))
	mux.HandleFunc("GET /t/{token}/test.wasm", h.withJob(func(j *job, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, j.program.Wasm)
	}))
	mux.HandleFunc("GET /t/{token}/file", h.withJob((*job).serveFile))
	return mux
}

// serveFile serves a file of the module, or the names in a folder of it.
func (j *job) serveFile(w http.ResponseWriter, r *http.Request) {
	root, path := moduleRoot(j.program.Dir), r.FormValue("path")
	if inside, err := filepath.Rel(root, path); err != nil || !filepath.IsLocal(inside) {
		http.NotFound(w, r)
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if !info.IsDir() {
		w.Header().Set("Content-Type", "application/octet-stream")
		b, err := os.ReadFile(path)
		if err == nil {
			_, _ = w.Write(b)
		}
		return
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	w.Header().Set("X-Directory", "1")
	_ = json.NewEncoder(w).Encode(names)
}

// moduleRoot returns the folder with the go.mod that dir belongs to.
func moduleRoot(dir string) string {
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return root
		}
		if root == filepath.Dir(root) {
			return dir
		}
	}
}

func (h *host) withJob(f func(*job, http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		j := h.jobs[r.PathValue("token")]
		h.mu.Unlock()
		if j == nil {
			http.NotFound(w, r)
			return
		}
		f(j, w, r)
	}
}
