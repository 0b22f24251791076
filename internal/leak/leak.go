// Package leak fails a test package which leaves goroutines behind. It is
// goleak with what every target needs told to it once:
//
//	func TestMain(m *testing.M) { leak.Main(m) }
package leak

import "go.uber.org/goleak"

// Runner runs the tests of a package. *testing.M is one.
type Runner interface {
	// Run runs them and returns the exit code.
	Run() int
}

// Main runs m and ends the program: with m's result, or with 1 when all tests
// passed and goroutines are left.
func Main(m Runner) { goleak.VerifyTestMain(m, options()...) }

// Find returns an error that lists the goroutines which are left, after giving
// them a moment to end.
func Find() error { return goleak.Find(options()...) }

// options names what the runtime itself keeps: under js, a goroutine that waits
// for events.
func options() []goleak.Option {
	return []goleak.Option{goleak.IgnoreAnyFunction("runtime.handleEvent")}
}
