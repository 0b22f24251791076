package media

import "strings"

// checkServer looks at one URL of an ICE server (RFC 7064, RFC 7065). The error
// names no credential.
func checkServer(url string, s ICEServer) error {
	scheme, rest, _ := strings.Cut(url, ":")
	switch {
	case scheme != "stun" && scheme != "stuns" && scheme != "turn" && scheme != "turns":
		return &OptionError{"ICEServers", "scheme " + quote(scheme) + ", want stun, stuns, turn or turns"}
	case rest == "" || strings.HasPrefix(rest, "//"):
		return &OptionError{"ICEServers", "want " + scheme + ":host:port, without //"}
	case isTURN(url) && (s.Username == "" || s.Credential == ""):
		return &OptionError{"ICEServers", scheme + " needs Username and Credential"}
	}
	return nil
}

func isTURN(url string) bool {
	return strings.HasPrefix(url, "turn:") || strings.HasPrefix(url, "turns:")
}

// quote shows a scheme in an error, cut short.
func quote(s string) string {
	const most = 16
	if len(s) > most {
		s = s[:most] + "…"
	}
	return `"` + s + `"`
}
