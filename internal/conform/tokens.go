package conform

import (
	"testing"
)

// AddTokens stores tokens in a gateway by its admin API, which dial reaches.
func AddTokens(t testing.TB, dial DialFunc, secret string, tokens map[string][]string) {
	t.Helper()
	p := NewPlayer(t, dial)
	for token, plugins := range tokens {
		p.Run(`
			a> {"janus":"add_token","transaction":"1","admin_secret":"` + secret + `","token":"` + token + `","plugins":` + text(append([]string{}, plugins...)) + `}
			a< {"janus":"success","transaction":"1","data":"$any"}`)
	}
}
