//go:build !js

package admin

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/coverage"
)

// TestTable compares the table of requests with the methods there are: package
// internal/coverage compares it with the tests.
func TestTable(t *testing.T) {
	table, err := coverage.Read(".")
	require.NoError(t, err)
	typed := reflect.TypeFor[*Client]()
	levels := []string{"server", "session", "handle"} // by the number of ids a method takes
	methods := map[string]bool{"Call": true, "Close": true, "Done": true, "Err": true}
	former := 0
	for _, row := range table.Rows {
		level, since, _ := strings.Cut(row.Note, " ")
		require.Equal(t, since, removed[row.Name].Since, row.Name)
		if row.Former {
			former++
		}
		name := strings.TrimPrefix(row.Go, "Client.")
		methods[name] = true
		m, ok := typed.MethodByName(name)
		require.True(t, ok, name)
		ids := 0
		for in := range m.Type.Ins() {
			if in == reflect.TypeFor[uint64]() {
				ids++
			}
		}
		require.Equal(t, levels[ids], level, row.Name)
	}
	require.Len(t, removed, former)
	for m := range typed.Methods() {
		require.True(t, methods[m.Name], "%s is not in the table", m.Name)
	}
}
