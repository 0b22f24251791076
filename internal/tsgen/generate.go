//go:build !js

package tsgen

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// Options says what to write. Packages is needed.
type Options struct {
	// Packages are import paths or patterns, as for go list.
	Packages []string
	// Dir is where the go command runs. Empty: the current directory.
	Dir string
}

// File is the TypeScript of one package.
type File struct {
	Package string // import path
	Name    string // the package's name and .ts
	Text    []byte
}

// Generate returns a file for each package, in the order of their import paths.
// They import each other's types from beside them; a type of any other package
// is written into the file that needs it. The packages must build for GOOS=js.
// An error says which field of which type cannot be written, and what to do.
func Generate(ctx context.Context, opts *Options) ([]File, error) {
	if opts == nil || len(opts.Packages) == 0 {
		return nil, errors.New("tsgen: no packages; name one, e.g. ./plugins/echotest")
	}
	l, roots, err := newLoader(ctx, opts.Dir, opts.Packages)
	if err != nil {
		return nil, fmt.Errorf("tsgen: %w", err)
	}
	slices.Sort(roots)
	var files []File
	for _, path := range roots {
		w := &writer{loader: l, roots: roots, imports: make(map[string][]string), names: make(map[string]string)}
		text, err := w.write(path)
		if err != nil {
			return nil, fmt.Errorf("tsgen: %w", err)
		}
		f := File{Package: path, Name: l.listed[path].Name + ".ts", Text: text}
		if i := slices.IndexFunc(files, func(o File) bool { return o.Name == f.Name }); i >= 0 {
			return nil, fmt.Errorf("tsgen: %s and %s would both be %s; write them into different folders", files[i].Package, path, f.Name)
		}
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Package, b.Package) })
	return files, nil
}
