//go:build !js

package main

import (
	"errors"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport"
)

// What a check can come to.
const (
	statusOK      = "ok"
	statusWarning = "warning"
	statusFailed  = "failed"
	statusSkipped = "skipped"
)

// finding is the result of a check.
type finding struct {
	Check   string `json:"check"`
	Status  string `json:"status"`
	Text    string `json:"text"`
	Fix     string `json:"fix,omitempty"` // one sentence; of warnings and failures
	Details any    `json:"details,omitempty"`

	code int // exit code, of a failure
}

// text is f for reading.
func (f *finding) text() string {
	s := fmt.Sprintf("%-8s %-10s %s", f.Status, f.Check, oneLine(f.Text))
	if f.Fix != "" {
		s += fmt.Sprintf("\n%-8s %-10s fix: %s", "", "", oneLine(f.Fix))
	}
	return s
}

func found(format string, args ...any) *finding {
	return &finding{Status: statusOK, Text: fmt.Sprintf(format, args...)}
}

func warning(fix, format string, args ...any) *finding {
	return &finding{Status: statusWarning, Fix: fix, Text: fmt.Sprintf(format, args...)}
}

func failure(code int, fix, format string, args ...any) *finding {
	return &finding{Status: statusFailed, Fix: fix, Text: fmt.Sprintf(format, args...), code: code}
}

func skipped(format string, args ...any) *finding {
	return &finding{Status: statusSkipped, Text: fmt.Sprintf(format, args...)}
}

// with adds details for scripts.
func (f *finding) with(details any) *finding {
	f.Details = details
	return f
}

// cause splits an error into what happened and what to do, so that each is said
// once.
func cause(err error) (text, fix string) {
	if e, ok := errors.AsType[*transport.DialError](err); ok {
		return e.Err.Error(), e.Fix
	}
	if e, ok := errors.AsType[*client.Error](err); ok && e.Hint != "" {
		bare := *e
		bare.Hint = ""
		return bare.Error(), e.Hint
	}
	return err.Error(), ""
}
