package codec

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
)

// Marshal returns the JSON text of v: encoding/json's Marshal.
func Marshal(v any) ([]byte, error) {
	e := encoder{b: make([]byte, 0, 256)}
	e.any(reflect.ValueOf(v), false)
	if e.err != nil {
		return nil, e.err
	}
	return e.b, nil
}

// encoder appends to b until there is an error.
type encoder struct {
	b     []byte
	err   error
	depth int           // how many pointers, maps and slices v is in
	seen  map[spot]bool // those that are deeper than cycleDepth
}

// how is what a type has to write itself: a set of the bits below.
type how uint8

const (
	withJSON     how = 1 << iota // MarshalJSON
	withAddrJSON                 // its pointer has
	withText                     // MarshalText
	withAddrText
)

// howOf looks at the methods of a type.
func howOf(t reflect.Type) (h how) {
	if k := t.Kind(); t.PkgPath() == "" && k != reflect.Pointer && k != reflect.Interface && k != reflect.Struct {
		return 0 // it has none
	}
	if t.Implements(marshalerType) {
		h = withJSON
	}
	if t.Implements(textMarshalerType) {
		h |= withText
	}
	if t.Kind() != reflect.Pointer {
		p := reflect.PointerTo(t)
		if p.Implements(marshalerType) {
			h |= withAddrJSON
		}
		if p.Implements(textMarshalerType) {
			h |= withAddrText
		}
	}
	return h
}

// any writes a value whose type nobody has looked at yet.
func (e *encoder) any(v reflect.Value, quoted bool) {
	if !v.IsValid() {
		e.null()
		return
	}
	e.value(v, howOf(v.Type()), quoted)
}

// value writes v, within quotes if quoted and it is a scalar.
func (e *encoder) value(v reflect.Value, h how, quoted bool) {
	switch {
	case e.err != nil:
	case h == 0:
		e.kind(v, quoted)
	case h&withAddrJSON != 0 && v.CanAddr():
		e.custom(v.Addr(), v.Type())
	case h&withJSON != 0:
		e.custom(v, v.Type())
	case h&withAddrText != 0 && h&withAddrJSON == 0 && v.CanAddr():
		e.customText(v.Addr(), v.Type())
	case h&withText != 0:
		e.customText(v, v.Type())
	default:
		e.kind(v, quoted)
	}
}

// write appends what is JSON.
func (e *encoder) write(s string) { e.b = append(e.b, s...) }

// string appends a string in quotes.
func (e *encoder) string(s string) { e.b = appendText(e.b, s, true) }

func (e *encoder) null() { e.write("null") }

// custom writes what MarshalJSON returns, nil as null.
func (e *encoder) custom(v reflect.Value, t reflect.Type) {
	m, ok := v.Interface().(json.Marshaler)
	if !ok || v.Kind() == reflect.Pointer && v.IsNil() {
		e.null()
		return
	}
	text, err := m.MarshalJSON()
	if err == nil {
		err = check(text)
	}
	if err != nil {
		e.err = &json.MarshalerError{Type: t, Err: err}
		return
	}
	e.b = appendCompact(e.b, text)
}

// customText writes what MarshalText returns, nil as null.
func (e *encoder) customText(v reflect.Value, t reflect.Type) {
	m, ok := v.Interface().(encoding.TextMarshaler)
	if !ok || v.Kind() == reflect.Pointer && v.IsNil() {
		e.null()
		return
	}
	text, err := m.MarshalText()
	if err != nil {
		e.err = &failure{"json: error calling MarshalText for type " + t.String() + ": " + err.Error(), &json.MarshalerError{Type: t, Err: err}}
		return
	}
	e.string(string(text))
}

// kind writes a value without methods.
func (e *encoder) kind(v reflect.Value, quoted bool) {
	switch k := v.Kind(); k {
	case reflect.Struct:
		e.object(v)
	case reflect.Map:
		e.dictionary(v)
	case reflect.Slice, reflect.Array:
		e.list(v)
	case reflect.Pointer, reflect.Interface:
		e.inner(v, quoted)
	case reflect.String:
		e.text(v, quoted)
	default:
		if !scalar(k) {
			e.err = &json.UnsupportedTypeError{Type: v.Type()}
			return
		}
		if quoted {
			e.write(`"`)
		}
		e.scalar(v, k)
		if quoted {
			e.write(`"`)
		}
	}
}

func (e *encoder) scalar(v reflect.Value, k reflect.Kind) {
	switch {
	case k == reflect.Bool:
		e.b = strconv.AppendBool(e.b, v.Bool())
	case k <= reflect.Int64:
		e.b = strconv.AppendInt(e.b, v.Int(), 10)
	case k <= reflect.Uintptr:
		e.b = strconv.AppendUint(e.b, v.Uint(), 10)
	default:
		e.float(v)
	}
}

// float writes a number as JavaScript does.
func (e *encoder) float(v reflect.Value) {
	f, bits := v.Float(), v.Type().Bits()
	if math.IsInf(f, 0) || math.IsNaN(f) {
		e.err = &json.UnsupportedValueError{Value: v, Str: strconv.FormatFloat(f, 'g', -1, bits)}
		return
	}
	low, high := 1e-6, 1e21
	if bits == 32 {
		low, high = float64(float32(low)), float64(float32(high))
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < low || abs >= high) {
		format = 'e'
	}
	e.b = strconv.AppendFloat(e.b, f, format, -1, bits)
	if n := len(e.b); format == 'e' && string(e.b[n-4:n-1]) == "e-0" { // e-09 is e-9 there
		e.b[n-2] = e.b[n-1]
		e.b = e.b[:n-1]
	}
}

func (e *encoder) text(v reflect.Value, quoted bool) {
	s := v.String()
	switch number := v.Type() == numberType; {
	case number && s == "":
		s = "0"
	case number && !validNumber(s):
		e.err = &failure{text: "json: invalid number literal " + strconv.Quote(s)}
		return
	case number:
	case quoted:
		e.b = appendText(e.b, string(appendText(nil, s, true)), false)
		return
	default:
		e.string(s)
		return
	}
	if quoted {
		s = `"` + s + `"`
	}
	e.write(s)
}

// validNumber reports whether s is a number and nothing else.
func validNumber(s string) bool {
	c := checker{data: []byte(s)}
	c.number()
	return c.err == nil && c.pos == len(s)
}

// bytes writes what is text in base64.
func (e *encoder) bytes(v reflect.Value) {
	e.write(`"`)
	e.b = base64.StdEncoding.AppendEncode(e.b, v.Bytes())
	e.write(`"`)
}
