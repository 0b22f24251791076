//go:build !js

package reference_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	snippet = regexp.MustCompile(`(?ms)^(\t*)// README begins\n(.*?)^\t*// README ends\n`)
	block   = regexp.MustCompile("(?ms)^```go\n(.*?)^```\n")
)

// The examples in README.md are those that compile here, all of them.
func TestSnippets(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var want, got []string
	for _, name := range []string{"session_test.go", "settings_test.go", "media_test.go"} {
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range snippet.FindAllStringSubmatch(string(source), -1) {
			var code strings.Builder
			for line := range strings.Lines(m[2]) {
				code.WriteString(strings.TrimPrefix(line, m[1]))
			}
			want = append(want, strings.TrimSpace(code.String()))
		}
	}
	for _, m := range block.FindAllStringSubmatch(string(readme), -1) {
		got = append(got, strings.TrimSpace(m[1]))
	}
	require.Len(t, want, 17)
	for _, code := range want {
		require.Contains(t, got, code, "README.md: paste the lines between the marks")
	}
	require.Len(t, got, len(want), "README.md: an example that no test compiles")
}

var (
	row  = regexp.MustCompile(`(?m)^\|.*\]\(#([a-z0-9-]+)\) \|$`)
	head = regexp.MustCompile(`(?m)^### (.*)$`)
	mark = regexp.MustCompile(`[^a-z0-9 -]`)
)

// Each row of the table leads to an example.
func TestRows(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	anchors := map[string]bool{}
	for _, m := range head.FindAllStringSubmatch(string(readme), -1) {
		anchors[strings.ReplaceAll(mark.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	rows := row.FindAllStringSubmatch(string(readme), -1)
	require.Len(t, rows, 17)
	for _, m := range rows {
		require.True(t, anchors[m[1]], "no section %s", m[1])
	}
}
