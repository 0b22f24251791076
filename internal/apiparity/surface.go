package apiparity

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"strings"
)

// Target is what a package is built for.
type Target struct{ OS, Arch string }

// Native and JS are the two targets that must agree. Of the native ones any
// will do: none has a file of its own in a public package.
var (
	Native = Target{"linux", "amd64"}
	JS     = Target{"js", "wasm"}
)

// Surface returns the exported declarations of the package in dir, each with
// its signature: functions, methods, types with their exported fields and
// methods, constants and variables. A directory that has no Go files for the
// target has an empty surface.
func Surface(dir string, t Target) (map[string]bool, error) {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = t.OS, t.Arch, false
	pkg, err := ctx.ImportDir(dir, 0)
	if _, none := err.(*build.NoGoError); none { //nolint:errorlint // ImportDir returns it bare
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := surface{fset: token.NewFileSet(), found: make(map[string]bool)}
	for _, name := range pkg.GoFiles {
		f, err := parser.ParseFile(s.fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			s.decl(d)
		}
	}
	return s.found, nil
}

type surface struct {
	fset  *token.FileSet
	found map[string]bool
}

func (s *surface) decl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		s.function(d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() {
					s.typ(spec)
				}
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					if name.IsExported() {
						s.add(d.Tok.String() + " " + name.Name)
					}
				}
			}
		}
	}
}

func (s *surface) function(d *ast.FuncDecl) {
	if !d.Name.IsExported() {
		return
	}
	receiver := ""
	if d.Recv != nil {
		t := s.text(d.Recv.List[0].Type)
		if !ast.IsExported(strings.TrimPrefix(t, "*")) {
			return
		}
		receiver = "(" + t + ") "
	}
	s.add("func " + receiver + d.Name.Name + s.signature(d.Type))
}

// typ adds a type and what can be seen of its inside.
func (s *surface) typ(spec *ast.TypeSpec) {
	name := "type " + spec.Name.Name
	switch t := spec.Type.(type) {
	case *ast.StructType:
		s.add(name + " struct")
		for _, f := range t.Fields.List {
			for _, field := range f.Names {
				if field.IsExported() {
					s.add(name + " struct, " + field.Name + " " + s.text(f.Type))
				}
			}
			if len(f.Names) == 0 {
				s.add(name + " struct, " + s.text(f.Type))
			}
		}
	case *ast.InterfaceType:
		s.add(name + " interface")
		for _, m := range t.Methods.List {
			fn, method := m.Type.(*ast.FuncType)
			for _, n := range m.Names {
				if method && n.IsExported() {
					s.add(name + " interface, " + n.Name + s.signature(fn))
				}
			}
			if len(m.Names) == 0 {
				s.add(name + " interface, " + s.text(m.Type))
			}
		}
	default:
		s.add(name + " " + s.text(spec.Type))
	}
}

// signature prints the types of parameters and results without their names.
func (s *surface) signature(t *ast.FuncType) string {
	list := func(fields *ast.FieldList) string {
		var types []string
		if fields != nil {
			for _, f := range fields.List {
				for range max(len(f.Names), 1) {
					types = append(types, s.text(f.Type))
				}
			}
		}
		return "(" + strings.Join(types, ", ") + ")"
	}
	types := ""
	if t.TypeParams != nil {
		types = "[" + list(t.TypeParams) + "]"
	}
	return types + list(t.Params) + " " + list(t.Results)
}

func (s *surface) add(decl string) { s.found[decl] = true }

func (s *surface) text(n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, s.fset, n); err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
