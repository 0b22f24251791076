//go:build !js

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: wasmstd folder")
		os.Exit(2)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err == nil {
		err = run(os.Stdout, os.Args[1], filepath.Join(strings.TrimSpace(string(root)), "src"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "wasmstd:", err)
		os.Exit(1)
	}
}

// overlay is the file that go build reads: what is to be read in place of a file,
// nothing if it is to be as if it were not there.
type overlay struct{ Replace map[string]string }

// run writes the overlay that puts the packages below a folder into the library.
func run(w io.Writer, folder, library string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	o := overlay{Replace: map[string]string{}}
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		name, err := filepath.Rel(folder, filepath.Dir(path))
		if err != nil {
			return err
		}
		return o.replace(filepath.Join(library, name), path)
	})
	if err != nil {
		return err
	}
	if len(o.Replace) == 0 {
		return fmt.Errorf("%s holds no package", folder)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "\t")
	return e.Encode(o)
}

// replace puts one file in the place of all those of a package.
func (o *overlay) replace(pkg, file string) error {
	entries, err := os.ReadDir(pkg)
	if err != nil {
		return fmt.Errorf("no such package in the library: %w", err)
	}
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".s") {
			o.Replace[filepath.Join(pkg, name)] = ""
		}
	}
	o.Replace[filepath.Join(pkg, filepath.Base(file))] = file
	return nil
}
