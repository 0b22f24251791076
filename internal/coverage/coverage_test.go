//go:build !js

package coverage_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/coverage"
)

const root = "../.."

// TestCoverage compares the core, every plugin and the admin API with their
// tables.
func TestCoverage(t *testing.T) {
	dirs := []string{"client", "client/admin"}
	plugins, err := os.ReadDir(filepath.Join(root, "plugins"))
	require.NoError(t, err)
	for _, e := range plugins {
		dirs = append(dirs, "plugins/"+e.Name())
	}
	var requests, events int
	for _, dir := range dirs {
		r, err := coverage.Check(root, dir)
		if err != nil {
			t.Error(err)
			continue
		}
		where := "and TypeScript"
		if !r.TypeScript {
			where = "native only"
		}
		t.Logf("%-18s %2d of %2d requests and %2d of %2d events: Go, a test against a real Janus, %s; %d and %d in Chromium, too",
			dir, r.Requests.Covered, r.Requests.Known, r.Events.Covered, r.Events.Known, where, r.Requests.Browser, r.Events.Browser)
		requests += r.Requests.Covered
		events += r.Events.Covered
	}
	t.Logf("%d requests and %d events in all", requests, events)
}

// TestGaps has tables with everything that can be wrong.
func TestGaps(t *testing.T) {
	_, err := coverage.Check("testdata", "complete")
	require.NoError(t, err)
	_, err = coverage.Check("testdata", "gaps")
	require.Error(t, err)
	for _, want := range []string{
		`gaps unsaid: nothing in Go says "unsaid"`,
		"gaps sing: no method Handle.Whistle in Go",
		"gaps hum: no test nobody",
		"gaps sing: humming does not use Handle.Sing",
		"gaps hum: no TestJanus leads to idle",
		"gaps hum: in TypeScript no class Nightingale",
		"gaps hum: in TypeScript Singer has no dance",
		"gaps hum: in TypeScript Singer.hum has no Song in hum(tune: Tune): void {",
		"gaps (cheer): no type Jeer in Go; humming does not use Jeer; in TypeScript no type Boo",
		"gaps: the table has not the event Sung",
		"gaps: 0 of 2 requests",
	} {
		require.ErrorContains(t, err, want)
	}
	_, err = coverage.Check("testdata", "nothing")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = coverage.Check("testdata", "torn")
	require.ErrorContains(t, err, `want typescript, counts, or request, former or event and 3 more columns: "request sing"`)
}
