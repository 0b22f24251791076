package codec

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// Unmarshal stores the value of a JSON text in what v points to: encoding/json's
// Unmarshal. A value of the wrong type is left out and the first one reported.
func Unmarshal(data []byte, v any) error {
	if err := check(data); err != nil {
		return err
	}
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return &json.InvalidUnmarshalError{Type: reflect.TypeOf(v)}
	}
	d := decoder{data: data}
	d.pos = space(data, 0)
	if err := d.value(p); err != nil {
		return d.located(err)
	}
	return d.saved
}

// maxNested is how many arrays and objects are followed into each other. Reading
// them recurses, and the stack of a Worker is small: with encoding/json a message
// of some thousand ends the program.
const maxNested = 1000

var errDepth = &failure{text: "json: exceeded max depth"}

// decoder reads text that is known to be valid.
type decoder struct {
	data  []byte
	pos   int
	saved error // the first one that does not end the reading
	depth int   // how many arrays and objects it is in

	// Where it is, for errors.
	in   reflect.Type
	path []string
}

// save keeps the first error.
func (d *decoder) save(err error) {
	if d.saved == nil {
		d.saved = d.located(err)
	}
}

// located adds the field to an error.
func (d *decoder) located(err error) error {
	if e, ok := err.(*json.UnmarshalTypeError); ok && d.in != nil { //nolint:errorlint // ours, or as a method of the caller's returned it
		e.Struct = d.in.Name()
		path := d.path
		if e.Field != "" {
			path = append(path, e.Field)
		}
		e.Field = strings.Join(path, ".")
	}
	return err
}

// mistyped saves that the JSON value read is nothing for a Go type.
func (d *decoder) mistyped(value string, t reflect.Type, offset int) {
	d.save(&json.UnmarshalTypeError{Value: value, Type: t, Offset: int64(offset)})
}

// skip moves over the value at pos and returns it.
func (d *decoder) skip() []byte {
	start := d.pos
	d.pos = jsonscan.Skip(d.data, start)
	return d.data[start:d.pos]
}

// more moves on to the next element or member. Without one it moves behind the
// closing bracket.
func (d *decoder) more() bool {
	d.pos = space(d.data, d.pos)
	comma := d.data[d.pos] == ','
	d.pos++
	if comma {
		d.pos = space(d.data, d.pos)
	}
	return comma
}

// opens moves behind an opening bracket, and behind the closing one if nothing
// is between them.
func (d *decoder) opens() (inside bool) {
	d.pos = space(d.data, d.pos+1)
	if b := d.data[d.pos]; b == ']' || b == '}' {
		d.pos++
		return false
	}
	return true
}

// value reads the value at pos into v, or skips it if v is not valid. Where it
// returns an error the reading ends.
func (d *decoder) value(v reflect.Value) error {
	if !v.IsValid() {
		d.skip()
		return nil
	}
	b := d.data[d.pos]
	if b != '[' && b != '{' {
		return d.literal(d.skip(), v, false)
	}
	if d.depth == maxNested {
		return errDepth
	}
	d.depth++
	err := d.container(v, b)
	d.depth--
	return err
}

// container reads the array or object that begins with b.
func (d *decoder) container(v reflect.Value, b byte) error {
	target, own := indirect(v, false)
	if own.json != nil {
		return own.json.UnmarshalJSON(d.skip())
	}
	if own.text != nil {
		target = v
	} else {
		switch k := target.Kind(); {
		case k == reflect.Interface && target.NumMethod() == 0:
			target.Set(reflect.ValueOf(d.untyped(b)))
			return nil
		case b == '[' && (k == reflect.Slice || k == reflect.Array):
			return d.list(target)
		case b == '{' && k == reflect.Struct:
			return d.object(target)
		case b == '{' && k == reflect.Map && readable(target.Type().Key()):
			return d.dictionary(target)
		}
	}
	what := "array"
	if b == '{' {
		what = "object"
	}
	d.mistyped(what, target.Type(), d.pos+1)
	d.skip()
	return nil
}

// methods are how a value reads itself, if it does.
type methods struct {
	json json.Unmarshaler
	text encoding.TextUnmarshaler
}

// indirect follows pointers, which it makes where they are nil, to the value to
// store in or to one that reads itself. For null it stops at the last pointer.
func indirect(v reflect.Value, null bool) (reflect.Value, methods) {
	// A method may belong to the pointer to v. What Elem of that gives back must not
	// be stored in, if v is of an embedded struct whose type is unexported.
	var itself reflect.Value
	if v.Kind() != reflect.Pointer && v.Type().Name() != "" && v.CanAddr() {
		itself, v = v, v.Addr()
	}
	for {
		if v.Kind() == reflect.Interface && !v.IsNil() {
			p := v.Elem()
			if p.Kind() == reflect.Pointer && !p.IsNil() && (!null || p.Elem().Kind() == reflect.Pointer) {
				itself, v = reflect.Value{}, p
				continue
			}
		}
		if v.Kind() != reflect.Pointer || null && v.CanSet() {
			return v, methods{}
		}
		if e := v.Elem(); e.Kind() == reflect.Interface && same(e.Elem(), v) {
			return e, methods{}
		}
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		if v.Type().NumMethod() > 0 && v.CanInterface() {
			switch m := v.Interface().(type) {
			case json.Unmarshaler:
				return v, methods{json: m}
			case encoding.TextUnmarshaler:
				if !null {
					return v, methods{text: m}
				}
			}
		}
		if itself.IsValid() {
			v, itself = itself, reflect.Value{}
		} else {
			v = v.Elem()
		}
	}
}

// same reports whether a is the pointer p.
func same(a, p reflect.Value) bool {
	return a.Kind() == reflect.Pointer && a.Type() == p.Type() && a.Pointer() == p.Pointer()
}

func (d *decoder) list(v reflect.Value) error {
	slice := v.Kind() == reflect.Slice
	n := 0
	for more := d.opens(); more; more = d.more() {
		if slice {
			if n == v.Cap() {
				v.Grow(1)
			}
			if n >= v.Len() {
				v.SetLen(n + 1)
			}
		}
		var elem reflect.Value // what an array has no room for is skipped
		if n < v.Len() {
			elem = v.Index(n)
		}
		if err := d.value(elem); err != nil {
			return err
		}
		n++
	}
	switch {
	case !slice:
		for ; n < v.Len(); n++ {
			v.Index(n).SetZero()
		}
	case n == 0:
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	case n < v.Len():
		v.SetLen(n)
	}
	return nil
}

// key reads a member's name, and moves on to its value.
func (d *decoder) key() (raw, name []byte) {
	raw = d.skip()
	name, _ = jsonscan.Unquote(raw)
	d.pos = space(d.data, d.pos)
	d.pos = space(d.data, d.pos+1) // behind the colon
	return raw, name
}

func (d *decoder) object(v reflect.Value) error {
	fields := fieldsOf(v.Type())
	in, depth := d.in, len(d.path)
	for more := d.opens(); more; more = d.more() {
		_, name := d.key()
		var target reflect.Value
		quoted := false
		if f := find(fields, name); f != nil {
			target = d.settable(v, f)
			quoted = f.quoted && target.IsValid()
			d.in, d.path = v.Type(), append(d.path, f.name)
		}
		var err error
		if quoted {
			err = d.quoted(target)
		} else {
			err = d.value(target)
		}
		if err != nil {
			return err
		}
		d.in, d.path = in, d.path[:depth]
	}
	return nil
}

// find returns the field of a name, else the first that differs in case only.
func find(fields []field, name []byte) *field {
	for i := range fields {
		if fields[i].name == string(name) {
			return &fields[i]
		}
	}
	folded := string(name)
	for i := range fields {
		if strings.EqualFold(fields[i].name, folded) {
			return &fields[i]
		}
	}
	return nil
}

// settable returns the field of v, makes the embedded structs on the way to it
// and adds them to the path. It is not valid if one cannot be set.
func (d *decoder) settable(v reflect.Value, f *field) reflect.Value {
	for n, i := range f.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				if !v.CanSet() {
					d.save(&failure{text: "json: cannot set embedded pointer to unexported struct: " + v.Type().Elem().String()})
					return reflect.Value{}
				}
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		if n < len(f.index)-1 {
			d.path = append(d.path, v.Type().Field(i).Name)
		}
		v = v.Field(i)
	}
	return v
}

// any reads a value into what an empty interface holds of it.
func (d *decoder) any() any {
	b := d.data[d.pos]
	if b != '[' && b != '{' {
		return d.plain(d.skip())
	}
	if d.depth == maxNested {
		d.save(errDepth)
		d.skip()
		return nil
	}
	d.depth++
	v := d.untyped(b)
	d.depth--
	return v
}

// untyped reads the array or object that begins with b.
func (d *decoder) untyped(b byte) any {
	if b == '[' {
		list := []any{}
		for more := d.opens(); more; more = d.more() {
			list = append(list, d.any())
		}
		return list
	}
	members := map[string]any{}
	for more := d.opens(); more; more = d.more() {
		_, name := d.key()
		members[string(name)] = d.any()
	}
	return members
}
