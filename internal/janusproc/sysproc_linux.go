package janusproc

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// sysProcAttr gives the child a process group of its own, so that Ctrl-C
// reaches only the caller, and ends it with the caller.
func sysProcAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// stopped says whether every thread of the process has stopped.
func stopped(pid int) bool {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil || len(files) == 0 {
		return false
	}
	for _, name := range files {
		stat, err := os.ReadFile(name)
		if err != nil {
			return false
		}
		// pid (name) state …; the name may hold anything.
		_, after, ok := bytes.Cut(stat[bytes.LastIndexByte(stat, ')')+1:], []byte(" "))
		if !ok || len(after) == 0 || after[0] != 'T' {
			return false
		}
	}
	return true
}
