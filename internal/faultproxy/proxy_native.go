//go:build !js

package faultproxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Proxy stands before a gateway on sockets.
type Proxy struct {
	faults *Faults
	target *url.URL
	server *http.Server
	client *http.Transport
	addr   string
	ctx    context.Context //nolint:containedctx // of everything the proxy has open
	stop   context.CancelFunc
	wg     sync.WaitGroup

	mu        sync.Mutex // guards what follows
	exchanges map[int]context.CancelCauseFunc
	last      int                   // key in exchanges
	sockets   map[net.Conn]struct{} // closed with the proxy
}

// Listen starts a proxy on a free port of loopback. The target is the URL of a
// gateway: ws or http. The caller closes the Proxy.
func Listen(f *Faults, target string) (*Proxy, error) {
	u, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("faultproxy: %w", err)
	}
	if u.Scheme != "ws" && u.Scheme != "http" {
		return nil, fmt.Errorf("faultproxy: cannot read %q: use ws or http", u.Scheme)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("faultproxy: %w", err)
	}
	p := &Proxy{
		faults: f, target: u, addr: l.Addr().String(), client: &http.Transport{},
		exchanges: make(map[int]context.CancelCauseFunc), sockets: make(map[net.Conn]struct{}),
	}
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	if u.Scheme == "http" {
		f.open(p.cut)
	}
	// It takes connections until the listener is closed; Close waits for it.
	p.wg.Go(func() { _ = p.server.Serve(&gate{l, p}) })
	return p, nil
}

// URL returns what a client dials in the place of the target.
func (p *Proxy) URL() string {
	u := *p.target
	u.Host = p.addr
	return u.String()
}

// Close ends every connection and returns when the goroutines are gone. It is
// idempotent.
func (p *Proxy) Close() {
	p.mu.Lock()
	p.stop()
	for c := range p.sockets {
		_ = c.Close()
	}
	p.mu.Unlock()
	_ = p.server.Close()
	p.wg.Wait()
	p.client.CloseIdleConnections()
}

// ServeHTTP implements http.Handler: it tells WebSockets and exchanges apart.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.enter() {
		return
	}
	defer p.wg.Done()
	r.URL.Scheme, r.URL.Host = "http", p.target.Host
	if p.target.Scheme == "ws" {
		p.tunnel(w, r)
		return
	}
	p.exchange(w, r)
}

// enter counts a handler, unless the proxy is closed.
func (p *Proxy) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() != nil {
		return false
	}
	p.wg.Add(1)
	return true
}

// keep has a socket closed with the proxy, and says whether that is still to
// come.
func (p *Proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() != nil {
		_ = c.Close()
		return false
	}
	p.sockets[c] = struct{}{}
	return true
}

// drop closes a socket.
func (p *Proxy) drop(c net.Conn) {
	_ = c.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.sockets, c)
}

// hijack takes the socket of a request.
func hijack(w http.ResponseWriter) (net.Conn, error) {
	h, ok := w.(http.Hijacker)
	if !ok {
		return nil, errors.New("faultproxy: no socket")
	}
	c, _, err := h.Hijack()
	return c, err
}

// reset closes a socket so that its peer is told of a reset.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}

// gate refuses connections while Faults says so.
type gate struct {
	net.Listener
	p *Proxy
}

// Accept implements net.Listener.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		switch g.p.faults.refused() {
		case Pass:
			return c, nil
		case Silence:
			if g.p.keep(c) {
				// It hears what the client says, and ends when that has had enough, or
				// with the proxy, which waits for it.
				g.p.wg.Go(func() {
					_, _ = io.Copy(io.Discard, c)
					g.p.drop(c)
				})
			}
		case End:
			_ = c.Close()
		default:
			reset(c)
		}
	}
}
