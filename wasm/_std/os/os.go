// Package os is what there is of an operating system in a page: arguments, an
// environment, and an error that others share.
package os

import "syscall"

var (
	Args = runtime_args()

	ErrDeadlineExceeded error = deadlineExceeded{}
)

// runtime_args is linked by package runtime.
func runtime_args() []string

func Getenv(key string) string {
	value, _ := syscall.Getenv(key)
	return value
}

type deadlineExceeded struct{}

func (deadlineExceeded) Error() string   { return "i/o timeout" }
func (deadlineExceeded) Timeout() bool   { return true }
func (deadlineExceeded) Temporary() bool { return true }
