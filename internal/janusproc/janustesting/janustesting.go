//go:build !js

package janustesting

import (
	"errors"
	"os"
	"sync"
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

// New starts a server for one test, which kills it when it ends. opts may be nil.
func New(t testing.TB, opts *janusproc.Options) *janusproc.Server {
	t.Helper()
	s, err := janusproc.Start(t.Context(), opts)
	if err != nil {
		unavailable(t, err)
	}
	t.Cleanup(func() {
		s.Kill() // nobody is left to say goodbye to, and it saves 0.2 s
		s.Stop()
		logIfFailed(t, s)
	})
	return s
}

// Shared is one server for all tests of a package. It starts when a test first
// asks for it, and is stopped by [Main]. The zero value is ready to use; its
// methods may be called concurrently.
type Shared struct {
	// Options configures the server; nil means defaults.
	Options *janusproc.Options

	once   sync.Once
	server *janusproc.Server
	err    error
}

// Get returns the server. Tests share it, so none may kill or restart it.
func (s *Shared) Get(t testing.TB) *janusproc.Server {
	t.Helper()
	s.once.Do(func() { s.server, s.err = janusproc.Start(t.Context(), s.Options) })
	if s.err != nil {
		unavailable(t, s.err)
	}
	s.revive(t)
	t.Cleanup(func() { logIfFailed(t, s.server) })
	return s.server
}

// revive starts a server again that crashed under the test before: it is that
// one which fails, and not every one after it.
func (s *Shared) revive(t testing.TB) {
	t.Helper()
	if s.server.Crashed() == nil {
		return
	}
	if err := s.server.Restart(t.Context()); err != nil {
		unavailable(t, err)
	}
}

// stop ends the server, if there is one.
func (s *Shared) stop() {
	s.once.Do(func() { s.err = janusproc.ErrStopped })
	if s.server != nil {
		s.server.Kill()
		s.server.Stop()
	}
}

// Runner runs the tests of a package. *testing.M is one, and leak.Main takes one.
type Runner interface {
	// Run runs them and returns the exit code.
	Run() int
}

// Main returns a Runner which runs m and then stops the shared servers.
func Main(m Runner, shared ...*Shared) Runner { return runner{m, shared} }

type runner struct {
	tests  Runner
	shared []*Shared
}

// Run implements [Runner].
func (r runner) Run() int {
	defer func() {
		for _, s := range r.shared {
			s.stop()
		}
	}()
	return r.tests.Run()
}

// unavailable ends t: only a Janus that is not installed is a reason to skip.
func unavailable(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, janusproc.ErrNotInstalled) && !required() {
		t.Skipf("needs a real Janus: %v", err)
	}
	var start *janusproc.StartError
	if errors.As(err, &start) {
		t.Log("Janus said:\n" + end(start.Log))
	}
	t.Fatalf("real Janus: %v", err)
}

// required says whether a missing Janus is a failure.
func required() bool {
	return os.Getenv("CI") != "" || os.Getenv("BIFRONS_REQUIRE_JANUS") == "1"
}

// logIfFailed shows the end of the server's log beside a failure.
func logIfFailed(t testing.TB, s *janusproc.Server) {
	if t.Failed() {
		t.Logf("Janus %s said:\n%s", s.Name(), end(s.Log()))
		if err := s.Crashed(); err != nil {
			t.Logf("Janus crashed: %v", err)
		}
	}
}

// end returns the last 4 KiB of a log.
func end(log string) string { return log[max(0, len(log)-4<<10):] }
