package netns

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// aloneEnv is set in a program that runs in a namespace of its own.
const aloneEnv = "BIFRONS_NETNS_ALONE"

// Alone runs this program once more, in a network namespace of its own, and exits
// as that one did. Call it first in TestMain: the interfaces of tests come and go,
// and peer connections of tests that run beside would use them, and lose them. The
// namespace has loopback and one more interface that leads nowhere, because peer
// connections like to have one. In the second run, and where the user may not
// make namespaces, Alone returns.
func Alone() error {
	ctx := context.Background()
	if os.Getenv(aloneEnv) != "" {
		return errors.Join(
			ip(ctx, "link", "set", "lo", "up"),
			ip(ctx, "link", "add", "bfnowhere", "type", "veth", "peer", "name", "bfthere"),
			ip(ctx, "addr", "add", "10.64.0.1/24", "dev", "bfnowhere"),
			ip(ctx, "link", "set", "bfthere", "up"),
			ip(ctx, "link", "set", "bfnowhere", "up"),
		)
	}
	if _, err := exec.LookPath("ip"); err != nil || os.Geteuid() != 0 {
		return nil //nolint:nilerr // New says what is missing
	}
	cmd := exec.CommandContext(ctx, "/proc/self/exe", os.Args[1:]...) //nolint:gosec // it is this program
	cmd.Args[0] = os.Args[0]
	cmd.Env = append(os.Environ(), aloneEnv+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	runtime.LockOSThread() // the second run is killed with the thread that began it
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		runtime.UnlockOSThread()
		return nil //nolint:nilerr // as without root
	}
	_ = cmd.Wait() // the exit code says it
	os.Exit(cmd.ProcessState.ExitCode())
	return nil
}
