package transportjs

import (
	"slices"
	"strings"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/transport"
)

// checkURL returns the host and port of rawURL, or a [*transport.URLError] unless
// it has one of the schemes and a host. The error shows example.
func checkURL(rawURL, example string, schemes ...string) (host string, err error) {
	bad := func(reason string) error {
		return &transport.URLError{URL: transport.Redact(rawURL), Reason: reason + "; write it as " + example}
	}
	if strings.ContainsAny(rawURL, " \t\r\n") { // browsers mend that, each in its way
		return "", bad("it does not parse")
	}
	url, err := jsx.Try(func() js.Value { return js.Global().Get("URL").New(rawURL) })
	if err != nil {
		return "", bad("it does not parse")
	}
	if !slices.Contains(schemes, strings.TrimSuffix(url.Get("protocol").String(), ":")) {
		return "", bad("the scheme is not " + strings.Join(schemes, " or "))
	}
	// The parser of browsers makes a host of what it finds behind any number of
	// slashes.
	_, rest, _ := strings.Cut(rawURL, ":")
	if !strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "///") {
		return "", bad("no host")
	}
	return url.Get("host").String(), nil
}
