package transportjs

import (
	"errors"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

var (
	errClosing  = errors.New("the connection is closing")
	errNoReason = errors.New("the browser gives no reason")
)

// OverflowError reports that messages came in and nobody read them. It is the
// cause of a [*transport.CloseError]: a page cannot slow the gateway down, and a
// message that is lost would be an answer that somebody waits for.
type OverflowError struct{ Limit int64 } // bytes

func (e *OverflowError) Error() string {
	return fmt.Sprintf("more than %d bytes wait to be read", e.Limit)
}

// unclean returns the cause of a CloseEvent that no close frame brought. There
// is never more to know.
func unclean(ev js.Value) error {
	if ev.Get("wasClean").Bool() {
		return nil
	}
	return errNoReason
}
