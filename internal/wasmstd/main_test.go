//go:build !js

package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

const std = "../../wasm/_std"

func write(t *testing.T, path string) {
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte("package p\n"), 0o644))
}

func TestOverlay(t *testing.T) {
	ours, library := t.TempDir(), t.TempDir()
	write(t, filepath.Join(ours, "a/b/b.go"))
	for _, name := range []string{"a/b/one.go", "a/b/two.s", "a/b/b.go", "a/b/testdata/x.go", "a/b/note.txt", "a/other.go"} {
		write(t, filepath.Join(library, name))
	}
	var b bytes.Buffer
	require.NoError(t, run(&b, ours, library))
	var got overlay
	require.NoError(t, json.Unmarshal(b.Bytes(), &got))
	require.Equal(t, map[string]string{
		filepath.Join(library, "a/b/one.go"): "",
		filepath.Join(library, "a/b/two.s"):  "",
		filepath.Join(library, "a/b/b.go"):   filepath.Join(ours, "a/b/b.go"),
	}, got.Replace)
}

func TestOverlayRefuses(t *testing.T) {
	ours := t.TempDir()
	require.ErrorContains(t, run(&bytes.Buffer{}, ours, t.TempDir()), "holds no package")
	write(t, filepath.Join(ours, "a/a.go"))
	require.ErrorContains(t, run(&bytes.Buffer{}, ours, t.TempDir()), "no such package")
	require.Error(t, run(&bytes.Buffer{}, filepath.Join(ours, "none"), t.TempDir()))
}

// TestDeclarations compares what the page's packages export with the library's:
// each of it is there and written the same, but for the comments and the inside.
func TestDeclarations(t *testing.T) {
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	require.NoError(t, err)
	library := filepath.Join(strings.TrimSpace(string(root)), "src")
	require.NoError(t, filepath.WalkDir(std, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(std, filepath.Dir(path))
		require.NoError(t, err)
		theirs, err := filepath.Glob(filepath.Join(library, name, "*.go"))
		require.NoError(t, err)
		there := map[string]bool{}
		for _, file := range theirs {
			if !strings.HasSuffix(file, "_test.go") && !strings.HasPrefix(filepath.Base(file), "v2_") {
				for _, n := range exported(t, file) {
					there[n] = true
				}
			}
		}
		for _, n := range exported(t, path) {
			require.True(t, there[n], "%s: %s", name, n)
		}
		return nil
	}))
}

// exported returns the names of what a file exports, fields and methods with the
// type before.
func exported(t *testing.T, path string) (names []string) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			names = append(names, funcName(d))
		case *ast.GenDecl:
			for _, s := range d.Specs {
				names = append(names, specNames(s)...)
			}
		}
	}
	kept := names[:0]
	for _, n := range names {
		owner, member, _ := strings.Cut(strings.TrimPrefix(n, "*"), ".")
		if ast.IsExported(owner) && (member == "" || ast.IsExported(member)) {
			kept = append(kept, n)
		}
	}
	return kept
}

func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	switch r := d.Recv.List[0].Type.(type) {
	case *ast.StarExpr:
		return "*" + r.X.(*ast.Ident).Name + "." + d.Name.Name
	case *ast.Ident:
		return r.Name + "." + d.Name.Name
	}
	return d.Name.Name
}

func specNames(s ast.Spec) (names []string) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, n := range s.Names {
			names = append(names, n.Name)
		}
	case *ast.TypeSpec:
		names = append(names, s.Name.Name)
		switch def := s.Type.(type) {
		case *ast.StructType:
			for _, f := range def.Fields.List {
				for _, n := range f.Names {
					names = append(names, s.Name.Name+"."+n.Name)
				}
			}
		case *ast.InterfaceType:
			for _, m := range def.Methods.List {
				for _, n := range m.Names {
					names = append(names, s.Name.Name+"."+n.Name)
				}
			}
		}
	}
	return names
}
