package transportjs

import (
	"context"
	"errors"
	"strings"
	"sync"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/transport"
)

// gaveUp is the error of a dial whose ctx has ended.
func gaveUp(ctx context.Context, rawURL string) error {
	e := &transport.DialError{URL: transport.Redact(rawURL), Err: context.Cause(ctx)}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		e.Fix = "no answer: check the address, a firewall in between, and that the gateway is not frozen"
	}
	return e
}

// refusedWS is the fix for a WebSocket that failed for a reason only the browser
// knows.
func refusedWS(rawURL string, api transport.API) string {
	fix := "is Janus running, with its WebSocket transport on this port? the default is 8188, and the admin API's 7188 does not do"
	if api == transport.Admin {
		fix = "is Janus running with admin_ws = true? its admin API for WebSockets is off by default, and on port 7188 when on; the client API's 8188 does not do"
	}
	if isSecure(rawURL) {
		return fix + trust(rawURL)
	}
	return fix + "; a port for TLS wants wss://"
}

// refusedHTTP is the same for a request. Of a request the browser can at least
// tell whether the server is there.
func refusedHTTP(rawURL string, api transport.API) string {
	fix := "is Janus running, with its HTTP transport on this port? the default is 8088"
	if api == transport.Admin {
		fix = "is Janus running with admin_http = true? its admin API for HTTP is off by default, and on port 7088 when on"
	}
	if isSecure(rawURL) {
		return fix + trust(rawURL)
	}
	return fix + "; a port for TLS wants https://"
}

func isSecure(rawURL string) bool {
	scheme, _, _ := strings.Cut(rawURL, "://")
	return strings.EqualFold(scheme, "wss") || strings.EqualFold(scheme, "https")
}

// trust says how to look at a certificate.
func trust(rawURL string) string {
	_, rest, _ := strings.Cut(transport.Redact(rawURL), "://")
	host, _, _ := strings.Cut(rest, "/")
	return "; open https://" + host + "/ in a tab to see whether the browser trusts its certificate"
}

// policy listens for what the Content-Security-Policy of the page forbids, which
// is not in the error of what it forbade.
type policy struct {
	scope   jsx.Scope
	blocked chan struct{} // closed when it forbids a connection to the host
}

// watchPolicy begins to listen for connections to host that are forbidden.
func watchPolicy(host string) *policy {
	p := &policy{blocked: make(chan struct{})}
	block := sync.OnceFunc(func() { close(p.blocked) })
	if listens(js.Global()) {
		p.scope.Listen(js.Global(), "securitypolicyviolation", func(ev js.Value) {
			if strings.Contains(ev.Get("blockedURI").String(), host) {
				block()
			}
		})
	}
	return p
}

func (p *policy) close() { p.scope.Close() }

// forbids says whether the policy is why a connection has failed. The page may
// hear of that after the failure.
func (p *policy) forbids() bool {
	timer := time.NewTimer(policyDelay)
	defer timer.Stop()
	select {
	case <-p.blocked:
		return true
	case <-timer.C:
		return false
	}
}

const policyDelay = 30 * time.Millisecond

// explain makes the error of a dial that failed: thrown is what was thrown, nil
// if nothing was, and unknown the fix when nothing is known.
func (p *policy) explain(rawURL string, thrown error, unknown string) *transport.DialError {
	e := &transport.DialError{URL: transport.Redact(rawURL), Err: errNoReason, Fix: unknown}
	scheme, host, _ := strings.Cut(e.URL, "://")
	host, _, _ = strings.Cut(host, "/")
	switch {
	case p.forbids():
		e.Err = errors.New("the page's Content-Security-Policy forbids it")
		e.Fix = "add " + scheme + "://" + host + " to its connect-src"
	case !isSecure(rawURL) && (errors.Is(thrown, jsx.Name("SecurityError")) || mixed() && !loopback(host)):
		e.Err = errors.New("a page that was loaded over https: may not use " + scheme + ":")
		e.Fix = "dial " + scheme + "s://, which takes a gateway or a proxy with a certificate"
	case offline() && !loopback(host):
		e.Err = errors.New("the browser is offline")
		e.Fix = ""
	case thrown != nil:
		e.Err = harmless(thrown)
	}
	return e
}

// loopback says whether host, with or without a port, is this machine, which
// neither policy nor network keeps a page from.
func loopback(host string) bool {
	name, _, _ := strings.Cut(host, ":")
	return name == "localhost" || strings.HasPrefix(name, "127.") || strings.HasPrefix(host, "[::1]")
}

// listens says whether v has events, which Node's global object has not.
func listens(v js.Value) bool {
	return v.Type() == js.TypeObject && v.Get("addEventListener").Type() == js.TypeFunction
}

// mixed says whether the page may only use secure connections.
func mixed() bool {
	location := js.Global().Get("location")
	return location.Type() == js.TypeObject && location.Get("protocol").Equal(js.ValueOf("https:"))
}

func offline() bool {
	navigator := js.Global().Get("navigator")
	return navigator.Type() == js.TypeObject && navigator.Get("onLine").Equal(js.ValueOf(false))
}

// harmless returns err, or only its name if its text quotes a URL, which may
// hold secrets.
func harmless(err error) error {
	e, ok := errors.AsType[*jsx.Error](err)
	if !ok || !strings.Contains(e.Message, "://") {
		return err
	}
	return errors.New(e.Name)
}
