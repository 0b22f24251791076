//go:build !js && !linux

package janusproc

import "syscall"

// sysProcAttr is the system's default: only Linux can tie a child to its parent.
func sysProcAttr() *syscall.SysProcAttr { return nil }

// stopped is not known here.
func stopped(int) bool { return true }
