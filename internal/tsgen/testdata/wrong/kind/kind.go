// Package kind has an event that does not say its kind.
package kind

import "github.com/bifrons-rtc/bifrons/client"

// Surprise is an event.
type Surprise struct{ client.EventBase }
