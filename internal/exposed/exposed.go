// Package exposed tells the URLs by which credentials would go over a network in
// the open. It builds on every target.
//
//	if secret != "" && exposed.URL(url) { … }
package exposed

import (
	"strconv"
	"strings"
)

// URL reports whether what goes to url is not encrypted and leaves this host: by
// ws or http, to a host that is neither localhost nor a loopback address in full,
// as people write it. A URL that does not parse counts as what a browser would
// make of it.
func URL(url string) bool {
	scheme, rest, _ := strings.Cut(url, "://")
	if !strings.EqualFold(scheme, "ws") && !strings.EqualFold(scheme, "http") {
		return false
	}
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 { // browsers take \ for /
		rest = rest[:i]
	}
	host := rest[strings.LastIndexByte(rest, '@')+1:]
	if end := strings.IndexByte(host, ']'); end >= 0 && host[0] == '[' {
		return host[:end+1] != "[::1]"
	}
	host, _, _ = strings.Cut(host, ":")
	return !strings.EqualFold(host, "localhost") && !isLoopback(host)
}

// isLoopback reports whether host is an address of 127.0.0.0/8 in full: a name
// may begin like one.
func isLoopback(host string) bool {
	for n := 0; ; n++ {
		part, rest, more := strings.Cut(host, ".")
		_, err := strconv.ParseUint(part, 10, 8)
		if err != nil || n == 0 && part != "127" {
			return false
		}
		if !more {
			return n == 3
		}
		host = rest
	}
}
