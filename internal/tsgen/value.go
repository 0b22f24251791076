//go:build !js

package tsgen

import (
	"fmt"
	"go/types"
	"strings"
)

// typescript is how a Go type is written.
type typescript struct {
	text     string // empty: it does not cross
	optional bool   // it may be missing
	null     bool   // it may be null
	unit     string // for the comment
}

// typ returns how values of type t cross.
func (f *fields) typ(t types.Type) (typescript, error) {
	none := typescript{}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return f.named(t)
	case *types.Pointer:
		if isError(t) {
			return f.failure(), nil
		}
		x, err := f.typ(t.Elem())
		if s, ok := t.Elem().Underlying().(*types.Struct); !ok || !isObject(s) || f.message {
			x.optional, x.null = true, f.message
		}
		return x, err
	case *types.Slice:
		if b, ok := t.Elem().Underlying().(*types.Basic); ok && b.Kind() == types.Byte {
			if f.message {
				return typescript{text: "string", null: true, unit: "In base64."}, nil
			}
			return typescript{text: f.w.global("Uint8Array")}, nil
		}
		x, err := f.typ(t.Elem())
		return f.list(x), err
	case *types.Array:
		x, err := f.typ(t.Elem())
		x = f.list(x)
		x.null = false
		return x, err
	case *types.Map:
		x, err := f.typ(t.Elem())
		if err != nil || x.text == "" {
			return none, err
		}
		return typescript{text: "{ [key: string]: " + nullable(x) + " }", null: f.message, unit: x.unit}, nil
	case *types.Interface:
		if t.Empty() {
			return typescript{text: "unknown"}, nil
		}
		if isError(t) {
			return f.failure(), nil
		}
		if f.message {
			return typescript{text: "unknown"}, nil
		}
	case *types.Basic:
		switch {
		case t.Kind() == types.Invalid:
			return none, f.w.p.broken
		case t.Info()&types.IsBoolean != 0:
			return typescript{text: "boolean"}, nil
		case t.Info()&(types.IsInteger|types.IsFloat) != 0:
			return typescript{text: "number"}, nil
		case t.Info()&types.IsString != 0:
			return typescript{text: "string"}, nil
		}
	case *types.Struct:
		return none, fmt.Errorf("a struct without a name; give it one")
	}
	return none, nil
}

// failure is how an error crosses. encoding/json knows nothing of errors.
func (f *fields) failure() typescript {
	if f.message {
		return typescript{text: "unknown"}
	}
	return typescript{text: f.w.global("Error"), optional: true}
}

// global returns the name of one of JavaScript's own types.
func (w *writer) global(name string) string {
	if w.local[name] {
		return "globalThis." + name
	}
	return name
}

// list returns the type of a list of x.
func (f *fields) list(x typescript) typescript {
	if x.text == "" {
		return x
	}
	text := nullable(x)
	if strings.Contains(text, " ") {
		text = "(" + text + ")"
	}
	return typescript{text: text + "[]", null: f.message, unit: x.unit}
}

// nullable returns the type of an element, which cannot be missing.
func nullable(x typescript) string {
	if x.null {
		return x.text + " | null"
	}
	return x.text
}

// named returns how values of a named type cross.
func (f *fields) named(t *types.Named) (typescript, error) {
	if t.Obj().Pkg() == nil { // error
		return f.failure(), nil
	}
	path, name := t.Obj().Pkg().Path(), t.Obj().Name()
	switch path + "." + name {
	case "encoding/json.RawMessage":
		return typescript{text: "unknown", optional: !f.message}, nil
	case "time.Duration":
		if f.message {
			return typescript{}, fmt.Errorf("encoding/json writes a time.Duration in nanoseconds; use an integer and name its unit")
		}
		return typescript{text: "number", unit: "In milliseconds."}, nil
	case "time.Time":
		if f.message {
			return typescript{text: "string", unit: "RFC 3339."}, nil
		}
		return typescript{text: "number", unit: "In milliseconds since 1970."}, nil
	}
	if isError(t) && !types.IsInterface(t) {
		if _, ok := t.Underlying().(*types.Struct); ok {
			return f.failure(), nil
		}
	}
	if isClient(t, "ID") {
		return typescript{text: f.w.refer(path, name)}, nil
	}
	if l := f.w.loader.listed[path]; l != nil && l.Standard {
		return f.opaque(t, path)
	}
	_, d, err := f.w.declOf(path, name)
	switch {
	case err != nil:
		return typescript{}, err
	case d != nil && len(d.enum) > 0:
		if f.message && hasMethod(t, "String") && !isString(t) && !hasMethod(t, "MarshalText") {
			return typescript{}, fmt.Errorf("encoding/json writes a %s as a number; give it a MarshalText method, or make it a string", name)
		}
		return typescript{text: f.w.refer(path, name)}, nil
	}
	s, ok := t.Underlying().(*types.Struct)
	switch {
	case !ok || hasMethod(t, "MarshalJSON") || hasMethod(t, "MarshalText"):
		return f.opaque(t, path)
	case d == nil:
		return typescript{}, fmt.Errorf("%s.%s is not exported, or generic; a page cannot name it", path, name)
	case !crosses(s) && f.argument:
		return typescript{}, nil
	case !crosses(s):
		return typescript{text: "unknown", optional: true}, nil
	}
	return typescript{text: f.w.refer(path, name)}, nil
}

// opaque returns how values of a named type cross whose declaration does not
// matter.
func (f *fields) opaque(t *types.Named, path string) (typescript, error) {
	switch {
	case hasMethod(t, "MarshalJSON"):
		return typescript{text: "unknown"}, nil
	case hasMethod(t, "MarshalText"), isInteger(t) && hasMethod(t, "String") && !f.message:
		return typescript{text: "string"}, nil
	}
	if _, ok := t.Underlying().(*types.Struct); ok {
		return typescript{}, fmt.Errorf("%s.%s is a struct of another library; use a type of your own", path, t.Obj().Name())
	}
	return f.typ(t.Underlying())
}

func isString(t types.Type) bool { return is(t, types.IsString) }

func isInteger(t types.Type) bool { return is(t, types.IsInteger) }

func is(t types.Type, info types.BasicInfo) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&info != 0
}
