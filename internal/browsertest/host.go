//go:build !js

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/bifrons-rtc/bifrons/client/janustest/gateway"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/chrome"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/guest"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/peer"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/turntest"
)

// chromiumFlags are for the tests of this module. The throttling of hidden
// pages, to one wake-up a minute, begins after 10 seconds instead of 5 minutes.
var chromiumFlags = []string{"--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10"}

// host is everything that runs beside the tests.
type host struct {
	settings
	browser  *chrome.Browser  // nil for Node
	pages    *http.Server     // what the pages are made of
	control  *http.Server     // what tests ask for, on a port of its own
	peers    *http.Server     // the connections under test, on another
	embedded *gateway.Gateway // stands in for a Janus
	env      map[string]string
	life     context.Context //nolint:containedctx // ends what tests have left open
	end      context.CancelFunc
	turn     chan struct{} // one run at a time
	secret   string        // begins the path of what tests ask for: no other page may

	mu       sync.Mutex // protects what follows
	last     int
	jobs     map[string]*job
	gateways map[string]*janusproc.Server
	relays   map[string]*turntest.Server // by URL
	guests   map[string]*guest.Guest     // by number
}

// newHost starts everything. ctx bounds the whole.
func newHost(ctx context.Context, s settings) (*host, error) {
	h := &host{
		settings: s, env: make(map[string]string), turn: make(chan struct{}, 1),
		jobs: make(map[string]*job), gateways: make(map[string]*janusproc.Server), relays: make(map[string]*turntest.Server),
		guests: make(map[string]*guest.Guest), secret: rand.Text(),
	}
	h.life, h.end = context.WithCancel(ctx)
	if err := h.start(ctx); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// start gets everything ready and then serves, so that no handler sees less.
func (h *host) start(ctx context.Context) error {
	far := peer.NewServer()
	control := h.controlHandler()
	control.Handle("/control/", far)
	var listeners [3]net.Listener
	for i, s := range []struct {
		server  **http.Server
		handler http.Handler
	}{
		{&h.pages, h.pageHandler()},
		{&h.control, http.StripPrefix("/"+h.secret, peer.AnyOrigin(control))},
		{&h.peers, far},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		listeners[i] = l
		*s.server = &http.Server{Addr: l.Addr().String(), Handler: s.handler, ConnContext: peer.ConnContext} //nolint:gosec // for tests
	}
	if err := h.startOthers(ctx); err != nil {
		return err
	}
	for i, s := range []*http.Server{h.pages, h.control, h.peers} {
		// It owns the listener and ends when close closes the server, which nobody
		// waits for: the program ends then.
		go func() { _ = s.Serve(listeners[i]) }()
	}
	return nil
}

// startOthers starts the gateway and the browser, and sets the environment.
func (h *host) startOthers(ctx context.Context) error {
	h.env["BIFRONS_PEER_CONTROL"] = h.address()
	h.env["BIFRONS_PEER"] = h.peers.Addr
	h.env["BIFRONS_IN"] = h.in
	address, err := nobody()
	if err != nil {
		return err
	}
	h.env["BIFRONS_NOBODY"] = address
	h.embedded = gateway.Start(nil)
	embedded, err := h.embedded.Listen()
	if err != nil {
		return err
	}
	h.env["BIFRONS_EMBEDDED"] = embedded.WS
	if err := h.startGateway(ctx); err != nil {
		return err
	}
	if h.in == "node" {
		return nil
	}
	o := chrome.Options{Binary: os.Getenv("BIFRONS_CHROMIUM"), Flags: chromiumFlags}
	if h.log {
		o.Output = os.Stderr
	}
	h.browser, err = chrome.Start(ctx, &o)
	return err
}

// startGateway starts the Janus that all tests share.
func (h *host) startGateway(ctx context.Context) error {
	gw, err := h.newGateway(ctx, nil)
	if errors.Is(err, janusproc.ErrNotInstalled) {
		fmt.Fprintln(os.Stderr, "browsertest: no Janus:", err)
		return nil
	}
	if err != nil {
		return err
	}
	maps.Copy(h.env, gw)
	return nil
}

// nobody returns an address where nobody listens. Browsers refuse some ports, so
// a test cannot take any.
func nobody() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// address is where tests ask.
func (h *host) address() string { return "http://" + h.control.Addr + "/" + h.secret }

// close ends everything that start started.
func (h *host) close() {
	h.end()
	if h.browser != nil {
		h.browser.Close()
	}
	for _, s := range []*http.Server{h.pages, h.control, h.peers} {
		if s != nil {
			_ = s.Close()
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.guests {
		_ = g.Close()
	}
	for _, s := range h.relays {
		_ = s.Stop()
	}
	if h.embedded != nil {
		h.embedded.Close()
	}
	for _, gw := range h.gateways {
		gw.Kill()
		gw.Stop()
	}
}
