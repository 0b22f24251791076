//go:build !js

package conform_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/conform"
)

// TestDifferences compares the list of what the doubles do otherwise with the
// cases that show it. That each of them is a difference still is what the tests of
// the doubles show: the lines for a double take the place of those for Janus.
func TestDifferences(t *testing.T) {
	text, err := os.ReadFile("../../client/janustest/DIFFERENCES.md")
	require.NoError(t, err)
	listed := map[string][]string{}
	section := ""
	for s := range strings.Lines(string(text)) {
		s = strings.TrimSpace(s)
		if title, ok := strings.CutPrefix(s, "## "); ok {
			section = title
		}
		cells := strings.Split(strings.Trim(s, "|"), "|")
		if section != "the suite" || len(cells) != 5 || strings.Contains(s, "---") || strings.Contains(s, "| case |") {
			continue
		}
		for _, cell := range cells {
			require.NotEmpty(t, strings.TrimSpace(cell), s)
		}
		name := strings.TrimSpace(cells[0])
		for who := range strings.FieldsSeq(strings.ReplaceAll(cells[1], ",", " ")) {
			listed[name] = append(listed[name], who)
		}
	}
	shown := map[string][]string{}
	for _, c := range conform.Cases() {
		if list := c.Differs(); len(list) > 0 {
			shown[c.Name] = slices.Sorted(slices.Values(list))
		}
	}
	for _, list := range listed {
		slices.Sort(list)
	}
	require.Equal(t, shown, listed)
}

// TestCases looks at what the player cannot.
func TestCases(t *testing.T) {
	names := map[string]bool{}
	double := slices.Collect(func(yield func(string) bool) {
		_ = yield("janus.plugin.echotest") && yield("janus.plugin.lua")
	})
	setups := conform.Setups()
	for _, c := range conform.Cases() {
		require.False(t, names[c.Name], "two cases are called %s", c.Name)
		names[c.Name] = true
		require.Contains(t, setups, c.Setup, c.Name)
		require.NoError(t, c.Check(), c.Name)
		require.True(t, c.Tries == 0 || c.Tries > 1 && !c.For(conform.Janustest, conform.WebSocket) && !c.For(conform.Gateway, conform.WebSocket),
			"%s: the doubles do not do things by chance", c.Name)
		if c.Plugin != "" && !slices.Contains(double, c.Plugin) {
			require.False(t, c.For(conform.Janustest, conform.WebSocket), "%s: janustest has no %s", c.Name, c.Plugin)
		}
	}
}
