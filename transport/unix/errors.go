//go:build !js

package unix

import (
	"errors"
	"fmt"
	"syscall"
)

// SizeError reports a message that Janus would drop without a word, because it
// does not fit the buffer of its Unix transport. Nothing was sent.
type SizeError struct{ Size, Limit int } // bytes

func (e *SizeError) Error() string {
	return fmt.Sprintf("unix: message of %d bytes: Janus drops packets above %d bytes; use a WebSocket for it", e.Size, e.Limit)
}

// tooLong recognises a packet that does not fit the socket's send buffer.
func tooLong(err error) bool { return errors.Is(err, syscall.EMSGSIZE) }
