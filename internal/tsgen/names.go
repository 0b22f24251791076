//go:build !js

package tsgen

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/bifrons-rtc/bifrons/internal/pagejson"
)

// snake returns a Go name as Janus writes it: "slow_link" for "SlowLink".
func snake(name string) string {
	var b strings.Builder
	for _, r := range pagejson.Name(name) {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

// key returns a property's name, quoted where it has to be.
func key(name string) string {
	if identifier.MatchString(name) {
		return name
	}
	return quote(name)
}
