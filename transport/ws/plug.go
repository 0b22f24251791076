//go:build !js

package ws

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"time"
)

// plug is the HTTP side of one dial. It puts a link under the connection that
// net/http opens, below TLS, and finds out which link the WebSocket got.
type plug struct {
	client *http.Client
	pool   *http.Transport // this dial's own; nil with a foreign RoundTripper
	link   *link
}

func newPlug(s *Dialer) *plug {
	p := &plug{client: &http.Client{}}
	if s.HTTPClient != nil {
		c := *s.HTTPClient
		p.client = &c
	}
	var base *http.Transport
	switch rt := p.client.Transport.(type) {
	case nil:
		base, _ = http.DefaultTransport.(*http.Transport)
	case *http.Transport:
		base = rt
	default:
		p.client.Transport = &bodyPlug{next: rt, plug: p, timeout: s.WriteTimeout}
		return p
	}
	if base == nil { // somebody replaced http.DefaultTransport
		base = &http.Transport{Proxy: http.ProxyFromEnvironment}
	}
	p.pool = base.Clone()
	// A WebSocket needs HTTP/1; setting HTTP/2 up for one request costs more than
	// the rest of the dial.
	p.pool.ForceAttemptHTTP2 = false
	p.pool.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	p.pool.Protocols = nil
	if s.TLSConfig != nil {
		p.pool.TLSClientConfig = s.TLSConfig.Clone()
	}
	if s.Proxy != nil {
		p.pool.Proxy = s.Proxy
	}
	dial := p.pool.DialContext
	if dial == nil {
		dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	p.pool.DialContext = linked(dial, s.WriteTimeout)
	if p.pool.DialTLSContext != nil {
		p.pool.DialTLSContext = linked(p.pool.DialTLSContext, s.WriteTimeout)
	}
	p.client.Transport = p.pool
	return p
}

type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

func linked(dial dialFunc, timeout time.Duration) dialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		nc, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return newLink(nc, timeout), nil
	}
}

// trace watches for the connection the request really uses: a redirect opens
// more than one.
func (p *plug) trace(ctx context.Context) context.Context {
	if p.pool == nil {
		return ctx
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { p.link = findLink(info.Conn) },
	})
}

func findLink(nc net.Conn) *link {
	for {
		switch c := nc.(type) {
		case *link:
			return c
		case *tls.Conn:
			nc = c.NetConn()
		default:
			return nil
		}
	}
}

// abandon drops the connections of a dial that failed.
func (p *plug) abandon() {
	if p.pool != nil {
		p.pool.CloseIdleConnections()
	}
}

// bodyPlug puts the link on top of the upgraded body, where a RoundTripper of
// an unknown type leaves no other place.
type bodyPlug struct {
	next    http.RoundTripper
	plug    *plug
	timeout time.Duration
}

func (b *bodyPlug) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		return resp, err
	}
	if body, ok := resp.Body.(io.ReadWriteCloser); ok {
		b.plug.link = newLink(bodyConn{ReadWriteCloser: body}, b.timeout)
		resp.Body = b.plug.link
	}
	return resp, nil
}

// bodyConn lends a body the rest of a net.Conn. Nobody calls those methods: a
// link uses deadlines of sockets only.
type bodyConn struct {
	net.Conn
	io.ReadWriteCloser
}

func (b bodyConn) Read(p []byte) (int, error)  { return b.ReadWriteCloser.Read(p) }
func (b bodyConn) Write(p []byte) (int, error) { return b.ReadWriteCloser.Write(p) }
func (b bodyConn) Close() error                { return b.ReadWriteCloser.Close() }
