//go:build !js

package janusproc

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"time"
)

// process is one run of the program.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process is gone and was waited for
	err  error         // why; valid once done is closed
	told atomic.Bool   // that it has to end
}

// spawn starts cmd and a goroutine that waits for it.
func spawn(cmd *exec.Cmd) (*process, error) {
	// A descendant that keeps the pipe open must not keep Wait.
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = sysProcAttr()
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	// This goroutine owns the process: it ends when the process does, and
	// terminate and kill wait for it. It keeps its thread, because Linux sends
	// the parent-death signal when the starting thread ends, not the program.
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// running says whether the process has not been seen to exit.
func (p *process) running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// crashed returns why the process ended, if nobody had it end.
func (p *process) crashed() error {
	if p.running() || p.told.Load() {
		return nil
	}
	return p.err
}

// signal sends sig; a process that is gone already is no error.
func (p *process) signal(sig os.Signal) {
	_ = p.cmd.Process.Signal(sig)
}

// terminate asks the process to end, kills it when grace is over or ctx ends,
// and returns when it is gone.
func (p *process) terminate(ctx context.Context, grace time.Duration) {
	p.told.Store(true)
	if err := p.cmd.Process.Signal(terminateSignal); err != nil {
		p.kill() // gone, or this system knows no gentle way
		return
	}
	_ = resume(p.cmd.Process) // a stopped process takes no signal but SIGKILL
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
		return
	case <-timer.C:
	case <-ctx.Done():
	}
	p.kill()
}

// kill ends the process at once and returns when it is gone.
func (p *process) kill() {
	p.told.Store(true)
	p.signal(os.Kill)
	<-p.done
}
