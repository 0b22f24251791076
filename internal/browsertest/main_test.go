//go:build !js

package main

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/chrome"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/stretchr/testify/require"
)

// TestMain is the program that go test executes, if it does.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "exec" {
		main()
	}
	leak.Main(m)
}

// result runs the runner and returns its exit code and what is written.
func result(t *testing.T, args ...string) (int, string) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = w, w
	written := make(chan string)
	// It ends when w is closed, below, and is waited for.
	go func() {
		b, _ := io.ReadAll(r)
		written <- string(b)
	}()
	code, err := run(t.Context(), args)
	os.Stdout, os.Stderr = stdout, stderr
	require.NoError(t, w.Close())
	text := <-written
	if errors.Is(err, chrome.ErrNotInstalled) && os.Getenv("BIFRONS_REQUIRE_BROWSER") != "1" {
		t.Skip(err)
	}
	require.NoError(t, err)
	return code, text
}

func TestRunner(t *testing.T) {
	t.Setenv("BIFRONS_FOR_TEST", "passed on")
	for _, in := range []string{"page", "worker"} {
		code, text := result(t, "-in", in, "-v", "-count=1", "./testdata/quiet", "./testdata/loud", "./testdata/broken")
		t.Log(text)
		require.Equal(t, 1, code)
		for _, want := range []string{
			"ünï on stdout, in http:\n", "--- PASS: FuzzQuiet", "ok  \tgithub.com/bifrons-rtc/bifrons/internal/browsertest/testdata/quiet",
			"--- PASS: TestLoud", "browser: console.error: this makes the run fail",
			"FAIL\tgithub.com/bifrons-rtc/bifrons/internal/browsertest/testdata/loud",
			"--- FAIL: TestFails", "panic: as it shall, too",
			"FAIL\tgithub.com/bifrons-rtc/bifrons/internal/browsertest/testdata/broken",
		} {
			require.Contains(t, text, want)
		}
		require.Equal(t, 1, strings.Count(text, "ok  \t"))
	}
}

func TestSplit(t *testing.T) {
	own, rest := split([]string{"-in", "worker", "-log", "-v", "-run", "X", "./a"})
	require.Equal(t, []string{"-in", "worker", "-log"}, own)
	require.Equal(t, []string{"-v", "-run", "X", "./a"}, rest)
	own, rest = split([]string{"./a"})
	require.Empty(t, own)
	require.Equal(t, []string{"./a"}, rest)
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{{}, {"-in", "moon", "./a"}, {"exec"}, {"-in", "page"}} {
		code, err := run(t.Context(), args)
		require.Equal(t, 2, code)
		require.Error(t, err)
	}
}
