//go:build !js

package coverage

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Count is how much of something there is.
type Count struct {
	Known   int // of the table
	Covered int // that have everything
	Browser int // of these, what is tested in Chromium, too
}

// Report is how a package compares with its table.
type Report struct {
	Requests, Events Count
	Former           int  // requests the newest gateway has no more, with everything
	TypeScript       bool // whether that was asked for
}

// Check compares the package in dir, a folder below root, with its table. The
// error lists all that is missing.
func Check(root, dir string) (*Report, error) {
	t, err := Read(filepath.Join(root, dir))
	if err != nil {
		return nil, err
	}
	code, err := readGo(filepath.Join(root, dir))
	if err != nil {
		return nil, err
	}
	web, err := readTypeScript(root, t.Modules)
	if err != nil {
		return nil, err
	}
	c := &checker{root: root, web: web, packages: map[string]*tested{}}
	c.own = c.add(dir, code)
	r := &Report{TypeScript: t.Modules != nil, Requests: Count{Known: t.Requests}, Events: Count{Known: t.Events}}
	var missing []error
	seen := map[string]bool{} // events of the table
	names := map[string]bool{}
	for _, row := range t.Rows {
		count := &r.Requests
		if row.Event {
			count = &r.Events
			seen[row.Go] = true
		}
		if lacks := c.row(row); len(lacks) > 0 {
			missing = append(missing, fmt.Errorf("%s %s: %s", dir, row.Name, strings.Join(lacks, "; ")))
			continue
		}
		if row.Former {
			r.Former++
			continue
		}
		if key := fmt.Sprint(row.Event, row.Name); !names[key] {
			names[key] = true
			count.Covered++
			if c.inBrowser(row) {
				count.Browser++
			}
		}
	}
	for name := range code.events {
		if !seen[name] {
			missing = append(missing, fmt.Errorf("%s: the table has not the event %s", dir, name))
		}
	}
	for what, n := range map[string]Count{"requests": r.Requests, "events": r.Events} {
		if n.Covered != n.Known {
			missing = append(missing, fmt.Errorf("%s: %d of %d %s", dir, n.Covered, n.Known, what))
		}
	}
	return r, errors.Join(missing...)
}

type checker struct {
	root     string
	own      *tested
	web      *script
	packages map[string]*tested // by folder
}

// tested is a package with what its tests lead to.
type tested struct {
	*source
	inNative, inBrowser map[string]bool
}

func (c *checker) add(dir string, s *source) *tested {
	c.packages[dir] = &tested{s, s.native.roots("TestJanus"), s.browser.roots("TestBrowser")}
	return c.packages[dir]
}

// of returns the package and the function of a test.
func (c *checker) of(test string) (p *tested, name string, err error) {
	dir, name, other := strings.Cut(test, ":")
	if !other {
		return c.own, test, nil
	}
	if p := c.packages[dir]; p != nil {
		return p, name, nil
	}
	s, err := readGo(filepath.Join(c.root, dir))
	if err != nil {
		return nil, name, err
	}
	return c.add(dir, s), name, nil
}

// nameOf returns the last part of Type.Method.
func nameOf(what string) string { return what[strings.LastIndexByte(what, '.')+1:] }

// inBrowser reports whether tests in Chromium use what a row is about.
func (c *checker) inBrowser(r Row) bool {
	for _, test := range r.Tests {
		if p, _, err := c.of(test); err == nil && p.inBrowser[nameOf(r.Go)] {
			return true
		}
	}
	return false
}

// row returns what one lacks.
func (c *checker) row(r Row) (lacks []string) {
	lack := func(format string, args ...any) { lacks = append(lacks, fmt.Sprintf(format, args...)) }
	bracketed := strings.HasPrefix(r.Name, "(")
	if !bracketed && !c.own.literals[r.Name] {
		lack("nothing in Go says %q", r.Name)
	}
	switch {
	case r.Event && !c.own.types[r.Go]:
		lack("no type %s in Go", r.Go)
	case !r.Event && !c.own.methods[r.Go]:
		lack("no method %s in Go", r.Go)
	}
	for _, test := range r.Tests {
		p, name, err := c.of(test)
		switch {
		case err != nil:
			lack("%s: %v", test, err)
		case p.native[name] == nil:
			lack("no test %s", test)
		case !p.native.reach(name, false)[nameOf(r.Go)]:
			lack("%s does not use %s", test, r.Go)
		case !bracketed && !strings.HasPrefix(name, "TestJanus") && !p.inNative[name]:
			lack("no TestJanus leads to %s", test)
		}
	}
	if r.TypeScript != "" {
		if gap := c.web.has(r.TypeScript); gap != "" {
			lack("in TypeScript %s", gap)
		}
	}
	return lacks
}
