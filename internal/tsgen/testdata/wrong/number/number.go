// Package number has a message whose enumeration would be numbers.
package number

// Side says left or right, to people.
type Side int

const (
	Left Side = iota
	Right
)

func (s Side) String() string {
	switch s {
	case Left:
		return "left"
	case Right:
		return "right"
	}
	return ""
}

// Turn is a message.
type Turn struct {
	To Side `json:"to"`
}
