//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

// newGateway starts a Janus that ends with the runner, and returns its addresses
// as environment variables.
func (h *host) newGateway(ctx context.Context, opts *janusproc.Options) (map[string]string, error) {
	gw, err := janusproc.Start(ctx, opts)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	h.gateways[gw.Name()] = gw
	h.mu.Unlock()
	return map[string]string{
		"JANUS_NAME": gw.Name(), "JANUS_WS": gw.WS(), "JANUS_HTTP": gw.HTTP(),
		"JANUS_ADMIN_WS": gw.AdminWS(), "JANUS_ADMIN_HTTP": gw.AdminHTTP(), "JANUS_ADMIN_SECRET": gw.AdminSecret(),
	}, nil
}

// serveGateway starts a Janus with the options in the body, or, with ?name=,
// does something to one: kill, restart, pause or resume.
func (h *host) serveGateway(w http.ResponseWriter, r *http.Request) {
	fail := func(err error) { http.Error(w, err.Error(), http.StatusInternalServerError) }
	if name := r.FormValue("name"); name != "" {
		h.mu.Lock()
		gw := h.gateways[name]
		h.mu.Unlock()
		if gw == nil {
			http.NotFound(w, r)
			return
		}
		var err error
		switch what := r.FormValue("what"); what {
		case "kill":
			gw.Kill()
		case "restart":
			err = gw.Restart(r.Context())
		case "pause":
			err = gw.Pause()
		case "resume":
			err = gw.Resume()
		default:
			err = fmt.Errorf("unknown: %s", what)
		}
		if err != nil {
			fail(err)
		}
		return
	}
	var opts janusproc.Options
	if err := json.NewDecoder(r.Body).Decode(&opts); err != nil {
		fail(err)
		return
	}
	opts.Binary = "" // tests choose how it is configured, not what runs
	env, err := h.newGateway(r.Context(), &opts)
	if err != nil {
		fail(err)
		return
	}
	_ = json.NewEncoder(w).Encode(env)
}
