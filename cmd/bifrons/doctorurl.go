//go:build !js

package main

import (
	"context"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/bifrons-rtc/bifrons/internal/exposed"
	"github.com/bifrons-rtc/bifrons/transport"
)

// usual is what Janus has on a port unless it is told otherwise.
type usual struct {
	scheme, path string
	admin        bool
}

var usualPorts = map[string]usual{
	"8088": {"http", "/janus", false},
	"8089": {"https", "/janus", false},
	"8188": {"ws", "/", false},
	"8989": {"wss", "/", false},
	"7088": {"http", "/admin", true},
	"7889": {"https", "/admin", true},
	"7188": {"ws", "/", true},
	"7989": {"wss", "/", true},
}

// checkURL looks at the URL alone.
func (d *doctor) checkURL(context.Context) *finding {
	const example = "write it as ws://host:8188/, http://host:8088/janus or unix:///path"
	fail := func(format string, args ...any) *finding {
		d.stop = "there is no URL to dial"
		return failure(exitUsage, example, format, args...)
	}
	shown := transport.Redact(d.raw)
	if !strings.Contains(d.raw, "://") {
		return fail("%q has no scheme", shown)
	}
	u, err := url.Parse(d.raw)
	if err != nil {
		return fail("%q does not parse", shown)
	}
	d.url = u
	u.Scheme = strings.ToLower(u.Scheme)
	if _, ok := d.opts.Transports[u.Scheme]; !ok {
		known := slices.Sorted(maps.Keys(d.opts.Transports))
		return fail("the scheme %q is none of %s", u.Scheme, strings.Join(known, ", "))
	}
	if !d.network() {
		return found("%s", shown)
	}
	if u.Hostname() == "" {
		return fail("%q names no host", shown)
	}
	return d.checkPort(shown)
}

// checkPort compares the port with what Janus has there by default.
func (d *doctor) checkPort(shown string) *finding {
	u := d.url
	is, known := usualPorts[u.Port()]
	base := is.scheme + "://" + u.Hostname() + ":" + u.Port() + is.path
	switch {
	case known && is.admin:
		return warning("use the port of the client API, 8188 for ws and 8088 for http by default; bifrons admin is for this one",
			"%s: %s is the port of the admin API by default", shown, u.Port())
	case known && is.scheme != u.Scheme:
		return warning("if it is, use "+base, "%s: %s is the port for %s by default, not for %s", shown, u.Port(), is.scheme, u.Scheme)
	case d.credentials() && exposed.URL(d.raw):
		return warning("use wss:// or https:// for a gateway that others could listen to",
			"%s: the credentials go over the network without encryption", shown)
	}
	return found("%s", shown)
}

// network reports whether the URL is that of a network transport, with a port.
func (d *doctor) network() bool { return d.tls() || d.scheme("ws") || d.scheme("http") }

func (d *doctor) tls() bool { return d.scheme("wss") || d.scheme("https") }

func (d *doctor) http() bool { return d.scheme("http") || d.scheme("https") }

func (d *doctor) scheme(s string) bool { return d.url != nil && d.url.Scheme == s }

func (d *doctor) credentials() bool { return d.opts.Credentials != nil }

// openly reports whether credentials would go to another machine unencrypted, and
// nobody allowed that.
func (d *doctor) openly() bool {
	return d.credentials() && !d.opts.AllowInsecure && exposed.URL(d.raw)
}

// local reports whether the gateway is on this machine.
func (d *doctor) local() bool {
	ip, err := netip.ParseAddr(d.url.Hostname())
	return strings.EqualFold(d.url.Hostname(), "localhost") || err == nil && ip.IsLoopback()
}

// address returns host and port to connect to.
func (d *doctor) address() string {
	port := d.url.Port()
	if port == "" {
		port = "80"
		if d.tls() {
			port = "443"
		}
	}
	return net.JoinHostPort(d.url.Hostname(), port)
}

// as returns the URL of the same port with another scheme and path.
func (d *doctor) as(scheme, path string) string {
	return (&url.URL{Scheme: scheme, Host: d.url.Host, Path: path}).String()
}
