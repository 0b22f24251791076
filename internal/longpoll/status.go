package longpoll

import (
	"errors"
	"strings"

	"github.com/bifrons-rtc/bifrons/transport"
)

// statusError describes an answer that is not Janus'. url may hold secrets.
func statusError(status int, url string, answer []byte) *transport.StatusError {
	return &transport.StatusError{Code: status, URL: transport.Redact(url), Body: excerpt(answer, url), Fix: fix(status)}
}

func fix(status int) string {
	switch {
	case status == 200:
		return "this is not Janus' answer: is the URL that of its HTTP transport? it is http://host:8088/janus by default"
	case status >= 300 && status < 400:
		return "the server redirects, which requests with credentials do not follow: dial the final URL, maybe https:// instead of http://"
	case status == 401, status == 403, status == 407:
		return "a proxy in between wants credentials, or this is Janus' port for WebSockets: that one is for ws:// URLs"
	case status == 404:
		return "is the path right? by default Janus has its client API under /janus on port 8088 and its admin API under /admin on port 7088"
	case status == 413:
		return "a proxy in between refuses requests of this size: raise its limit, client_max_body_size in nginx"
	case status == 429:
		return "a proxy in between limits the rate of requests"
	case status == 502, status == 503, status == 504:
		return "a proxy in between does not reach Janus: is it running?"
	}
	return ""
}

// excerpt returns the start of a body on one line. A server that repeats the
// request would show its credentials, so such a body is left out.
func excerpt(body []byte, url string) string {
	const most = 200
	s := strings.ToValidUTF8(string(body[:min(len(body), most)]), "")
	s = strings.Join(strings.Fields(s), " ")
	lower := strings.ToLower(s)
	for _, word := range []string{"token", "secret", "password", "authorization"} {
		if strings.Contains(lower, word) {
			return ""
		}
	}
	for _, part := range hidden(url) {
		if part != "" && strings.Contains(s, part) {
			return ""
		}
	}
	return s
}

// hidden returns the parts of url that Redact removes.
func hidden(url string) []string {
	rest, query, _ := strings.Cut(url, "?")
	if _, after, ok := strings.Cut(rest, "://"); ok {
		rest = after
	}
	authority, _, _ := strings.Cut(rest, "/")
	user := authority[:max(strings.LastIndexByte(authority, '@'), 0)]
	name, password, _ := strings.Cut(user, ":")
	return []string{query, name, password}
}

// uncertain marks err as that of a request which may have arrived.
func uncertain(err error) error { return &uncertainError{err} }

type uncertainError struct{ err error }

func (e *uncertainError) Error() string {
	return transport.ErrUncertain.Error() + ": " + strings.TrimPrefix(e.err.Error(), "transport: ")
}

// Unwrap makes the error match both what it is and ErrUncertain.
func (e *uncertainError) Unwrap() []error { return []error{e.err, transport.ErrUncertain} }

// maybeDelivered says whether a proxy that answers with status may have passed
// the request on before.
func maybeDelivered(status int) bool {
	return status == 200 || status == 408 || status >= 500 && status != 501 && status != 503
}

// passing says whether an answer to a poll may be another one next time.
func passing(status int) bool {
	return status == 200 || status == 408 || status == 429 || status >= 500
}

func tooLarge(err error) bool {
	var e *transport.TooLargeError
	return errors.As(err, &e)
}
