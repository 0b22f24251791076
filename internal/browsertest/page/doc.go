// Package page is for tests that command browsertest runs: it finds the servers
// beside the page, changes what the page lives in, and opens more pages.
//
//	func TestBrowserInfo(t *testing.T) {
//		gw := page.Janus(t) // skips outside of browsertest
//		c, err := client.Dial(t.Context(), gw.WS, nil)
//	}
//
// Outside of browsertest such a test skips, or fails where
// BIFRONS_REQUIRE_BROWSER=1. Its name begins with TestBrowser: in a page none of
// that name skips. A test that another one opens a page for begins with TestInTab.
//
// NewGuest brings a native participant into a room or a call of the page; NewVideo,
// in a browser, is a place to look at what comes back.
//
// The package builds on every target and speaks to the runner by net/http, not
// by what is under test.
package page
