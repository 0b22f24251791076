// Command browsertest runs tests that are compiled for GOOS=js where they
// belong: in a headless Chromium, with a real Janus and a peer for transport
// tests beside it.
//
//	go run ./internal/browsertest ./transport_js ./client
//	go run ./internal/browsertest -in worker -v -run TestBrowser ./transport_js
//
// What follows its own flags goes to go test, with -exec pointing back here. A
// package runs in a page of its own, one after the other. It fails, too, when
// the page has an uncaught exception or writes an error to the console.
//
// Flags:
//
//	-in page|worker|node  where: the page itself, a Worker of it, or Node with
//	                      --experimental-websocket; page is the default
//	-log                  show what Chromium itself logs
//
// Package page is for the tests: it finds the servers, hides and freezes the
// page, opens more of them, and brings native participants into its rooms. A test
// that needs the runner skips without it, or fails where
// BIFRONS_REQUIRE_BROWSER=1. BIFRONS_CHROMIUM names another browser than Debian's.
//
// A test reads the files of the module as it does elsewhere. What it writes is
// in memory and gone with the page: -cover says its figure and leaves no profile.
package main
