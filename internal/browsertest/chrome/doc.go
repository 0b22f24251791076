// Package chrome runs a headless Chromium for tests and talks to it in the
// DevTools protocol, over a pipe: there is no port that something else could
// have, and the browser ends with the program that started it.
//
//	b, err := chrome.Start(ctx, nil)
//	defer b.Close()
//	tab, err := b.Open(ctx, "http://127.0.0.1:8000/", nil)
//
// It knows what the tests of this module need and nothing else. Methods may be
// called concurrently. All but this file is native only.
//
// The protocol is described at https://chromedevtools.github.io/devtools-protocol/.
package chrome
