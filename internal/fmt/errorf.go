package fmt

import (
	"errors"
	"fmt"
)

// Errorf returns an error with a text, which wraps what its %w stand for.
func Errorf(format string, args ...any) error {
	if false { // how go vet finds out what this is like
		return fmt.Errorf(format, args...)
	}
	p := printer{args: args}
	p.print(format)
	text := string(p.b)
	switch len(p.wrapped) {
	case 0:
		return errors.New(text)
	case 1:
		return &wrapping{text, p.wrapped[0]}
	}
	return &joining{text, p.wrapped}
}

// Sprintf returns a text.
func Sprintf(format string, args ...any) string {
	if false {
		return fmt.Sprintf(format, args...)
	}
	p := printer{args: args}
	p.print(format)
	return string(p.b)
}

// wrapping is an error with one %w.
type wrapping struct {
	text string
	err  error
}

func (e *wrapping) Error() string { return e.text }
func (e *wrapping) Unwrap() error { return e.err }

// joining is an error with more than one %w.
type joining struct {
	text string
	errs []error
}

func (e *joining) Error() string   { return e.text }
func (e *joining) Unwrap() []error { return e.errs }
