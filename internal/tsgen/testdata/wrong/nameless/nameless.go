// Package nameless has a struct in a struct.
package nameless

// Outer is a message.
type Outer struct {
	Inner struct {
		A int `json:"a"`
	} `json:"inner"`
}
