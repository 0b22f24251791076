//go:build !js

package janustest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The documentation shows the test of an application.
func TestDocumentation(t *testing.T) {
	source, err := os.ReadFile("application_test.go")
	require.NoError(t, err)
	_, code, _ := strings.Cut(string(source), "// doc begins\n")
	code, _, _ = strings.Cut(code, "\n// doc ends")
	var want strings.Builder
	for line := range strings.Lines(code) {
		want.WriteString(strings.TrimSuffix("//\t"+line, "//\t\n"))
		if line == "\n" {
			want.WriteString("//\n")
		}
	}
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	require.Contains(t, string(doc), want.String(), "doc.go: paste the lines between the marks of application_test.go")
}
