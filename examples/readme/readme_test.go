package readme_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The programs in the README are those that compile here.
func TestSnippet(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for _, name := range []string{"example_test.go", "page_js_test.go"} {
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		_, code, ok := strings.Cut(string(source), "\t// README begins\n")
		require.True(t, ok)
		code, _, ok = strings.Cut(code, "\t// README ends\n")
		require.True(t, ok)
		var want strings.Builder
		for line := range strings.Lines(code) {
			want.WriteString(strings.TrimPrefix(line, "\t"))
		}
		require.Contains(t, string(readme), "```go\n"+want.String()+"```\n",
			"README.md: paste the lines between the marks of "+name)
	}
}

// The README says of every direct dependency what it is for.
func TestDependencies(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	mod, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	_, table, ok := strings.Cut(string(readme), "## Dependencies")
	require.True(t, ok)
	table, _, _ = strings.Cut(table, "\n## ")
	version := regexp.MustCompile(`^v\d+$`)
	for line := range strings.Lines(string(mod)) {
		f := strings.Fields(strings.TrimPrefix(line, "require "))
		if len(f) != 2 || !strings.Contains(f[0], ".") {
			continue // a third field is the comment of an indirect one
		}
		path := strings.Split(f[0], "/")
		name := path[len(path)-1]
		if version.MatchString(name) {
			name = path[len(path)-2]
		}
		require.Regexp(t, `(^|\W)`+regexp.QuoteMeta(name)+`(\W|$)`, table, f[0])
	}
}
