//go:build !js

package tsgen

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// pkg is a package read from its source.
type pkg struct {
	path, name string
	files      []*ast.File
	types      *types.Package
	info       *types.Info
	broken     error // what is wrong with it, which may not matter here
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Name, Dir, Export string
	GoFiles                       []string
	Standard, DepOnly             bool
	Error                         *struct{ Err string }
}

// loader finds packages, compiled and as source, for the target of pages.
type loader struct {
	fset   *token.FileSet
	listed map[string]*listed
	from   types.Importer
	loaded map[string]*pkg
}

// newLoader lists the packages that the patterns name, and everything they
// import, and returns the paths of the former.
func newLoader(ctx context.Context, dir string, patterns []string) (l *loader, roots []string, err error) {
	args := []string{"list", "-e", "-export", "-deps", "-json=ImportPath,Name,Dir,GoFiles,Export,Standard,DepOnly,Error"}
	cmd := exec.CommandContext(ctx, "go", append(append(args, "--"), patterns...)...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go list: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	l = &loader{fset: token.NewFileSet(), listed: make(map[string]*listed), loaded: make(map[string]*pkg)}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := d.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, nil, fmt.Errorf("go list: %w", err)
		}
		if !p.DepOnly {
			if p.Error != nil && len(p.GoFiles) == 0 { // else checking says more
				return nil, nil, fmt.Errorf("%s: %s", p.ImportPath, p.Error.Err)
			}
			roots = append(roots, p.ImportPath)
		}
		l.listed[p.ImportPath] = p
	}
	l.from = importer.ForCompiler(l.fset, "gc", l.export)
	return l, roots, nil
}

// export opens what the compiler knows of a package.
func (l *loader) export(path string) (io.ReadCloser, error) {
	p := l.listed[path]
	if p == nil || p.Export == "" {
		return nil, fmt.Errorf("%s does not build for GOOS=js", path)
	}
	return os.Open(p.Export)
}

// load reads a package from its source.
func (l *loader) load(path string) (*pkg, error) {
	if p := l.loaded[path]; p != nil {
		return p, nil
	}
	from := l.listed[path]
	if from == nil {
		return nil, fmt.Errorf("no package %s", path)
	}
	p := &pkg{path: path, name: from.Name, info: &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object)}}
	for _, name := range from.GoFiles {
		f, err := parser.ParseFile(l.fset, filepath.Join(from.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, f)
	}
	check := types.Config{Importer: l.from, IgnoreFuncBodies: true, Error: func(err error) { p.broken = cmp.Or(p.broken, err) }}
	p.types, _ = check.Check(path, l.fset, p.files, p.info)
	l.loaded[path] = p
	return p, nil
}
