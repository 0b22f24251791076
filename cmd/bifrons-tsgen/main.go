//go:build !js

// Command bifrons-tsgen writes the TypeScript types of Go packages, such as the
// typed client of a plugin that native programs and pages share.
//
//	go run github.com/bifrons-rtc/bifrons/cmd/bifrons-tsgen -out web/roster.ts ./roster
//	go run github.com/bifrons-rtc/bifrons/cmd/bifrons-tsgen -out web/gen ./client ./media
//
// With -out FILE.ts there is one package; else -out is a folder, for a file of
// each. With -check nothing is written: the exit code is 1 where a file is not
// what would be written.
//
// Packages are named as for go build, and have to build for GOOS=js. What
// becomes of which Go type: go doc github.com/bifrons-rtc/bifrons/internal/tsgen.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bifrons-rtc/bifrons/internal/tsgen"
)

func main() {
	out := flag.String("out", "", "the file, which ends in .ts, or the folder to write to")
	check := flag.Bool("check", false, "write nothing, and fail where something would change")
	flag.Parse()
	if err := run(context.Background(), *out, *check, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bifrons-tsgen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string, check bool, packages []string) error {
	if out == "" {
		return errors.New("no -out; for example: bifrons-tsgen -out web/roster.ts ./roster")
	}
	files, err := tsgen.Generate(ctx, &tsgen.Options{Packages: packages})
	if err != nil {
		return err
	}
	single := strings.HasSuffix(out, ".ts")
	if single && len(files) != 1 {
		return fmt.Errorf("%d packages do not fit into %s; name a folder", len(files), out)
	}
	var stale []string
	for _, f := range files {
		name := out
		if !single {
			name = filepath.Join(out, f.Name)
		}
		was, err := os.ReadFile(name)
		switch {
		case err == nil && bytes.Equal(was, f.Text):
			continue
		case check:
			stale = append(stale, name)
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Text, 0o644); err != nil {
			return err
		}
	}
	if stale != nil {
		return fmt.Errorf("%s: not what the Go packages say now; generate again", strings.Join(stale, ", "))
	}
	return nil
}
