package janustest

import (
	"crypto/hmac"
	"crypto/sha1" // what Janus signs with
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"
)

// authorized reports whether r may be served: with the secret or with a token
// when both are configured. s.mu is held.
func (s *Server) authorized(r *request) bool {
	tokens := s.opts.Tokens != nil || s.opts.TokenSecret != ""
	if s.opts.APISecret == "" && !tokens {
		return true
	}
	if secret, ok := r.str("apisecret"); ok && s.opts.APISecret != "" && secret == s.opts.APISecret {
		return true
	}
	token, ok := r.str("token")
	if !ok || !tokens {
		return false
	}
	if s.opts.TokenSecret != "" {
		_, good := s.verify(token)
		return good
	}
	_, known := s.opts.Tokens[token]
	return known
}

// allowed reports whether the token of r may attach to plugin. A request that
// holds none got here with the API secret, which opens everything; one that
// holds both is bound by its token. s.mu is held.
func (s *Server) allowed(r *request, plugin string) bool {
	token, ok := r.str("token")
	switch {
	case !ok || s.opts.Tokens == nil && s.opts.TokenSecret == "":
		return true
	case s.opts.TokenSecret != "":
		items, good := s.verify(token)
		return good && slices.Contains(items, plugin)
	}
	list, known := s.opts.Tokens[token]
	return known && (len(list) == 0 || slices.Contains(list, plugin))
}

// verify checks a signed token and returns its items:
//
//	<expiry>,janus[,<plugin>…]:<base64 of the HMAC-SHA1>
//
// https://janus.conf.meetecho.com/docs/auth.html
func (s *Server) verify(token string) (items []string, ok bool) {
	data, signature, ok := strings.Cut(token, ":")
	if !ok || strings.Contains(signature, ":") {
		return nil, false
	}
	parts := strings.Split(data, ",")
	if len(parts) < 2 || parts[1] != "janus" || leadingInt(parts[0]) < time.Now().Unix() {
		return nil, false
	}
	mac := hmac.New(sha1.New, []byte(s.opts.TokenSecret))
	mac.Write([]byte(data))
	want := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return parts[2:], hmac.Equal([]byte(want), []byte(signature))
}

// leadingInt reads a number as strtoll does, with which Janus reads the expiry:
// what follows the digits does not matter, and without digits it is 0.
func leadingInt(s string) int64 {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || end == 0 && (s[0] == '-' || s[0] == '+')) {
		end++
	}
	n, _ := strconv.ParseInt(s[:end], 10, 64) // out of range gives the nearest
	return n
}
