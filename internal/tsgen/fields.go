//go:build !js

package tsgen

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"strings"
)

// fields collects the properties of one interface.
type fields struct {
	w        *writer
	message  bool   // for encoding/json
	argument bool   // zero fields are defaults
	where    string // for errors
	extends  []string
	lines    []string
}

// add adds the fields of a struct that package p declares under a name.
func (f *fields) add(p *pkg, name string, s *types.Struct) error {
	comments := p.fieldComments(name)
	event := isEvent(s)
	for i := range s.NumFields() {
		field := s.Field(i)
		if event && field.Embedded() && isClient(field.Type(), "EventBase") {
			f.extends = append(f.extends, f.w.refer(clientPath, "EventBase"))
			continue
		}
		prop := propertyOf(field, s.Tag(i), f.message)
		if prop.flatten {
			if err := f.embed(field); err != nil {
				return err
			}
			continue
		}
		if prop.left {
			continue
		}
		t, err := f.typ(field.Type())
		if err != nil {
			return fmt.Errorf("%s.%s: %w", f.where, field.Name(), err)
		}
		if t.text == "" {
			if f.message {
				return fmt.Errorf("%s.%s: encoding/json cannot write %s; leave it out with the tag `json:\"-\"`", f.where, field.Name(), field.Type())
			}
			continue
		}
		mark := ""
		if prop.omitted || t.optional || f.argument && !f.message {
			mark = "?"
		}
		c := comments[field.Name()]
		if prop.quoted {
			t.text = "string"
		} else if choice := choices(c); choice != "" && t.text == "string" {
			t.text = choice
		}
		if t.null && !prop.omitted {
			t.text += " | null"
		}
		f.lines = append(f.lines, fmt.Sprintf("%s  %s%s: %s;\n", docs("  ", also(plain(c.doc, c.line), t.unit)), key(prop.name), mark, t.text))
	}
	return nil
}

// embed adds what an embedded struct has: by its name if it is written, else
// field by field.
func (f *fields) embed(field *types.Var) error {
	s := embedded(field)
	if s == nil {
		return nil
	}
	named, _ := types.Unalias(pointee(field.Type())).(*types.Named)
	path, name := named.Obj().Pkg().Path(), named.Obj().Name()
	p, d, err := f.w.declOf(path, name)
	if err != nil || d != nil && !crosses(s) {
		return err
	}
	if d != nil {
		f.extends = append(f.extends, f.w.refer(path, name))
		return nil
	}
	return f.add(p, name, s)
}

// pointee returns what t points to, or t.
func pointee(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// embedded returns the struct that a field embeds; nil if it does not, or if
// that is an error.
func embedded(f *types.Var) *types.Struct {
	if t := pointee(f.Type()); f.Embedded() && !isError(t) {
		s, _ := t.Underlying().(*types.Struct)
		return s
	}
	return nil
}

// crosses reports whether a struct has anything for a page in it.
func crosses(s *types.Struct) bool {
	for f := range s.Fields() {
		if s := embedded(f); s != nil && crosses(s) {
			return true
		}
		if !f.Exported() || f.Embedded() {
			continue
		}
		switch t := f.Type().Underlying().(type) {
		case *types.Signature, *types.Chan:
		case *types.Interface:
			if t.Empty() || isError(t) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// comments are those of a field: above it and behind it.
type comments struct{ doc, line *ast.CommentGroup }

var (
	oneOf  = regexp.MustCompile(`^"[^"]*"(, "[^"]*")*,? or "[^"]*"`)
	quoted = regexp.MustCompile(`"[^"]*"`)
)

// choices returns the union of the strings a comment begins with, as in "audio"
// or "video"; "" where it does not.
func choices(c comments) string {
	return strings.Join(quoted.FindAllString(oneOf.FindString(cmp.Or(c.doc.Text(), c.line.Text())), -1), " | ")
}

// fieldComments returns the comments of a struct's fields.
func (p *pkg) fieldComments(name string) map[string]comments {
	found := make(map[string]comments)
	for _, file := range p.files {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != name {
				return true
			}
			s, ok := spec.Type.(*ast.StructType)
			if !ok {
				return false
			}
			for _, field := range s.Fields.List {
				for _, name := range field.Names {
					found[name.Name] = comments{field.Doc, field.Comment}
				}
			}
			return false
		})
	}
	return found
}
