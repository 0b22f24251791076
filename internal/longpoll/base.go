package longpoll

import (
	"strconv"
	"strings"

	"github.com/bifrons-rtc/bifrons/transport"
)

// base is a URL cut where the path of an endpoint goes. A query, which is for
// a proxy in between, is repeated on every request.
type base struct{ path, query string }

func parseBase(root string) base {
	root, _, _ = strings.Cut(root, "#")
	path, query, _ := strings.Cut(root, "?")
	return base{path: strings.TrimRight(path, "/"), query: query}
}

// endpoint returns the URL for a message of the given session and handle.
func (b base) endpoint(session, handle uint64) string {
	return join(b.route(session, handle), b.query)
}

func (b base) route(session, handle uint64) string {
	path := b.path
	if session != 0 {
		path += "/" + strconv.FormatUint(session, 10)
		if handle != 0 {
			path += "/" + strconv.FormatUint(handle, 10)
		}
	}
	return path
}

// poll returns the URL to ask for events. Janus takes the credentials of a poll
// from its query and from nowhere else.
func (b base) poll(session uint64, events int, rid uint64, auth transport.Auth) string {
	query := b.query
	if query != "" {
		query += "&"
	}
	query += "maxev=" + strconv.Itoa(events) + "&rid=" + strconv.FormatUint(rid, 10)
	if auth.Token != "" {
		query += "&token=" + escape(auth.Token)
	}
	if auth.APISecret != "" {
		query += "&apisecret=" + escape(auth.APISecret)
	}
	return join(b.route(session, 0), query)
}

func join(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// escape percent-encodes all but the unreserved characters of RFC 3986 section
// 2.3, so a value means the same to every server.
func escape(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			c == '-', c == '_', c == '.', c == '~':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
