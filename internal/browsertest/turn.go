//go:build !js

package main

import (
	"encoding/json"
	"net/http"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/turntest"
)

// serveTURN starts a TURN server where Janus reaches it, which ends with the
// runner, or, with ?url=, tells how many packets one has relayed.
func (h *host) serveTURN(w http.ResponseWriter, r *http.Request) {
	var answer any
	if url := r.FormValue("url"); url != "" {
		h.mu.Lock()
		s := h.relays[url]
		h.mu.Unlock()
		if s == nil {
			http.NotFound(w, r)
			return
		}
		answer = s.Relayed()
	} else {
		ip, err := janusproc.MediaAddr()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		s, err := turntest.Start(ip)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		h.mu.Lock()
		h.relays[s.URL()] = s
		h.mu.Unlock()
		user, password := s.Credentials()
		answer = []string{s.URL(), user, password}
	}
	_ = json.NewEncoder(w).Encode(answer)
}
