package fmt

import (
	"reflect"
	"strconv"
	"strings"
)

// printer appends to b and takes arguments as it goes.
type printer struct {
	b       []byte
	args    []any
	wrapped []error
}

func (p *printer) print(format string) {
	for {
		text, rest, found := strings.Cut(format, "%")
		format = ""
		p.b = append(p.b, text...)
		if !found {
			return
		}
		verb := ""
		if rest != "" {
			verb, format = rest[:1], rest[1:]
		}
		if verb != "%" && verb != "" && len(p.args) > 0 {
			p.argument(verb[0], p.args[0])
			p.args = p.args[1:]
		} else {
			if verb != "%" {
				verb = "%!" + verb + "()"
			}
			p.b = append(p.b, verb...)
		}
	}
}

// argument writes one argument.
func (p *printer) argument(verb byte, arg any) {
	text, ok := "", false
	switch verb {
	case 'w':
		var err error
		if err, ok = arg.(error); ok {
			p.wrapped = append(p.wrapped, err)
			text = err.Error()
		}
	case 's', 'q', 'v':
		text, ok = textOf(arg)
		if ok && verb == 'q' {
			text = strconv.Quote(text)
		}
	}
	if !ok && (verb == 'd' || verb == 'v') {
		text, ok = numberOf(reflect.ValueOf(arg))
	}
	if !ok {
		text = "%!" + string(rune(verb)) + "()"
	}
	p.b = append(p.b, text...)
}

// textOf returns the text of what is one or has one.
func textOf(arg any) (string, bool) {
	switch v := arg.(type) {
	case error:
		return v.Error(), true
	case interface{ String() string }:
		return v.String(), true
	}
	switch v := reflect.ValueOf(arg); {
	case v.Kind() == reflect.String:
		return v.String(), true
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		return string(v.Bytes()), true
	}
	return "", false
}

func numberOf(v reflect.Value) (string, bool) {
	switch {
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), true
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), true
	}
	return "", false
}
