//go:build !js

package conform_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
)

// attempts is a test of which the failures are looked at first. Only the methods
// that the player uses are its own.
type attempts struct {
	testing.TB
	failures []string
	cleanups []func()
}

// attempt runs f and returns its failures.
func attempt(t *testing.T, f func(testing.TB)) []string {
	a := &attempts{TB: t}
	over := make(chan struct{})
	// It ends with f, which Fatal cuts short, and is waited for here.
	go func() {
		defer close(over)
		defer func() {
			for _, clean := range slices.Backward(a.cleanups) {
				clean()
			}
		}()
		f(a)
	}()
	<-over
	return a.failures
}

func (a *attempts) Cleanup(f func()) { a.cleanups = append(a.cleanups, f) }

func (a *attempts) Errorf(format string, args ...any) {
	a.failures = append(a.failures, fmt.Sprintf(format, args...))
}

func (a *attempts) Fatalf(format string, args ...any) {
	a.Errorf(format, args...)
	runtime.Goexit()
}

func (a *attempts) Fatal(args ...any) { a.Fatalf("%s", fmt.Sprint(args...)) }
