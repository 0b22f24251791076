package media

import (
	"errors"
	"strconv"
	"strings"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// ErrClosed is matched by the error of a call on something that was closed, or
// whose peer was. The error may say why.
var ErrClosed = errors.New("media: closed")

// ErrState is matched when a call does not fit the state of the negotiation,
// such as an answer that no offer waits for.
var ErrState = errors.New("media: wrong state")

// ErrBlocked is matched when a page may not play sound or video before its user
// did something, as the autoplay rules of browsers want it.
var ErrBlocked = errors.New("media: the page may not play before its user clicks")

// DeviceError reports a device, or a screen, that cannot be had, and how to mend
// it in words for the person in front of it.
type DeviceError struct {
	Kind   Kind   // zero: both, or neither in particular
	Name   string // of the browser's exception, e.g. "NotAllowedError"
	Reason string
	Fix    string
	Err    error // the exception; may be nil
}

func (e *DeviceError) Error() string {
	s := "media: "
	if e.Kind != 0 {
		s += e.Kind.String() + ": "
	}
	s += e.Reason
	if e.Fix != "" {
		s += " (" + e.Fix + ")"
	}
	return s
}

// Unwrap returns Err.
func (e *DeviceError) Unwrap() error { return e.Err }

// FileError reports a media file that cannot be played or read, and how to mend
// it. It matches errors.ErrUnsupported when the file is of a kind this package
// does not know, and fs.ErrNotExist when it is missing.
type FileError struct {
	Name   string // as given
	Reason string
	Fix    string // what to do; may be empty
	Err    error  // may be nil
}

func (e *FileError) Error() string {
	var b strings.Builder
	b.WriteString("media: ")
	if e.Name != "" {
		b.WriteString(e.Name + ": ")
	}
	b.WriteString(e.Reason)
	if e.Fix != "" {
		b.WriteString(" (" + e.Fix + ")")
	}
	return b.String()
}

// Unwrap returns Err.
func (e *FileError) Unwrap() error { return e.Err }

// CodecError reports a track the other side, a sink or the target will not
// take, and how to mend it.
type CodecError struct {
	Kind  Kind   // zero for data
	MID   string // empty before the negotiation
	Codec string // name, e.g. "VP8"
	// Reason says who refused.
	Reason string
	Fix    string
}

func (e *CodecError) Error() string {
	what := "data"
	if e.Kind != 0 {
		what = e.Kind.String()
	}
	if e.Codec != "" {
		what += " codec " + e.Codec
	}
	s := "media: " + what + ": " + e.Reason
	if e.Fix != "" {
		s += " (" + e.Fix + ")"
	}
	return s
}

// MessageSizeError reports a message larger than the other side takes
// (a=max-message-size, RFC 8841). Nothing was sent.
type MessageSizeError struct{ Size, Max int }

func (e *MessageSizeError) Error() string {
	return "media: data channel: message of " + strconv.Itoa(e.Size) + " bytes, the other side takes " + strconv.Itoa(e.Max)
}

// DroppedError says that the reader was too slow and Count messages or samples
// were dropped before the next one. The stream goes on.
type DroppedError struct{ Count int }

func (e *DroppedError) Error() string {
	return "media: reader too slow, " + strconv.Itoa(e.Count) + " dropped"
}

// unsupported returns an error that matches errors.ErrUnsupported; why says
// where the thing works or what is missing.
func unsupported(what, why string) error {
	return fmt.Errorf("media: %s: %w: %s", what, errors.ErrUnsupported, why)
}
