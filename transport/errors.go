package transport

import (
	"errors"
	"strconv"
	"strings"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

var (
	// ErrClosed is matched by the error of any call on a closed Conn.
	ErrClosed = errors.New("transport: connection closed")

	// ErrUncertain is matched by the error of a Write whose message may have
	// reached the gateway all the same.
	ErrUncertain = errors.New("transport: the message may have been delivered")

	// ErrDialTimeout is matched by the error of a dial that took longer than the
	// Dialer allows one without a deadline of its own.
	ErrDialTimeout = errors.New("transport: no connection in time")

	// ErrPongTimeout is matched by the error of a connection given up because
	// its peer stopped answering pings.
	ErrPongTimeout = errors.New("transport: no answer to a ping")
)

// SchemeError reports a URL scheme the Registry does not hold. It matches
// errors.ErrUnsupported.
type SchemeError struct {
	Scheme string
	Known  []string // the schemes that would work, sorted
}

func (e *SchemeError) Error() string {
	if len(e.Known) == 0 {
		return "transport: no transport for scheme " + strconv.Quote(e.Scheme) + ": the registry is empty"
	}
	return "transport: no transport for scheme " + strconv.Quote(e.Scheme) + "; use one of " + strings.Join(e.Known, ", ")
}

// Unwrap returns errors.ErrUnsupported.
func (e *SchemeError) Unwrap() error { return errors.ErrUnsupported }

// URLError reports a URL that cannot be dialed whatever the network does.
type URLError struct {
	URL    string // redacted
	Reason string // what is wrong, and the fix
}

func (e *URLError) Error() string {
	return "transport: bad URL " + strconv.Quote(e.URL) + ": " + e.Reason
}

// DialError reports that no connection could be made.
type DialError struct {
	URL string // redacted
	Err error
	Fix string // what to look at; may be empty
	// Final says that another try would end the same way: the certificate was not
	// accepted, or the server does not speak the subprotocol.
	Final bool
}

func (e *DialError) Error() string {
	s := "transport: dial " + e.URL + ": " + e.Err.Error()
	if e.Fix != "" {
		s += " (" + e.Fix + ")"
	}
	return s
}

// Unwrap returns Err.
func (e *DialError) Unwrap() error { return e.Err }

// CloseError reports that a connection was lost. Code is the status code of RFC
// 6455 section 7.4 that the peer of a WebSocket gave; 1006 stands for a
// connection of any transport that ended without one, with Err as its cause.
type CloseError struct {
	Code   int
	Reason string // as the peer wrote it
	Err    error  // nil when the peer closed in order
}

func (e *CloseError) Error() string {
	s := fmt.Sprintf("transport: connection lost: close code %d", e.Code)
	if e.Reason != "" {
		s += " " + strconv.Quote(e.Reason)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns Err.
func (e *CloseError) Unwrap() error { return e.Err }

// TooLargeError reports a message above the read limit, which ends the
// connection. Raise the ReadLimit of the Dialer if the gateway is right.
type TooLargeError struct{ Limit int64 } // bytes

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("transport: message larger than the read limit of %d bytes; raise ReadLimit", e.Limit)
}

// StatusError reports an HTTP answer that is not the gateway's: a wrong path,
// a refused poll, or a proxy that speaks for it.
type StatusError struct {
	Code int    // HTTP status; 200 when the body was not JSON
	URL  string // redacted
	Body string // start of the body, at most 200 bytes, on one line
	Fix  string // what to look at; may be empty
}

func (e *StatusError) Error() string {
	s := fmt.Sprintf("transport: HTTP status %d from %s", e.Code, e.URL)
	if e.Body != "" {
		s += ": " + strconv.Quote(e.Body)
	}
	if e.Fix != "" {
		s += " (" + e.Fix + ")"
	}
	return s
}
