//go:build !js

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/transport"
)

// gateway is the real Janus of this package's tests.
var gateway janustesting.Shared

// asProgram makes this test binary the program itself.
const asProgram = "BIFRONS_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(program())
	}
	leak.Main(janustesting.Main(m, &gateway))
}

// run is one run of the command.
type run struct {
	app            *app
	env            map[string]string
	stdout, stderr buffer
}

// newRun returns a run that has nothing of this process: no environment, no
// terminal. The name of a gateway in memory is mem://.
func newRun(t *testing.T, gw *janustest.Server) *run {
	t.Helper()
	r := &run{env: map[string]string{}}
	r.app = &app{
		stdout:  &r.stdout,
		stderr:  &r.stderr,
		stdin:   strings.NewReader(""),
		getenv:  func(name string) string { return r.env[name] },
		columns: func() int { return 0 },
	}
	if gw != nil {
		r.app.transports = transport.Registry{"mem": gw.Dialer()}
	}
	return r
}

// do runs the command, which has to end with the code. It shows what was said
// if it does not.
func (r *run) do(t *testing.T, ctx context.Context, code int, args ...string) { //nolint:revive // t first, as in all helpers
	t.Helper()
	got := r.app.run(ctx, append([]string{"bifrons"}, args...))
	require.Equal(t, code, got, "bifrons %s\nstdout:\n%s\nstderr:\n%s", strings.Join(args, " "), &r.stdout, &r.stderr)
}

// complaint returns the one line a failure prints; it is the last on stderr.
func (r *run) complaint(t *testing.T) string {
	t.Helper()
	require.True(t, strings.HasSuffix(r.stderr.String(), "\n"))
	lines := strings.Split(strings.TrimSuffix(r.stderr.String(), "\n"), "\n")
	last := lines[len(lines)-1]
	require.True(t, strings.HasPrefix(last, "bifrons: "), last)
	require.Equal(t, 1, strings.Count(r.stderr.String(), "bifrons: "), "one line says it: %s", r.stderr.String())
	return strings.TrimPrefix(last, "bifrons: ")
}

// objects returns stdout as JSON, one object a line.
func (r *run) objects(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(r.stdout.String()) {
		var v map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &v), line)
		all = append(all, v)
	}
	return all
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex // protects b
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
