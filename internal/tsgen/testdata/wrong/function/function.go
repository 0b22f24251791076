// Package function has a message that cannot be written.
package function

// Call is a message.
type Call struct {
	Number string `json:"number"`
	Back   func()
}
