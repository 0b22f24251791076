//go:build !js

package videoroom

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// surface is what the source of the package has.
type surface struct {
	methods, messages, tests, literals map[string]bool // literals: the strings of a test, behind its name and a slash
}

// inspect reads the package.
func inspect(t *testing.T) *surface {
	t.Helper()
	s := &surface{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		test := strings.HasSuffix(name, "_test.go")
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				s.function(n, test)
			case *ast.TypeSpec:
				if body, ok := n.Type.(*ast.StructType); ok && n.Name.IsExported() && isMessage(body) {
					s.messages[n.Name.Name] = true
				}
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil && !test {
					s.literals[text] = true
				}
			}
			return true
		})
	}
	return s
}

func (s *surface) function(f *ast.FuncDecl, test bool) {
	switch {
	case test && f.Recv == nil:
		s.tests[f.Name.Name] = true
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok {
				s.tests[f.Name.Name+"/"+call.Sel.Name] = true
			}
			return true
		})
	case !test && f.Recv != nil:
		if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok {
			s.methods[star.X.(*ast.Ident).Name+"."+f.Name.Name] = true
		}
	}
}

// isMessage reports whether a struct has a json tag, which makes it a type in
// TypeScript.
func isMessage(body *ast.StructType) bool {
	for _, f := range body.Fields.List {
		if f.Tag != nil && strings.Contains(f.Tag.Value, "json:") {
			return true
		}
	}
	return false
}

// TestEveryRequest compares the table of requests with the code.
func TestEveryRequest(t *testing.T) {
	table, err := os.ReadFile("testdata/requests.txt")
	require.NoError(t, err)
	typescript, err := os.ReadFile("../../web/src/gen/videoroom.ts")
	if err != nil {
		require.ErrorIs(t, err, os.ErrNotExist)
		t.Log("not generated yet; make generate does it")
	}
	s := inspect(t)
	n := 0
	for line := range strings.Lines(string(table)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		require.Len(t, f, 4, line)
		verb, method, message, test := f[0], f[1], f[2], f[3]
		_, name, _ := strings.Cut(method, ".")
		require.True(t, s.literals[verb], "nothing sends %s", verb)
		require.True(t, s.methods[method], "no method %s", method)
		require.True(t, s.messages[message], "no message %s", message)
		require.True(t, s.tests[test], "no test %s", test)
		require.True(t, s.tests[test+"/"+name], "%s does not call %s", test, name)
		if typescript != nil {
			require.Contains(t, string(typescript), "export interface "+message+" ", "run make generate")
		}
		n++
	}
	require.Equal(t, 31, n)
	t.Logf("%d requests of 31: each has a method, a message type and a test", n)
}
