//go:build !js

package admin

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// requestCount is how many requests Janus 1.4 has.
const requestCount = 38

// row is a line of the table of requests.
type row struct {
	request, level, method string
	tests                  []string
	gone                   string // since this version
}

// table reads the table of requests.
func table(t *testing.T) []row {
	data, err := os.ReadFile("testdata/requests.txt")
	require.NoError(t, err)
	var rows []row
	for line := range strings.Lines(string(data)) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		require.True(t, len(f) == 4 || len(f) == 5, "a line of the table has 4 or 5 columns: %q", line)
		r := row{request: f[0], level: f[1], method: f[2], tests: strings.Split(f[3], ",")}
		if len(f) == 5 {
			r.gone = f[4]
		}
		rows = append(rows, r)
	}
	return rows
}

// source is what the package's files say.
type source struct {
	literals map[string]bool            // strings outside of the tests
	calls    map[string]map[string]bool // by test: the methods it calls
}

func parse(t *testing.T) source {
	s := source{literals: map[string]bool{}, calls: map[string]map[string]bool{}}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		test := strings.HasSuffix(name, "_test.go")
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if test && !ok {
				continue
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					if text, err := strconv.Unquote(n.Value); err == nil && !test {
						s.literals[text] = true
					}
				case *ast.SelectorExpr:
					if !test {
						break
					}
					if s.calls[f.Name.Name] == nil {
						s.calls[f.Name.Name] = map[string]bool{}
					}
					s.calls[f.Name.Name][n.Sel.Name] = true
				}
				return true
			})
		}
	}
	return s
}

// TestCoverage fails when a request of the table has no method or no test, and
// when a method is not in the table.
func TestCoverage(t *testing.T) {
	rows, src := table(t), parse(t)
	typed := reflect.TypeFor[*Client]()
	var methods, requests, former []string
	for _, r := range rows {
		methods = append(methods, r.method)
		if r.gone == "" {
			requests = append(requests, r.request)
		} else {
			former = append(former, r.request)
			require.Equal(t, r.gone, removed[r.request].Since, r.request)
		}
		require.Contains(t, []string{"server", "session", "handle"}, r.level, r.request)
		require.True(t, src.literals[r.request], "%s is not sent by anything", r.request)
		m, ok := typed.MethodByName(r.method)
		require.True(t, ok, "%s has no method %s", r.request, r.method)
		ids := 0 // the method takes
		for in := range m.Type.Ins() {
			if in == reflect.TypeFor[uint64]() {
				ids++
			}
		}
		require.Equal(t, []string{"server", "session", "handle"}[ids], r.level, r.request)
		for _, test := range r.tests {
			require.True(t, src.calls[test][r.method], "%s does not call %s", test, r.method)
		}
	}
	slices.Sort(requests)
	requests = slices.Compact(requests)
	require.Len(t, removed, len(former))
	for m := range typed.Methods() {
		if !slices.Contains([]string{"Call", "Close", "Done", "Err"}, m.Name) {
			require.Contains(t, methods, m.Name, "a method that the table has not")
		}
	}
	t.Logf("%d of %d requests of Janus 1.4 have a method and a test, and %d that it has no more: %v", len(requests), requestCount, len(former), former)
	require.Len(t, requests, requestCount)
}
