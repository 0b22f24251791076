//go:build !js

package coverage

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// source is what the files of a Go package say.
type source struct {
	literals map[string]bool // strings outside of the tests
	methods  map[string]bool // Type.Method
	types    map[string]bool
	events   map[string]bool // exported types that embed EventBase

	native, browser graph // of the tests
}

// graph says which names the functions and variables of tests use.
type graph map[string]*node

type node struct {
	uses     map[string]bool
	variable bool
}

// readGo reads the package in dir.
func readGo(dir string) (*source, error) {
	s := &source{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, graph{}, graph{}}
	js := build.Default
	js.GOOS, js.GOARCH = "js", "wasm"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		if filepath.Ext(name) != ".go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if !strings.HasSuffix(name, "_test.go") {
			s.code(file)
			continue
		}
		for _, target := range []struct {
			context *build.Context
			graph   graph
		}{{&build.Default, s.native}, {&js, s.browser}} {
			if ok, err := target.context.MatchFile(dir, name); err != nil {
				return nil, err
			} else if ok {
				target.graph.add(file)
			}
		}
	}
	return s, nil
}

// code reads a file that is no test.
func (s *source) code(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil {
				s.literals[text] = true
				field, _, _ := strings.Cut(reflect.StructTag(text).Get("json"), ",")
				s.literals[field] = true
			}
		case *ast.TypeSpec:
			s.types[n.Name.Name] = true
			if n.Name.IsExported() && embedsEventBase(n.Type) {
				s.events[n.Name.Name] = true
			}
		case *ast.FuncDecl:
			if receiver := receiverOf(n); receiver != "" {
				s.methods[receiver+"."+n.Name.Name] = true
			}
		}
		return true
	})
}

func receiverOf(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

func embedsEventBase(t ast.Expr) bool {
	body, ok := t.(*ast.StructType)
	if !ok {
		return false
	}
	for _, f := range body.Fields.List {
		if len(f.Names) != 0 {
			continue
		}
		switch base := f.Type.(type) {
		case *ast.SelectorExpr:
			return base.Sel.Name == "EventBase"
		case *ast.Ident:
			return base.Name == "EventBase"
		}
	}
	return false
}

// add reads a file of tests. A method goes by its name alone.
func (g graph) add(file *ast.File) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			g.declare(d.Name.Name, d, false)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for _, name := range v.Names {
						g.declare(name.Name, v, true)
					}
				}
			}
		}
	}
}

func (g graph) declare(name string, body ast.Node, variable bool) {
	if g[name] == nil {
		g[name] = &node{map[string]bool{}, variable}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			g[name].uses[id.Name] = true
		}
		return true
	})
}

// reach returns the names that a function uses, itself or by what it calls.
// Through variables it goes only if it is told to: a list of tests uses
// everything.
func (g graph) reach(from string, variables bool) map[string]bool {
	all := map[string]bool{}
	var walk func(name string)
	walk = func(name string) {
		for used := range g[name].uses {
			if all[used] {
				continue
			}
			all[used] = true
			if next := g[used]; next != nil && (variables || !next.variable) {
				walk(used)
			}
		}
	}
	if g[from] != nil {
		walk(from)
	}
	return all
}

// roots returns what all functions with a prefix lead to.
func (g graph) roots(prefix string) map[string]bool {
	all := map[string]bool{}
	for name, n := range g {
		if strings.HasPrefix(name, prefix) && !n.variable {
			for used := range g.reach(name, true) {
				all[used] = true
			}
		}
	}
	return all
}
