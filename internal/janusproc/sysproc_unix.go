//go:build unix

package janusproc

import (
	"os"
	"syscall"
)

const terminateSignal = syscall.SIGTERM

// suspend stops every thread of p.
func suspend(p *os.Process) error { return p.Signal(syscall.SIGSTOP) }

// resume undoes suspend.
func resume(p *os.Process) error { return p.Signal(syscall.SIGCONT) }
