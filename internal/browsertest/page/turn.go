package page

import (
	"encoding/json"
	"net/url"
	"testing"
)

// TURN is a TURN server beside the page, for one user.
type TURN struct {
	URL                string // "turn:host:port"
	Username, Password string
	control            string // the runner's
}

// NewTURN starts a TURN server, which ends with the runner.
func NewTURN(t testing.TB) TURN {
	t.Helper()
	control := Env(t, "BIFRONS_PEER_CONTROL") + "/turn"
	var s [3]string
	if err := json.Unmarshal([]byte(must(t, "POST", control, "")), &s); err != nil {
		t.Fatal(err)
	}
	return TURN{s[0], s[1], s[2], control}
}

// Relayed returns how many packets went through it to the other side.
func (s TURN) Relayed(t testing.TB) (n uint64) {
	t.Helper()
	if err := json.Unmarshal([]byte(must(t, "POST", s.control+"?url="+url.QueryEscape(s.URL), "")), &n); err != nil {
		t.Fatal(err)
	}
	return n
}
