//go:build !js

package secret_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
)

// TestPlugins finds no exported struct of a plugin's package that has a field with a
// secret and would print it.
func TestPlugins(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob("../../plugins/*")
	require.NoError(t, err)
	found := 0
	for _, dir := range dirs {
		secrets, methods := declared(t, dir)
		for name := range secrets {
			require.Contains(t, methods, name+".String", dir)
			require.Contains(t, methods, name+".GoString", dir)
			found++
		}
	}
	require.NotZero(t, found)
}

// declared returns the exported structs of a package that hold secrets, and the
// methods of its types that have value receivers.
func declared(t *testing.T, dir string) (secrets, methods map[string]bool) {
	t.Helper()
	secrets, methods = map[string]bool{}, map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok && n.Name.IsExported() && slices.ContainsFunc(s.Fields.List, isSecret) {
					secrets[n.Name.Name] = true
				}
			case *ast.FuncDecl:
				if n.Recv != nil {
					if of, ok := n.Recv.List[0].Type.(*ast.Ident); ok {
						methods[of.Name+"."+n.Name.Name] = true
					}
				}
			}
			return true
		})
	}
	return secrets, methods
}

// isSecret reports whether client.Redact would hide the value of a field, or the id
// with which others subscribe in our name.
func isSecret(f *ast.Field) bool {
	if f.Tag == nil {
		return false
	}
	key, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
	return key == "private_id" || strings.Contains(string(client.Redact([]byte(`{"`+key+`":"canary"}`))), "***")
}
