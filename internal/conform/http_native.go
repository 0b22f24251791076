//go:build !js

package conform

import (
	"io"
	"net/http"
	"strings"
)

// exchange plays a line of REST.
func (p *Player) exchange(s string) {
	p.t.Helper()
	request, want, _ := strings.Cut(p.fill(s), " -> ")
	method, rest, _ := strings.Cut(request, " ")
	path, body, _ := strings.Cut(rest, " ")
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.Root+strings.TrimSuffix(path, "/"), strings.NewReader(body))
	if err != nil {
		p.t.Fatalf("%s: %v", s, err)
	}
	// Janus closes a socket now and then, which the next request on it may
	// notice too late.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if want == "cut" {
		if err == nil {
			_ = resp.Body.Close()
			p.t.Fatalf("%s: it was answered", s)
		}
		return
	}
	if err != nil {
		p.t.Fatalf("%s: %v", s, err)
	}
	got, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // it was read
	status, pattern, _ := strings.Cut(want, " ")
	switch {
	case err != nil:
		p.t.Fatalf("%s: %v", s, err)
	case resp.Status[:3] != status:
		p.t.Fatalf("%s\ngot %s %s", s, resp.Status, got)
	case resp.Header.Get("Access-Control-Allow-Origin") != "*":
		p.t.Fatalf("%s: pages may not read it", s)
	case pattern == "" && len(got) > 0:
		p.t.Fatalf("%s\ngot %s", s, got)
	case pattern == "":
		return
	case resp.Header.Get("Content-Type") != "application/json":
		p.t.Fatalf("%s: it is %q", s, resp.Header.Get("Content-Type"))
	}
	if why := p.match(p.parse(pattern), decode(p.t, got)); why != "" {
		p.t.Fatalf("%s\ngot %s\nbecause %s", s, got, why)
	}
}
