package codec

import (
	"encoding"
	"encoding/base64"
	"reflect"
	"strconv"

	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// misquoted is the error of option string for what is no scalar within quotes.
func misquoted(text []byte, t reflect.Type) error {
	return &failure{text: "json: invalid use of ,string struct tag, trying to unmarshal " + strconv.Quote(string(text)) + " into " + t.String()}
}

// quoted reads a scalar from the string it is written in: option string.
func (d *decoder) quoted(v reflect.Value) error {
	raw := d.skip()
	switch raw[0] {
	case 'n':
		return d.literal(raw, v, false)
	case '"':
		text, _ := jsonscan.Unquote(raw)
		return d.literal(text, v, true)
	}
	d.save(&failure{text: "json: invalid use of ,string struct tag, trying to unmarshal unquoted value into " + v.Type().String()})
	return nil
}

// literal stores a scalar. One from within quotes may be anything.
func (d *decoder) literal(text []byte, v reflect.Value, quoted bool) error {
	if len(text) == 0 {
		d.save(misquoted(text, v.Type()))
		return nil
	}
	target, own := indirect(v, text[0] == 'n')
	if own.json != nil {
		return own.json.UnmarshalJSON(text)
	}
	if own.text != nil {
		return d.unmarshalText(own.text, text, v, quoted)
	}
	switch c := text[0]; {
	case c == 'n':
		d.null(text, target, quoted)
	case c == 't' || c == 'f':
		d.bool(text, target, quoted)
	case c == '"':
		return d.string(text, target)
	case quoted && c != '-' && c-'0' > 9:
		return misquoted(text, target.Type())
	default:
		return d.number(text, target, quoted)
	}
	return nil
}

// unmarshalText gives a string to a value that reads itself.
func (d *decoder) unmarshalText(m encoding.TextUnmarshaler, text []byte, v reflect.Value, quoted bool) error {
	if text[0] == '"' {
		s, ok := jsonscan.Unquote(text)
		if !ok {
			return misquoted(text, v.Type())
		}
		return m.UnmarshalText(s)
	}
	switch c := text[0]; {
	case quoted:
		d.save(misquoted(text, v.Type()))
	case c == 't' || c == 'f':
		d.mistyped("bool", v.Type(), d.pos)
	default:
		d.mistyped("number", v.Type(), d.pos)
	}
	return nil
}

// null empties what can be nil and leaves the rest alone.
func (d *decoder) null(text []byte, v reflect.Value, quoted bool) {
	if quoted && string(text) != "null" {
		d.save(misquoted(text, v.Type()))
		return
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer, reflect.Map, reflect.Slice:
		v.SetZero()
	}
}

func (d *decoder) bool(text []byte, v reflect.Value, quoted bool) {
	value := string(text) == "true"
	switch k := v.Kind(); {
	case !value && string(text) != "false":
		d.save(misquoted(text, v.Type()))
	case k == reflect.Bool:
		v.SetBool(value)
	case k == reflect.Interface && v.NumMethod() == 0:
		v.Set(reflect.ValueOf(value))
	case quoted && k != reflect.Interface:
		d.save(misquoted(text, v.Type()))
	default:
		d.mistyped("bool", v.Type(), d.pos)
	}
}

func (d *decoder) string(text []byte, v reflect.Value) error {
	s, ok := jsonscan.Unquote(text)
	if !ok {
		return misquoted(text, v.Type())
	}
	switch k := v.Kind(); {
	case k == reflect.String:
		if v.Type() == numberType && !validNumber(string(s)) {
			return &failure{text: "json: invalid number literal, trying to unmarshal " + strconv.Quote(string(text)) + " into Number"}
		}
		v.SetString(string(s))
	case k == reflect.Interface && v.NumMethod() == 0:
		v.Set(reflect.ValueOf(string(s)))
	case k == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		b := make([]byte, base64.StdEncoding.DecodedLen(len(s)))
		n, err := base64.StdEncoding.Decode(b, s)
		if err != nil {
			d.save(err)
			return nil
		}
		v.SetBytes(b[:n])
	default:
		d.mistyped("string", v.Type(), d.pos)
	}
	return nil
}

func (d *decoder) number(text []byte, v reflect.Value, quoted bool) error {
	s := string(text)
	switch k := v.Kind(); {
	case reflect.Int <= k && k <= reflect.Float64:
		if !setNumber(v, s) {
			d.mistyped("number "+s, v.Type(), d.pos)
		}
	case k == reflect.Interface:
		n := d.plain(text)
		switch {
		case n == nil: // plain has saved why
		case v.NumMethod() == 0:
			v.Set(reflect.ValueOf(n))
		default:
			d.mistyped("number", v.Type(), d.pos)
		}
	case v.Type() == numberType:
		v.SetString(s)
	case quoted:
		return misquoted(text, v.Type())
	default:
		d.mistyped("number", v.Type(), d.pos)
	}
	return nil
}

// setNumber stores a number if v has room for it.
func setNumber(v reflect.Value, s string) bool {
	switch {
	case v.CanInt():
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || v.OverflowInt(n) {
			return false
		}
		v.SetInt(n)
	case v.CanUint():
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil || v.OverflowUint(n) {
			return false
		}
		v.SetUint(n)
	default:
		n, err := strconv.ParseFloat(s, v.Type().Bits())
		if err != nil || v.OverflowFloat(n) {
			return false
		}
		v.SetFloat(n)
	}
	return true
}

// plain returns a scalar as an empty interface holds it.
func (d *decoder) plain(text []byte) any {
	switch c := text[0]; c {
	case 'n':
		return nil
	case 't', 'f':
		return c == 't'
	case '"':
		s, _ := jsonscan.Unquote(text)
		return string(s)
	default:
		n, err := strconv.ParseFloat(string(text), 64)
		if err != nil {
			d.mistyped("number "+string(text), reflect.TypeFor[float64](), d.pos+1)
			return nil
		}
		return n
	}
}
