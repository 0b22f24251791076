//go:build !js

package janusproc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

const (
	startTimeout = 30 * time.Second // when ctx has no deadline
	stopGrace    = 2 * time.Second  // between SIGTERM and SIGKILL
	startTries   = 12               // each with new ports
	tryPause     = 25 * time.Millisecond
)

// Server is one Janus. Its addresses stay the same over Restart.
type Server struct {
	opts   *Options
	binary string
	name   string
	dir    string
	ports  ports
	lock   net.PacketConn // holds the UDP ports
	log    *tail

	mu      sync.Mutex // protects proc and stopped, and serialises Stop, Kill and Restart
	proc    *process
	stopped bool
}

// Start runs Janus and returns when it answers on every listener, normally
// within a tenth of a second. ctx bounds the start only; without a deadline it
// is given 30 s. The caller must Stop the server.
//
// The error matches [ErrNotInstalled] when there is no Janus, and is a
// *[StartError] when it did not come up.
func Start(ctx context.Context, opts *Options) (*Server, error) {
	o, err := opts.complete()
	if err != nil {
		return nil, err
	}
	binary, err := exec.LookPath(o.Binary)
	if err != nil {
		return nil, fmt.Errorf("janusproc: %w (%w)", ErrNotInstalled, err)
	}
	ctx, cancel := bound(ctx)
	defer cancel()
	for try := 1; ; try++ {
		s := &Server{opts: o, binary: binary, name: "bifrons-" + randomHex(8), log: &tail{copyTo: o.Output}}
		err := s.start(ctx)
		if err == nil {
			return s, nil
		}
		s.stop(context.WithoutCancel(ctx))
		if !curable(err) || try == startTries {
			return nil, err
		}
		// Its race is lost more often on a machine that has much to do at the moment.
		pause := time.NewTimer(time.Duration(try) * tryPause)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return nil, err
		}
	}
}

// curable says whether another try may do better.
func curable(err error) bool { return errors.Is(err, errTaken) || errors.Is(err, errUnixRace) }

// bound gives ctx the default deadline if it has none.
func bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, startTimeout)
}

// start makes everything a new server needs, and launches it.
func (s *Server) start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.dir, err = os.MkdirTemp(tempBase(), "bifrons-janus-"); err != nil {
		return fmt.Errorf("janusproc: %w", err)
	}
	if s.ports, s.lock, err = reservePorts(); err != nil {
		return err
	}
	if err := s.writeConfig(); err != nil {
		return err
	}
	return s.launch(ctx)
}

// tempBase returns the folder for the server's own: a Unix socket's path may
// have 107 bytes at most.
func tempBase() string {
	const room = len("/bifrons-janus-0123456789/admin")
	if dir := os.TempDir(); len(dir)+room < 100 {
		return dir
	}
	return "/tmp"
}

// launch runs the program and waits until it is ready; s.mu is held.
func (s *Server) launch(ctx context.Context) error {
	s.log.reset()
	cmd := exec.Command(s.binary, "-F", s.dir, "-C", filepath.Join(s.dir, "janus.jcfg")) //nolint:gosec,noctx // it outlives ctx
	cmd.Stdout, cmd.Stderr = s.log, s.log
	cmd.Dir = s.dir
	p, err := spawn(cmd)
	if err != nil {
		return fmt.Errorf("janusproc: run Janus: %w", err)
	}
	if err := s.awaitReady(ctx, p); err != nil {
		p.kill()
		return err
	}
	s.proc = p
	return nil
}

// Stop ends the server and removes its files. It asks first (SIGTERM), kills
// after two seconds, and returns when the process is gone. It is idempotent.
func (s *Server) Stop() { s.stop(context.Background()) }

// stop is Stop; ctx has no end.
func (s *Server) stop(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return
	}
	s.stopped = true
	if s.proc != nil && s.proc.running() {
		s.proc.terminate(ctx, stopGrace)
	}
	if s.lock != nil {
		_ = s.lock.Close()
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// Kill ends the process at once (SIGKILL), as a crash would, and returns when
// it is gone. Restart brings it back; Stop is still needed.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc != nil {
		s.proc.kill()
	}
}

// Restart ends the process if it runs, and starts a new one at the same
// addresses with the same configuration once the old one is gone. Sessions do
// not survive it. ctx bounds the whole; without a deadline it is given 30 s.
// Janus takes 0.2 s to end by itself: call Kill first to save that.
func (s *Server) Restart(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return fmt.Errorf("janusproc: restart: %w", ErrStopped)
	}
	ctx, cancel := bound(ctx)
	defer cancel()
	if s.proc.running() {
		s.proc.terminate(ctx, stopGrace)
	}
	for {
		// Nobody is likely to keep a port that was ours.
		err := s.launch(ctx)
		if err == nil || !curable(err) || ctx.Err() != nil {
			return err
		}
	}
}

// Pause stops the process where it is (SIGSTOP), as a frozen machine would:
// connections stay open and nothing is answered. It returns once it stands.
func (s *Server) Pause() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.alive() {
		return fmt.Errorf("janusproc: pause: %w", ErrNotRunning)
	}
	if err := suspend(s.proc.cmd.Process); err != nil {
		return fmt.Errorf("janusproc: pause: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for !stopped(s.proc.cmd.Process.Pid) && wait(ctx, s.proc) {
	}
	return nil
}

// Resume lets a paused process go on (SIGCONT).
func (s *Server) Resume() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.alive() {
		return fmt.Errorf("janusproc: resume: %w", ErrNotRunning)
	}
	if err := resume(s.proc.cmd.Process); err != nil {
		return fmt.Errorf("janusproc: resume: %w", err)
	}
	return nil
}

// alive says whether there is a process; s.mu is held.
func (s *Server) alive() bool { return s.proc != nil && s.proc.running() }

// Done returns a channel that is closed when the present process is gone, for
// whatever reason. After Restart there is a new one.
func (s *Server) Done() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proc.done
}

// Crashed returns why the process ended, such as a signal; nil while it runs, or
// when it was Stop, Kill or Restart that ended it.
func (s *Server) Crashed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proc.crashed()
}

// PID returns the process id, which changes with Restart.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proc.cmd.Process.Pid
}
