//go:build !js

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
)

// page serves the demo page to the browsers of this machine, and to nobody else.
type page struct {
	url    string
	root   *os.Root
	server *http.Server
	ended  chan struct{} // the server has returned
}

// errNotBuilt is matched when there is no page in the folder.
var errNotBuilt = errors.New("no page")

// openPage serves the built page in dir, on a free port. The page finds the
// gateway's URL in /config.json, and what c can do to it, if there is a c. The
// caller closes the page.
func openPage(ctx context.Context, dir, gateway string, c *chaos) (*page, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNotBuilt
	}
	if err != nil {
		return nil, fmt.Errorf("--page: %w", err)
	}
	if _, err := root.Stat("index.html"); err != nil {
		_ = root.Close()
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errNotBuilt
		}
		return nil, fmt.Errorf("--page: %w", err)
	}
	about := pageConfig{Gateway: dialable(gateway), Native: true}
	if c != nil {
		about.Gateway, about.Chaos = c.proxy.URL(), c.config()
	}
	config, err := json.Marshal(about)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("--page: %w", err), root.Close())
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("--page: %w", err), root.Close())
	}
	files := newPageFiles(root.FS(), config, l.Addr().String())
	files.chaos = c
	p := &page{
		url:  "http://" + l.Addr().String() + "/",
		root: root,
		server: &http.Server{
			Handler:           files,
			ReadHeaderTimeout: 10 * time.Second,
			MaxHeaderBytes:    16 << 10,
		},
		ended: make(chan struct{}),
	}
	// It owns the listener, ends with close, and close waits for it.
	go func() {
		defer close(p.ended)
		_ = p.server.Serve(l) // the error is that of close
	}()
	return p, nil
}

func (p *page) close() {
	_ = p.server.Close()
	<-p.ended
	_ = p.root.Close()
}

// pageConfig is what the page asks for when it starts.
type pageConfig struct {
	Gateway string `json:"gateway"` // empty: the page asks its user
	Native  bool   `json:"native"`  // a native peer runs beside the page

	Chaos *chaosConfig `json:"chaos,omitempty"` // nil: the gateway is not ours to harm
}

// dialable returns url if a page can dial it.
func dialable(url string) string {
	scheme, _, _ := strings.Cut(url, "://")
	switch strings.ToLower(scheme) {
	case "ws", "wss", "http", "https":
		return url
	}
	return ""
}

// page serves the page if there is one, and opens it in a browser if there is a
// display. The returned function ends it.
func (a *app) page(ctx context.Context, cmd *cli.Command, j *job) (func(), error) {
	dir := cmd.String("page")
	if dir == "" {
		return func() {}, nil
	}
	var c *chaos
	if j.victim != nil {
		var err error
		if c, err = newChaos(ctx, j.victim, j.url, a.secret); err != nil {
			return nil, fmt.Errorf("--page: %w", err)
		}
	}
	done := func() {
		if c != nil {
			c.close()
		}
	}
	p, err := openPage(ctx, dir, j.url, c)
	if err != nil {
		done()
	}
	if errors.Is(err, errNotBuilt) {
		j.show.notice("there is no page in " + dir + ", so this goes on without one: make demo-page builds it, and needs Node 20 or later")
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	j.show.page(p.url)
	if !cmd.Bool("no-open") {
		if err := a.browse(p.url); err != nil {
			j.show.notice("open the page yourself: " + err.Error())
		}
	}
	return func() { p.close(); done() }, nil
}
