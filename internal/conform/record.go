package conform

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Update plays the cases of a plugin against the real Janus and writes what came
// into their files below dir, in the place of what stood there for all. Each has a
// gateway of its own, which start starts.
func Update(t testing.TB, dir string, start func() DialFunc) {
	t.Helper()
	recorded := map[string]map[int][]string{}
	for _, c := range Cases() {
		if c.Plugin == "" || !c.For(Janus, WebSocket) {
			continue
		}
		if recorded[c.File] == nil {
			recorded[c.File] = map[int][]string{}
		}
		s := newStage(t, c, Target{Name: Janus, Dial: start()})
		s.recorded = recorded[c.File]
		s.play()
	}
	for file, outputs := range recorded {
		rewrite(t, filepath.Join(dir, file+".txt"), outputs)
	}
}

// rewrite replaces the output lines behind input lines.
func rewrite(t testing.TB, path string, outputs map[int][]string) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	stale := false
	for i, s := range strings.Split(string(old), "\n") {
		if stale && (line{text: s}).output() {
			keepOpen(lines, s)
			continue
		}
		output, ok := outputs[i+1]
		lines, stale = append(append(lines, s), output...), ok
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
}

// keepOpen leaves open the place of an event that is there still and whose place
// was open.
func keepOpen(lines []string, old string) {
	who, rest := cutName(old)
	if i := slices.Index(lines, who+"!"+strings.TrimPrefix(rest, "*")); strings.HasPrefix(rest, "*") && i >= 0 {
		lines[i] = old
	}
}
