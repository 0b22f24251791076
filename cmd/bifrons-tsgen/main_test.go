//go:build !js

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const echotest = "github.com/bifrons-rtc/bifrons/plugins/echotest"

func TestRun(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "new", "echo.ts")
	require.ErrorContains(t, run(t.Context(), file, true, []string{echotest}), file)
	require.NoFileExists(t, file, "-check writes nothing")
	require.NoError(t, run(t.Context(), file, false, []string{echotest}))
	require.NoError(t, run(t.Context(), file, true, []string{echotest}))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), `kind: "echotest.done";`)
	require.NotContains(t, string(text), "import", "it needs no other file")

	require.NoError(t, os.WriteFile(file, append(text, '\n'), 0o600))
	require.ErrorContains(t, run(t.Context(), file, true, []string{echotest}), "generate again")
	require.NoError(t, run(t.Context(), dir, false, []string{echotest, "github.com/bifrons-rtc/bifrons/client"}))
	require.FileExists(t, filepath.Join(dir, "echotest.ts"))
	require.FileExists(t, filepath.Join(dir, "client.ts"))
}

func TestArguments(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), "", false, []string{echotest}), "for example")
	require.ErrorContains(t, run(t.Context(), t.TempDir(), false, nil), "no packages")
	require.ErrorContains(t, run(t.Context(), "x.ts", false, []string{echotest, "github.com/bifrons-rtc/bifrons/client"}), "name a folder")
}
