//go:build !js

package tsgen

import (
	"fmt"
	"go/types"
	"regexp"
	"strings"
)

// clientPath is the package whose types have a meaning here.
const clientPath = "github.com/bifrons-rtc/bifrons/client"

// coreKinds are the events of package client that have Janus' names, where those
// are not the types'.
var coreKinds = map[string]string{
	"WebRTCUp": "webrtcup", "MediaState": "media", "SlowLink": "slowlink", "ICEFailed": "ice-failed",
	"RemoteCandidate": "trickle", "SessionTimeout": "timeout", "GatewayError": "error", "PluginEvent": "event",
}

var saysKind = regexp.MustCompile(`\b[Kk]ind is "([^"]+)"`)

// kind returns the kind of an event: what its comment says, or its name with
// that of its package, which client's own do without.
func (p *pkg) kind(d *decl) (string, error) {
	text := strings.Join(strings.Fields(d.doc.Text()), " ")
	if m := saysKind.FindStringSubmatch(text); m != nil {
		return m[1], nil
	}
	last := snake(d.name)
	k := p.name + "." + last
	if p.path == clientPath {
		if k := coreKinds[d.name]; k != "" {
			return k, nil
		}
		k = last
	}
	if found := p.literals(); !found[k] && !found[last] {
		return "", fmt.Errorf(`%s.%s: an event of unknown kind; name it %q, or say in its comment: Its Kind is "…"`, p.name, d.name, k)
	}
	return k, nil
}

// isClient reports whether t is the type of that name in package client.
func isClient(t types.Type, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == clientPath
}

// isEvent reports whether a struct embeds client.EventBase.
func isEvent(s *types.Struct) bool {
	for f := range s.Fields() {
		if f.Embedded() && isClient(f.Type(), "EventBase") {
			return true
		}
	}
	return false
}
