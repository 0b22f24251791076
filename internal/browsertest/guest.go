//go:build !js

package main

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/guest"
)

// serveGuest brings a native participant, with the options in the body, and
// returns its number; or, with ?guest=, has one do ?what= with ?arg= and returns
// what comes of it. What it does last is leave.
func (h *host) serveGuest(w http.ResponseWriter, r *http.Request) {
	fail := func(err error) { http.Error(w, err.Error(), http.StatusInternalServerError) }
	number := r.FormValue("guest")
	if number == "" {
		var o guest.Options
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			fail(err)
			return
		}
		g, err := guest.New(r.Context(), o)
		if err != nil {
			fail(err)
			return
		}
		h.mu.Lock()
		h.last++
		number = strconv.Itoa(h.last)
		h.guests[number] = g
		h.mu.Unlock()
		_ = json.NewEncoder(w).Encode(number)
		return
	}
	what := r.FormValue("what")
	h.mu.Lock()
	g := h.guests[number]
	if what == "leave" {
		delete(h.guests, number)
	}
	h.mu.Unlock()
	var answer any
	var err error
	switch {
	case g == nil:
		http.NotFound(w, r)
		return
	case what == "leave":
		err = g.Close()
	default:
		answer, err = g.Do(r.Context(), what, r.FormValue("arg"))
	}
	if err != nil {
		fail(err)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}
