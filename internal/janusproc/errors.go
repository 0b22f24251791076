//go:build !js

package janusproc

import (
	"errors"
	"strings"
)

var (
	// ErrNotInstalled is matched when the program is not there.
	ErrNotInstalled = errors.New("no Janus is installed; fix: apt-get install janus")

	// ErrStopped is matched by calls on a server after Stop.
	ErrStopped = errors.New("the server was stopped for good")

	// ErrNotRunning is matched when a call needs the process and it is gone.
	ErrNotRunning = errors.New("the server is not running")
)

// What another try can cure.
var (
	errTaken = errors.New("is the port taken by another program?")

	// Janus 1.1.2 starts the thread of its Unix sockets a moment before the
	// flag that keeps the thread running: once in a while it ends at once.
	errUnixRace = errors.New("its own race; try again")
)

// StartError reports a Janus that was started and did not come up as asked.
type StartError struct {
	Reason string // one line
	Log    string // the end of what Janus printed, several lines
	Err    error  // the cause, if there is one
}

// Error returns one line; the log is not in it.
func (e *StartError) Error() string {
	text := "janusproc: Janus did not start: " + e.Reason
	if e.Err != nil {
		text += " (" + strings.ReplaceAll(e.Err.Error(), "\n", "; ") + ")"
	}
	return text
}

// Unwrap returns the cause.
func (e *StartError) Unwrap() error { return e.Err }
