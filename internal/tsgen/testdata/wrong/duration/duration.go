// Package duration has a message that would say nanoseconds.
package duration

import "time"

// Wait is a message.
type Wait struct {
	For time.Duration `json:"for"`
}
