//go:build !js

package apiparity

import (
	"bufio"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

const root = "../.."

// public are the trees that users import.
var public = []string{"client", "media", "plugins", "transport", "transport_js"}

func TestParity(t *testing.T) {
	allowed := readAllowed(t)
	used := make(map[string]bool)
	packages := 0
	for _, tree := range public {
		err := filepath.WalkDir(filepath.Join(root, tree), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				if os.IsNotExist(err) {
					return nil
				}
				return err
			}
			if name := d.Name(); name == "internal" || name == "testdata" {
				return filepath.SkipDir
			}
			rel, err := filepath.Rel(root, path)
			require.NoError(t, err)
			native, err := Surface(path, Native)
			require.NoError(t, err)
			js, err := Surface(path, JS)
			require.NoError(t, err)
			if len(native)+len(js) > 0 {
				packages++
			}
			for _, diff := range difference(filepath.ToSlash(rel), native, js) {
				entry := allow(allowed, diff)
				if entry == "" {
					t.Errorf("%s\nmake both targets agree, or add the line to allowed.txt with its reason", diff)
				}
				used[entry] = true
			}
			return nil
		})
		require.NoError(t, err)
	}
	for _, entry := range allowed {
		if !used[entry] {
			t.Errorf("allowed.txt: %q is no difference any more; remove it", entry)
		}
	}
	require.Greater(t, packages, 5, "the packages were not found")
}

// difference lists what only one target has, as "package: target: declaration".
func difference(pkg string, native, js map[string]bool) []string {
	var list []string
	for _, side := range []struct {
		name      string
		has, lack map[string]bool
	}{{"native", native, js}, {"js", js, native}} {
		for _, decl := range slices.Sorted(maps.Keys(side.has)) {
			if !side.lack[decl] {
				list = append(list, pkg+": "+side.name+": "+decl)
			}
		}
	}
	return list
}

// allow returns the entry that covers diff. An entry that ends in "*" covers
// all it is the beginning of.
func allow(allowed []string, diff string) string {
	for _, entry := range allowed {
		if prefix, ok := strings.CutSuffix(entry, "*"); entry == diff || ok && strings.HasPrefix(diff, prefix) {
			return entry
		}
	}
	return ""
}

func readAllowed(t *testing.T) []string {
	f, err := os.Open("allowed.txt")
	require.NoError(t, err)
	defer f.Close()
	var list []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if line, _, _ := strings.Cut(lines.Text(), " #"); strings.TrimSpace(line) != "" && line[0] != '#' {
			list = append(list, strings.TrimSpace(line))
		}
	}
	return list
}

// TestSurface: what is exported is found, what is not is left out, and a
// difference in a signature is one.
func TestSurface(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("a.go", "package a\n\ntype T struct{ A, b int }\n\ntype I interface{ M(a, b int) error }\n\nconst C = 1\n\nfunc hidden() {}\n")
	write("a_native.go", "//go:build !js\n\npackage a\n\nfunc (T) Do(n int) {}\n")
	write("a_js.go", "package a\n\nfunc (T) Do(n uint) {}\n\nfunc Only() {}\n")
	native, err := Surface(dir, Native)
	require.NoError(t, err)
	require.Equal(t, []string{
		"const C", "func (T) Do(int) ()", "type I interface", "type I interface, M(int, int) (error)", "type T struct", "type T struct, A int",
	}, slices.Sorted(maps.Keys(native)))
	js, err := Surface(dir, JS)
	require.NoError(t, err)
	require.Equal(t, []string{
		"p: native: func (T) Do(int) ()", "p: js: func (T) Do(uint) ()", "p: js: func Only() ()",
	}, difference("p", native, js))
}
