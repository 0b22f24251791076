package page

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"
)

func do(t testing.TB, query string) {
	t.Helper()
	must(t, "POST", Env(t, "BIFRONS_BROWSER")+"/do?"+query, "")
}

// Hide puts another tab in front of this page until the test ends or Show.
func Hide(t testing.TB) {
	t.Helper()
	do(t, "what=hide")
	t.Cleanup(func() { Show(t) })
}

// Show undoes Hide.
func Show(t testing.TB) {
	t.Helper()
	do(t, "what=hide&off=1")
}

// Freeze stops the scripts of this page for d, soon after it returns.
func Freeze(t testing.TB, d time.Duration) {
	t.Helper()
	do(t, "what=freeze&for="+d.String())
}

// Offline takes the network from this page for d, soon after it returns.
func Offline(t testing.TB, d time.Duration) {
	t.Helper()
	do(t, "what=offline&for="+d.String())
}

// Options says what another page runs: the binary of this test, with other
// arguments.
type Options struct {
	Run    string            // the one test to run, by its whole name
	Env    map[string]string // what it finds in its environment besides the runner's
	CSP    string            // its Content-Security-Policy; empty: none
	Worker bool              // run it in a Worker of the page
}

// Tab is another page.
type Tab struct{ url string }

// Open opens another page, which closes with the test at the latest.
func Open(t testing.TB, o Options) *Tab {
	t.Helper()
	env := map[string]string{"BIFRONS_TAB": "1", "BIFRONS_REQUIRE_BROWSER": "1"}
	for name, value := range o.Env {
		env[name] = value
	}
	b, err := json.Marshal(map[string]any{
		"args":   []string{"-test.run=^" + o.Run + "$", "-test.v", "-test.timeout=5m"},
		"env":    env,
		"csp":    o.CSP,
		"worker": o.Worker,
	})
	if err != nil {
		t.Fatal(err)
	}
	tab := &Tab{url: must(t, "POST", Env(t, "BIFRONS_BROWSER")+"/open", string(b))}
	t.Cleanup(func() { tab.Close(t) })
	return tab
}

// Inside skips a test that only makes sense in a page that Open opened.
func Inside(t testing.TB) {
	t.Helper()
	if !inside() {
		t.Skip("runs in a page that another test opens")
	}
}

// Said waits until the page has written text and returns all it has written. If
// the page ends before, it returns that all the same.
func (tab *Tab) Said(t testing.TB, text string) string {
	t.Helper()
	return must(t, "GET", tab.url+"/said?until="+url.QueryEscape(text), "")
}

// Wait waits for the end of the page's program and returns all it has written.
func (tab *Tab) Wait(t testing.TB) string {
	t.Helper()
	return must(t, "GET", tab.url+"/said", "")
}

// Hide puts another tab in front of the page.
func (tab *Tab) Hide(t testing.TB) {
	t.Helper()
	must(t, "POST", tab.url+"/do?what=hide", "")
}

// Reload loads the page again, which runs its test from the start.
func (tab *Tab) Reload(t testing.TB) {
	t.Helper()
	must(t, "POST", tab.url+"/do?what=reload", "")
}

// Close closes the page, as its user would.
func (tab *Tab) Close(t testing.TB) {
	t.Helper()
	if tab.url != "" {
		must(t, "POST", tab.url+"/close", "")
		tab.url = ""
	}
}
