package pagejson

import (
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/json"
)

// Append appends v to b. replace, if there is one, sees every pointer and every
// value of an interface before it is written, and says what to write instead.
func Append(b []byte, v any, replace func(v any) (any, bool)) []byte {
	w := writer{b, replace}
	if !w.any(reflect.ValueOf(v)) {
		w.b = append(w.b, "null"...)
	}
	return w.b
}

type writer struct {
	b       []byte
	replace func(v any) (any, bool)
}

// any writes v, or nothing at all if there is nothing to write, and says which.
func (w *writer) any(v reflect.Value) bool {
	for v.IsValid() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) {
		if v.IsNil() {
			return false
		}
		if w.replace != nil {
			if other, ok := w.replace(v.Interface()); ok {
				return w.any(reflect.ValueOf(other))
			}
		}
		if m, ok := v.Interface().(json.Marshaler); ok {
			return w.message(m)
		}
		v = v.Elem()
	}
	if !v.IsValid() {
		return false
	}
	switch x := v.Interface().(type) {
	case time.Duration:
		w.float(float64(x) / float64(time.Millisecond))
		return true
	case time.Time:
		ms := int64(0)
		if !x.IsZero() {
			ms = x.UnixMilli()
		}
		w.b = strconv.AppendInt(w.b, ms, 10)
		return true
	case json.RawMessage:
		w.b = append(w.b, x...)
		return len(x) > 0
	case json.Marshaler:
		return w.message(x)
	case interface{ String() string }:
		if v.CanInt() || v.CanUint() {
			return w.message(x.String())
		}
	}
	return w.plain(v)
}

// plain writes a value by its kind.
func (w *writer) plain(v reflect.Value) bool {
	switch {
	case v.CanInt():
		w.b = strconv.AppendInt(w.b, v.Int(), 10)
	case v.CanUint():
		w.b = strconv.AppendUint(w.b, v.Uint(), 10)
	case v.CanFloat():
		w.float(v.Float())
	default:
		switch v.Kind() {
		case reflect.Bool:
			w.b = strconv.AppendBool(w.b, v.Bool())
		case reflect.String:
			return w.message(v.String())
		case reflect.Slice, reflect.Array:
			w.list(v)
		case reflect.Map:
			w.dictionary(v)
		case reflect.Struct:
			return w.object(v)
		default:
			return false
		}
	}
	return true
}

// message writes what encoding/json makes of v.
func (w *writer) message(v any) bool {
	text, err := json.Marshal(v)
	w.b = append(w.b, text...)
	return err == nil
}

// float writes a number; JSON has none that is not finite.
func (w *writer) float(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		w.b = append(w.b, "null"...)
		return
	}
	w.b = strconv.AppendFloat(w.b, f, 'g', -1, 64)
}

func (w *writer) list(v reflect.Value) {
	w.b = append(w.b, '[')
	for i := range v.Len() {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if !w.any(v.Index(i)) {
			w.b = append(w.b, "null"...)
		}
	}
	w.b = append(w.b, ']')
}

func (w *writer) dictionary(v reflect.Value) {
	w.b = append(w.b, '{')
	for keys := v.MapRange(); keys.Next(); {
		w.member(keys.Key().String(), keys.Value())
	}
	w.b = append(w.b, '}')
}

// object writes a struct. One without an exported field is a thing, not a
// message.
func (w *writer) object(v reflect.Value) bool {
	t := v.Type()
	fields := 0
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			continue
		}
		fields++
		if tag, ok := t.Field(i).Tag.Lookup("json"); ok && tag != "-" {
			return w.message(v.Interface())
		}
	}
	if fields == 0 {
		return t.NumField() == 0 && w.message(struct{}{})
	}
	w.b = append(w.b, '{')
	w.members(v)
	w.b = append(w.b, '}')
	return true
}

func (w *writer) members(v reflect.Value) {
	t := v.Type()
	for i := range t.NumField() {
		switch f := t.Field(i); {
		case !f.IsExported():
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			w.members(v.Field(i))
		default:
			w.member(Name(f.Name), v.Field(i))
		}
	}
}

// member writes a name and its value, or neither.
func (w *writer) member(name string, v reflect.Value) {
	before := len(w.b)
	if w.b[before-1] != '{' {
		w.b = append(w.b, ',')
	}
	w.message(name)
	w.b = append(w.b, ':')
	if !w.any(v) {
		w.b = w.b[:before]
	}
}
