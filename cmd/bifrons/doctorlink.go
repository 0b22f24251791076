//go:build !js

package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

// checkTransport opens the connection that everything else goes over, and finds
// out what is there when that fails.
func (d *doctor) checkTransport(ctx context.Context) *finding {
	transports := d.opts.Transports
	if d.insecure != "" {
		skip := &tls.Config{InsecureSkipVerify: true} // only what needs no secret is asked
		https := &rest.Dialer{TLSConfig: skip}
		d.closeIdle = https.CloseIdle
		transports = transport.Registry{"wss": &ws.Dialer{TLSConfig: skip}, "https": https}
	}
	conn, err := transports.Dial(ctx, d.url.String(), transport.Janus)
	if err != nil {
		d.stop = "there is no gateway to ask"
		return d.notJanus(ctx, err)
	}
	opts := *d.opts
	if d.openly() {
		opts.Credentials = nil // what is asked before the login needs none
	}
	d.client = client.New(conn, &opts)
	text := "connected"
	switch {
	case d.http():
		text = "HTTP at " + d.url.EscapedPath()
	case d.network():
		text = "WebSocket with the subprotocol janus-protocol"
	case d.url.Scheme == "unix":
		text = "Unix socket " + d.url.Path
	}
	if d.insecure != "" {
		text += ", without a look at the certificate"
	}
	return found("%s", text)
}

// notJanus says why there is no connection, and what is there instead.
func (d *doctor) notJanus(ctx context.Context, err error) *finding {
	text, fix := cause(err)
	code := exitCode(ctx, err)
	if code == exitFailure {
		code = exitConnect
	}
	if d.network() && !timedOut(ctx, err) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*probeTimeout)
		defer cancel()
		if is, use := d.identify(ctx); is != "" {
			return failure(exitConnect, use, "%s", is)
		}
		if isType[*transport.StatusError](err) {
			if is, use := d.otherServer(ctx); is != "" {
				return failure(code, use, "%s", is)
			}
		}
	}
	if fix == "" {
		fix = "see the gateway's log"
	}
	return failure(code, fix, "%s", text)
}

func timedOut(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, transport.ErrDialTimeout)
}

// identify tries in which other way Janus could be on the port. It returns
// nothing when it is not.
func (d *doctor) identify(ctx context.Context) (is, use string) {
	secure := map[bool]string{true: "s"}[d.tls()]
	if !d.tls() {
		if _, err := handshake(ctx, d.address(), d.url.Hostname()); err == nil {
			return "the server speaks TLS on this port", "use " + d.as(d.url.Scheme+"s", d.url.Path)
		}
	}
	for _, p := range []string{path.Clean("/" + d.url.Path), "/janus", "/admin"} {
		if !d.servesInfo(ctx, p) {
			continue
		}
		if path.Base(p) == "admin" {
			return "this is the admin API of Janus over HTTP", "use the port of the client API, 8088 by default, or bifrons admin"
		}
		return "this is Janus over HTTP, at " + p, "use " + d.as("http"+secure, p)
	}
	dialer := &ws.Dialer{TLSConfig: &tls.Config{InsecureSkipVerify: true}} // only the answer counts
	for _, api := range []transport.API{transport.Janus, transport.Admin} {
		conn, err := dialer.Dial(ctx, d.as("ws"+secure, "/"), api)
		if err != nil {
			continue
		}
		_ = conn.Close() // it was asked for nothing
		if api == transport.Admin {
			return "this is the admin API of Janus over WebSocket", "use the port of the client API, 8188 by default, or bifrons admin"
		}
		return "this is Janus over WebSocket", "use " + d.as("ws"+secure, "/")
	}
	return "", ""
}

// get asks for a path over HTTP, with or without TLS as the URL says. The caller
// closes the body.
func (d *doctor) get(ctx context.Context, p string) (*http.Response, error) {
	u := url.URL{Scheme: "http", Host: d.url.Host, Path: p}
	if d.tls() {
		u.Scheme = "https"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	c := &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true,
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // only what anybody may see
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c.Do(req)
}

// bodyLimit is how much of an answer is read: an info has some 5 KB.
const bodyLimit = 64 << 10

// servesInfo reports whether Janus answers at the path.
func (d *doctor) servesInfo(ctx context.Context, p string) bool {
	resp, err := d.get(ctx, path.Join(p, "info"))
	if err != nil {
		return false
	}
	defer resp.Body.Close() //nolint:errcheck // it was read only
	var answer struct {
		Janus string `json:"janus"`
	}
	return json.NewDecoder(io.LimitReader(resp.Body, bodyLimit)).Decode(&answer) == nil && answer.Janus == "server_info"
}

var htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>\s*(.*?)\s*</title>`)

// otherServer describes an HTTP server that is not Janus; nothing when it is
// none.
func (d *doctor) otherServer(ctx context.Context) (is, use string) {
	resp, err := d.get(ctx, d.url.Path)
	if err != nil {
		return "", ""
	}
	defer resp.Body.Close() //nolint:errcheck // it was read only
	is = "something that is not Janus answers: HTTP status " + strconv.Itoa(resp.StatusCode)
	if server := resp.Header.Get("Server"); server != "" {
		is += " of " + brief(server)
	}
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	body, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit))
	if err != nil {
		return is, "see what listens there"
	}
	if title := htmlTitle.FindSubmatch(body); title != nil {
		is += ", HTML with the title " + strconv.Quote(brief(string(title[1])))
	} else if kind != "" {
		is += ", " + brief(kind)
	}
	switch c := resp.StatusCode; {
	case c == http.StatusUnauthorized, c == http.StatusForbidden, c == http.StatusProxyAuthRequired:
		return is, "a proxy wants credentials of its own: let it pass this path without"
	case c >= http.StatusMultipleChoices && c < http.StatusBadRequest:
		return is, "use the URL it redirects to, " + transport.Redact(resp.Header.Get("Location")) + ", in the scheme of Janus"
	case c == http.StatusBadGateway, c == http.StatusServiceUnavailable, c == http.StatusGatewayTimeout:
		return is, "a proxy answers for a gateway that it cannot reach: start Janus, or correct the address in the proxy"
	}
	return is, "if it is a proxy, check that it passes this path on to Janus, and for WebSockets the headers Upgrade and Sec-WebSocket-Protocol"
}
