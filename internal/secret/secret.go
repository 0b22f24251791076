// Package secret prints requests without the secrets in them.
//
//	func (r JoinRequest) String() string   { return secret.Hide(r) }
//	func (r JoinRequest) GoString() string { return r.String() }
//
// What holds such a request in an unexported field needs a pointer there: fmt calls
// no methods of what it cannot name.
package secret

import (
	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

// Hide returns the message that v makes, as [client.Redact] leaves it.
func Hide(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "***"
	}
	return string(client.Redact(b))
}
