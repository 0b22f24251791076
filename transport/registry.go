package transport

import (
	"context"
	"maps"
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
	scheme, _, ok := strings.Cut(rawURL, "://")
	if !ok || scheme == "" {
		return nil, &URLError{URL: Redact(rawURL), Reason: "no scheme; write it as ws://host:8188/ or http://host:8088/janus"}
	}
	scheme = strings.ToLower(scheme)
	d, ok := r[scheme]
	if !ok || d == nil {
		return nil, &SchemeError{Scheme: scheme, Known: slices.Sorted(maps.Keys(r))}
	}
	return d.Dial(ctx, rawURL, api)
}

// Redact returns rawURL without user information, query and fragment, which
// are the places where a URL holds secrets. Every URL in an error went through
// it.
func Redact(rawURL string) string {
	if i := strings.IndexAny(rawURL, "?#"); i >= 0 {
		rawURL = rawURL[:i]
	}
	scheme, rest, ok := strings.Cut(rawURL, "://")
	if !ok {
		scheme, rest = "", rawURL
	}
	authority, path, slash := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	rest = authority
	if slash {
		rest += "/" + path
	}
	if !ok {
		return rest
	}
	return scheme + "://" + rest
}
