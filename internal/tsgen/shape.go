//go:build !js

package tsgen

import (
	"go/types"
	"reflect"
	"strings"

	"github.com/bifrons-rtc/bifrons/internal/pagejson"
)

// isMessage reports whether a struct is one for encoding/json: it has a field
// with a name of its own for it.
func isMessage(s *types.Struct) bool {
	for i := range s.NumFields() {
		if tag, ok := reflect.StructTag(s.Tag(i)).Lookup("json"); ok && tag != "-" {
			return true
		}
	}
	return false
}

// isError reports whether values of type t are errors, themselves or by pointer.
func isError(t types.Type) bool { return hasMethod(t, "Error") }

func hasMethod(t types.Type, name string) bool {
	if _, pointer := t.Underlying().(*types.Pointer); !pointer && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	return types.NewMethodSet(t).Lookup(nil, name) != nil
}

// isObject reports whether a struct is a thing with a state of its own, of
// which a message could only ever be a picture.
func isObject(s *types.Struct) bool {
	for f := range s.Fields() {
		if !f.Exported() {
			return true
		}
	}
	return false
}

// arguments returns the names of the package's own structs that are arguments
// of its functions and never results, nor part of one.
func (p *pkg) arguments() map[string]bool {
	in, out := make(map[string]bool), make(map[string]bool)
	var mark func(t types.Type, set map[string]bool)
	mark = func(t types.Type, set map[string]bool) {
		switch t := types.Unalias(t).(type) {
		case *types.Pointer:
			mark(t.Elem(), set)
		case *types.Slice:
			mark(t.Elem(), set)
		case *types.Array:
			mark(t.Elem(), set)
		case *types.Map:
			mark(t.Elem(), set)
		case *types.Named:
			name := t.Obj().Name()
			s, ok := t.Underlying().(*types.Struct)
			if !ok || t.Obj().Pkg() != p.types || set[name] {
				return
			}
			set[name] = true
			for f := range s.Fields() {
				if f.Exported() {
					mark(f.Type(), set)
				}
			}
		}
	}
	function := func(f types.Object) {
		s := f.Type().(*types.Signature)
		for v := range s.Params().Variables() {
			mark(v.Type(), in)
		}
		for v := range s.Results().Variables() {
			mark(v.Type(), out)
		}
	}
	for _, name := range p.types.Scope().Names() {
		switch o := p.types.Scope().Lookup(name).(type) {
		case *types.Func:
			if o.Exported() {
				function(o)
			}
		case *types.TypeName:
			named, ok := o.Type().(*types.Named)
			if !ok || !o.Exported() {
				continue
			}
			for m := range named.Methods() {
				if m.Exported() {
					function(m)
				}
			}
			if s, ok := named.Underlying().(*types.Struct); ok && isEvent(s) {
				mark(named, out)
			}
		}
	}
	for name := range out {
		delete(in, name)
	}
	return in
}

// property is how a field crosses.
type property struct {
	name            string
	left, omitted   bool // left out for good; left out when zero
	quoted, flatten bool
}

// propertyOf reads a field and its tag.
func propertyOf(f *types.Var, tag string, message bool) property {
	value, tagged := reflect.StructTag(tag).Lookup("json")
	name, options, _ := strings.Cut(value, ",")
	options = "," + options + ","
	_, pointer := f.Type().(*types.Pointer)
	p := property{
		name:    name,
		left:    !f.Exported() || value == "-" || f.Embedded() && pointer && !message,
		omitted: strings.Contains(options, ",omitempty,") || strings.Contains(options, ",omitzero,"),
		quoted:  strings.Contains(options, ",string,"),
		flatten: f.Embedded() && name == "" && (message || f.Exported() && !pointer),
	}
	switch {
	case tagged && name != "":
	case message:
		p.name = f.Name()
	default:
		p.name = pagejson.Name(f.Name())
	}
	return p
}
