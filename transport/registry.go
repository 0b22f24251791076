package transport

import (
	"context"
	"slices"
	"strings"
)

// Registry maps a URL scheme, in lower case, to the Dialer for it. It is a
// plain value: copy it, add to it, pass it on. There is no global registry and
// importing a transport registers nothing.
type Registry map[string]Dialer

// Dial dials rawURL with the Dialer of its scheme. A URL without a scheme is a
// [*URLError], a scheme that r does not hold a [*SchemeError].
func (r Registry) Dial(ctx context.Context, rawURL string, api API) (Conn, error) {
	scheme, _, ok := cutScheme(rawURL)
	if !ok {
		return nil, &URLError{URL: Redact(rawURL), Reason: "no scheme; write it as ws://host:8188/ or http://host:8088/janus"}
	}
	scheme = strings.ToLower(scheme)
	d, ok := r[scheme]
	if !ok || d == nil {
		var known []string
		for s, d := range r { // in order, without the 2 KB of slices.Sorted in a page
			if at, _ := slices.BinarySearch(known, s); d != nil {
				known = slices.Insert(known, at, s)
			}
		}
		return nil, &SchemeError{Scheme: scheme, Known: known}
	}
	return d.Dial(ctx, rawURL, api)
}

// Redact returns rawURL without user information, query and fragment, which
// are the places where a URL holds secrets. Every URL in an error went through
// it. One that is broken in a way that lets a password pass for something else
// comes back as its scheme and three stars.
func Redact(rawURL string) string {
	visible, hidden := rawURL, ""
	if i := strings.IndexAny(rawURL, "?#"); i >= 0 {
		visible, hidden = rawURL[:i], rawURL[i:]
	}
	scheme, rest, ok := cutScheme(visible)
	if ok {
		scheme += "://"
	}
	authority, path := rest, ""
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		return scheme + authority[i+1:] + path
	}
	// A password with an unescaped slash, question mark or hash in it.
	if !plainPort(authority) && strings.Contains(path+hidden, "@") {
		return scheme + "***"
	}
	return scheme + rest
}

// plainPort says whether what follows the last colon of a host can be a port.
func plainPort(host string) bool {
	i := strings.LastIndexByte(host, ':')
	return i < 0 || strings.IndexByte(host[i:], ']') >= 0 || strings.Trim(host[i+1:], "0123456789") == ""
}

// cutScheme returns what stands before and behind ://, or false if that is not
// a scheme by RFC 3986 section 3.1.
func cutScheme(rawURL string) (scheme, rest string, ok bool) {
	scheme, rest, ok = strings.Cut(rawURL, "://")
	for i, c := range []byte(scheme) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || ('0' > c || c > '9') && c != '+' && c != '-' && c != '.') {
			ok = false
		}
	}
	if !ok || scheme == "" {
		return "", rawURL, false
	}
	return scheme, rest, true
}
