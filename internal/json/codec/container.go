package codec

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
)

// cycleDepth is where the search for cycles begins, as in encoding/json.
const cycleDepth = 1000

// spot is a pointer, a map or a slice.
type spot struct {
	t   reflect.Type
	at  uintptr
	len int
}

// enter begins a value that may contain itself, and reports whether it does not.
func (e *encoder) enter(v reflect.Value) bool {
	if e.depth++; e.depth <= cycleDepth {
		return true
	}
	s := spotOf(v)
	if e.seen[s] {
		e.err = &json.UnsupportedValueError{Value: v, Str: "encountered a cycle via " + v.Type().String()}
		return false
	}
	if e.seen == nil {
		e.seen = map[spot]bool{}
	}
	e.seen[s] = true
	return true
}

func (e *encoder) leave(v reflect.Value) {
	if e.depth > cycleDepth {
		delete(e.seen, spotOf(v))
	}
	e.depth--
}

func spotOf(v reflect.Value) spot {
	s := spot{t: v.Type(), at: v.Pointer()}
	if v.Kind() == reflect.Slice {
		s.len = v.Len()
	}
	return s
}

// inner writes what a pointer or an interface holds.
func (e *encoder) inner(v reflect.Value, quoted bool) {
	switch {
	case v.IsNil():
		e.null()
	case v.Kind() == reflect.Interface:
		e.any(v.Elem(), quoted)
	case e.enter(v):
		e.any(v.Elem(), quoted)
		e.leave(v)
	}
}

func (e *encoder) list(v reflect.Value) {
	elem := v.Type().Elem()
	if v.Kind() == reflect.Slice {
		switch {
		case v.IsNil():
			e.null()
			return
		case elem.Kind() == reflect.Uint8 && howOf(elem)&(withAddrJSON|withAddrText) == 0:
			e.bytes(v)
			return
		case !e.enter(v):
			return
		}
		e.elements(v, elem)
		e.leave(v)
		return
	}
	e.elements(v, elem)
}

func (e *encoder) elements(v reflect.Value, t reflect.Type) {
	h := howOf(t)
	e.write("[")
	for i := range v.Len() {
		if i > 0 {
			e.write(",")
		}
		if e.value(v.Index(i), h, false); e.err != nil {
			return
		}
	}
	e.write("]")
}

// entry is a member of a map.
type entry struct {
	key   string
	value reflect.Value
}

func (e *encoder) dictionary(v reflect.Value) {
	t := v.Type()
	if !keyKind(t.Key().Kind()) && !t.Key().Implements(textMarshalerType) {
		e.err = &json.UnsupportedTypeError{Type: t}
		return
	}
	if v.IsNil() {
		e.null()
		return
	}
	if e.enter(v) {
		e.members(v)
		e.leave(v)
	}
}

// members writes the members of a map in the order of their names.
func (e *encoder) members(v reflect.Value) {
	t := v.Type()
	entries := make([]entry, 0, v.Len())
	for all := v.MapRange(); all.Next(); {
		key, err := keyText(all.Key())
		if err != nil {
			e.err = &failure{text: "json: encoding error for type " + strconv.Quote(t.String()) + ": " + strconv.Quote(err.Error())}
			return
		}
		entries = append(entries, entry{key, all.Value()})
	}
	sortEntries(entries)
	h := howOf(t.Elem())
	e.write("{")
	for i, m := range entries {
		if i > 0 {
			e.write(",")
		}
		e.string(m.key)
		e.write(":")
		if e.value(m.value, h, false); e.err != nil {
			return
		}
	}
	e.write("}")
}

// sortEntries sorts by key as Shell did, in a tenth of the code of slices.Sort.
func sortEntries(list []entry) {
	gap := 1
	for gap < len(list)/3 {
		gap = 3*gap + 1
	}
	for ; gap > 0; gap /= 3 {
		for i := gap; i < len(list); i++ {
			for j := i; j >= gap && list[j].key < list[j-gap].key; j -= gap {
				list[j], list[j-gap] = list[j-gap], list[j]
			}
		}
	}
}

// keyKind reports whether a kind can be a member's name.
func keyKind(k reflect.Kind) bool {
	return k == reflect.String || reflect.Int <= k && k <= reflect.Uintptr
}

func keyText(v reflect.Value) (string, error) {
	if v.Kind() == reflect.String {
		return v.String(), nil
	}
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		if v.Kind() == reflect.Pointer && v.IsNil() {
			return "", nil
		}
		text, err := m.MarshalText()
		return string(text), err
	}
	if !keyKind(v.Kind()) {
		return "", &json.UnsupportedTypeError{Type: v.Type()} // a nil interface
	}
	var e encoder
	e.scalar(v, v.Kind())
	return string(e.b), nil
}

func (e *encoder) object(v reflect.Value) {
	e.write("{")
	first := true
	fields := fieldsOf(v.Type())
	for i := range fields {
		f := &fields[i]
		fv, ok := f.of(v)
		if !ok || f.omitEmpty && empty(fv) || f.omitZero && f.isZero(fv) {
			continue
		}
		if !first {
			e.write(",")
		}
		first = false
		e.write(f.prefix)
		if e.value(fv, f.how, f.quoted); e.err != nil {
			return
		}
	}
	e.write("}")
}

// of returns the field of v, none if it is behind a nil pointer.
func (f *field) of(v reflect.Value) (reflect.Value, bool) {
	for _, i := range f.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v, true
}

// empty is what omitempty leaves out.
func empty(v reflect.Value) bool {
	switch k := v.Kind(); k {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Interface, reflect.Pointer:
		return v.IsNil()
	default:
		return scalar(k) && v.IsZero()
	}
}

// isZero is what omitzero leaves out.
func (f *field) isZero(v reflect.Value) bool {
	switch {
	case f.zero == zeroPlain:
		return v.IsZero()
	case f.zero == zeroMethod:
		if v.Kind() == reflect.Interface && !v.IsNil() && v.Elem().Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if k := v.Kind(); (k == reflect.Interface || k == reflect.Pointer) && v.IsNil() {
			return true
		}
	case v.CanAddr():
		v = v.Addr()
	default:
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		v = p
	}
	return v.Interface().(zeroer).IsZero()
}
