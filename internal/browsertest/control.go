//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// controlHandler serves what programs ask for: go test's exec, and package page
// of the tests.
func (h *host) controlHandler() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /run", h.serveRun)
	mux.HandleFunc("POST /janus", h.serveGateway)
	mux.HandleFunc("POST /turn", h.serveTURN)
	mux.HandleFunc("POST /guest", h.serveGuest)
	mux.HandleFunc("POST /tab/{token}/do", h.withJob((*job).serveDo))
	mux.HandleFunc("POST /tab/{token}/open", h.withJob((*job).serveOpen))
	mux.HandleFunc("GET /tab/{token}/said", h.withJob((*job).serveSaid))
	mux.HandleFunc("POST /tab/{token}/close", h.withJob(func(j *job, _ http.ResponseWriter, _ *http.Request) { j.close() }))
	return mux
}

// serveRun executes a test binary and sends what it writes, line by line.
func (h *host) serveRun(w http.ResponseWriter, r *http.Request) {
	var p program
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-r.Context().Done():
		return
	}
	d := json.NewEncoder(w)
	send := func(l line) {
		_ = d.Encode(l)
		_ = http.NewResponseController(w).Flush()
	}
	if h.in == "node" {
		h.runNode(r.Context(), p, send)
		return
	}
	p.Worker = h.in == "worker"
	j, err := h.launch(r.Context(), p)
	if err != nil {
		send(line{Err: fmt.Sprintln("browsertest:", err), Exit: new(2)})
		return
	}
	defer j.close()
	for {
		lines, over, more := j.take()
		for _, l := range lines {
			send(l)
		}
		if over {
			send(line{Exit: &j.code})
			return
		}
		select {
		case <-more:
		case <-r.Context().Done():
			return
		}
	}
}

// serveDo changes what the page lives in. With ?for= it undoes that after so
// long, which a page that is frozen or offline could not ask for.
func (j *job) serveDo(w http.ResponseWriter, r *http.Request) {
	<-j.opened // a page may ask before Chromium has said that it is open
	var do func(ctx context.Context, on bool) error
	switch what := r.FormValue("what"); what {
	case "hide":
		do = func(ctx context.Context, on bool) error {
			if on {
				return j.tab.Hide(ctx)
			}
			return j.tab.Show(ctx)
		}
	case "freeze":
		do = j.tab.Freeze
	case "offline":
		do = j.tab.Offline
	case "reload":
		do = func(ctx context.Context, _ bool) error { return j.tab.Do(ctx, "Page.reload", nil, nil) }
	default:
		http.Error(w, "unknown: "+what, http.StatusBadRequest)
		return
	}
	ctx := j.host.life
	if err := do(ctx, r.FormValue("off") == ""); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	d, err := time.ParseDuration(r.FormValue("for"))
	if err != nil {
		return // until further notice
	}
	// It ends after d, or with the page; nobody needs to wait for it.
	go func() {
		select {
		case <-time.After(d):
			_ = do(ctx, false)
		case <-j.done:
		}
	}()
}

// serveOpen opens another page that runs the same binary.
func (j *job) serveOpen(w http.ResponseWriter, r *http.Request) {
	p := program{}
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.Wasm, p.Dir = j.program.Wasm, j.program.Dir
	kid, err := j.host.launch(r.Context(), p)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	j.mu.Lock()
	j.kids = append(j.kids, kid)
	j.mu.Unlock()
	_, _ = io.WriteString(w, j.host.address()+"/tab/"+kid.token)
}

// serveSaid sends what a page has written, once it has written ?until=, or when
// it has ended.
func (j *job) serveSaid(w http.ResponseWriter, r *http.Request) {
	said, err := j.await(r.Context(), r.FormValue("until"))
	if err == nil {
		_, _ = io.WriteString(w, said)
	}
}
