package textroom_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// TestCoverage reads the table of what the plugin knows, and fails when the
// package does not send or read something of it, or no test does so against a
// real Janus.
func TestCoverage(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("testdata", "requests.txt"))
	require.NoError(t, err)
	code, tests := sources(t)
	receivers := map[string]reflect.Type{
		"Handle": reflect.TypeFor[*textroom.Handle](), "Conn": reflect.TypeFor[*textroom.Conn](), "Rooms": reflect.TypeFor[textroom.Rooms](),
	}
	count := map[string]int{}
	for line := range strings.Lines(string(table)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		require.Len(t, f, 5, line)
		kind, name, method, test := f[0], f[1], f[3], f[4]
		if name != "error" { // known by its code
			require.True(t, code.literals[name], "the package has no %q", name)
		}
		used := tests[test]
		require.NotNil(t, used, "no test %s", test)
		switch kind {
		case "request":
			receiver, verb, _ := strings.Cut(method, ".")
			_, found := receivers[receiver].MethodByName(verb)
			require.True(t, found, "no method %s", method)
			require.True(t, used[verb] || verb == "Open", "%s does not call %s", test, verb) // Open has a helper
		case "event":
			require.True(t, code.types[method], "no type %s", method)
			require.True(t, used[method], "%s does not see %s", test, method)
		default:
			require.Fail(t, "a line of another kind", line)
		}
		count[kind]++
	}
	t.Logf("%d requests and %d events of %s", count["request"], count["event"], textroom.Plugin)
	require.Equal(t, map[string]int{"request": 15, "event": 7}, count)
}

// surface is what is in the code that is no test.
type surface struct{ literals, types map[string]bool }

// sources reads the package: its code, and for each function of the tests against
// a real Janus the names it uses.
func sources(t *testing.T) (code surface, tests map[string]map[string]bool) {
	t.Helper()
	code = surface{map[string]bool{}, map[string]bool{}}
	tests = map[string]map[string]bool{}
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		isTest := strings.HasSuffix(name, "_test.go")
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			switch {
			case ok && strings.HasPrefix(name, "janus"):
				used := map[string]bool{}
				ast.Inspect(fn, func(n ast.Node) bool {
					if sel, ok := n.(*ast.SelectorExpr); ok {
						used[sel.Sel.Name] = true
					}
					return true
				})
				tests[fn.Name.Name] = used
			case !isTest:
				ast.Inspect(d, code.add)
			}
		}
	}
	return code, tests
}

func (s *surface) add(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(n.Value); err == nil {
			s.literals[text] = true
		}
	case *ast.TypeSpec:
		s.types[n.Name.Name] = true
	}
	return true
}
