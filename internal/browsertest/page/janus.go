package page

import (
	"encoding/json"
	"os"
	"testing"
)

func inside() bool { return os.Getenv("BIFRONS_TAB") == "1" }

// Gateway is a real Janus beside the page. The fields are URLs.
type Gateway struct {
	Name               string // its server name
	WS, HTTP           string
	AdminWS, AdminHTTP string
	AdminSecret        string
	control            string // the runner's
}

// Janus returns the gateway that all tests share: none may harm it.
func Janus(t testing.TB) Gateway {
	t.Helper()
	return gateway(func(name string) string { return Env(t, name) })
}

// Embedded returns the URL of the gateway that stands in for a Janus, which all
// tests share.
func Embedded(t testing.TB) string {
	t.Helper()
	return Env(t, "BIFRONS_EMBEDDED")
}

// NewJanus starts a gateway for one test. The options are those of package
// janusproc by their names; durations are numbers of nanoseconds. It ends with
// the runner, or with Do(t, "kill").
func NewJanus(t testing.TB, options map[string]any) Gateway {
	t.Helper()
	b, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	url := Env(t, "BIFRONS_PEER_CONTROL") + "/janus"
	var env map[string]string
	if err := json.Unmarshal([]byte(must(t, "POST", url, string(b))), &env); err != nil {
		t.Fatal(err)
	}
	g := gateway(func(name string) string { return env[name] })
	g.control = url
	t.Cleanup(func() { g.Do(t, "kill") })
	return g
}

func gateway(get func(name string) string) Gateway {
	return Gateway{
		Name: get("JANUS_NAME"), WS: get("JANUS_WS"), HTTP: get("JANUS_HTTP"),
		AdminWS: get("JANUS_ADMIN_WS"), AdminHTTP: get("JANUS_ADMIN_HTTP"), AdminSecret: get("JANUS_ADMIN_SECRET"),
	}
}

// Do does something to a gateway of NewJanus: kill, restart, pause or resume.
func (g Gateway) Do(t testing.TB, what string) {
	t.Helper()
	must(t, "POST", g.control+"?name="+g.Name+"&what="+what, "")
}

// Sessions returns the ids of the gateway's sessions.
func (g Gateway) Sessions(t testing.TB) []uint64 {
	t.Helper()
	answer := must(t, "POST", g.AdminHTTP, `{"janus":"list_sessions","transaction":"t","admin_secret":"`+g.AdminSecret+`"}`)
	var list struct{ Sessions []uint64 }
	if err := json.Unmarshal([]byte(answer), &list); err != nil {
		t.Fatal(err)
	}
	return list.Sessions
}
