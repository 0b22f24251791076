//go:build !js

package dialerr

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/bifrons-rtc/bifrons/transport"
)

// CheckURL returns a [*transport.URLError] unless rawURL has one of the schemes
// and a host. The error shows example.
func CheckURL(rawURL, example string, schemes ...string) error {
	bad := func(reason string) error {
		return &transport.URLError{URL: transport.Redact(rawURL), Reason: reason + "; write it as " + example}
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		// What url.Parse quotes may be a part that Redact would remove.
		if e, ok := errors.AsType[*url.Error](err); ok && !strings.ContainsAny(rawURL, "@?#") {
			return bad(e.Err.Error())
		}
		return bad("it does not parse")
	}
	if !slices.Contains(schemes, strings.ToLower(u.Scheme)) {
		return bad("the scheme is not " + strings.Join(schemes, " or "))
	}
	if u.Hostname() == "" {
		return bad("no host")
	}
	return nil
}
