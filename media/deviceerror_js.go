package media

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// deviceError explains why a device cannot be had.
func deviceError(k Kind, err error) error {
	what := map[Kind]string{0: "device", Audio: "microphone", Video: "camera"}[k]
	thrown, ok := errors.AsType[*jsx.Error](err)
	if !ok || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("media: capture: %w", err)
	}
	e := &DeviceError{Kind: k, Name: thrown.Name, Err: err}
	switch thrown.Name {
	case "NotAllowedError", "PermissionDeniedError":
		e.Reason = "the user, the browser or the system did not allow the " + what
		e.Fix = "allow it by the icon beside the page's address, and in the system's privacy settings; a page in a frame needs allow=\"camera; microphone\""
	case "NotFoundError", "DevicesNotFoundError":
		e.Reason = "there is no " + what
		e.Fix = "plug one in, or go on without"
	case "NotReadableError", "TrackStartError", "AbortError":
		e.Reason = "the " + what + " cannot be opened"
		e.Fix = "close other programs and tabs that use it, or plug it in again"
	case "OverconstrainedError", "ConstraintNotSatisfiedError":
		e.Reason = "no " + what + " is like that"
		if c := text(thrown.Value().Get("constraint")); c != "" {
			e.Reason += ": " + c
		}
		e.Fix = "ask for less, or for another device: ids change when the user clears the site's data"
	case "SecurityError":
		e.Reason = "the page may not use a " + what
		e.Fix = "look at the Permissions-Policy header of its server"
	case "InvalidStateError":
		e.Reason = "the page is not active"
		e.Fix = "ask when the user looks at it"
	default:
		e.Reason = "no " + what + ": " + thrown.Error()
		e.Fix = "look at the DeviceRequest"
	}
	return e
}
