// Package tags has an event that would lose its kind.
package tags

import "github.com/bifrons-rtc/bifrons/client"

// Jackpot is an event. Its Kind is "tags.jackpot".
type Jackpot struct {
	client.EventBase `json:"-"`
	Player           string `json:"player"`
}
