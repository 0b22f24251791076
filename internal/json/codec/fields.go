package codec

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// field is a member of an object that a field of a struct holds.
type field struct {
	name      string
	prefix    string // the name as it is written, with its colon
	index     []int  // the way to it through embedded structs
	how       how
	tagged    bool
	quoted    bool // option string
	omitEmpty bool
	omitZero  bool
	zero      zero
}

// zero is how a value of a field's type says that it is zero.
type zero uint8

const (
	zeroPlain zero = iota
	zeroMethod
	zeroAddrMethod // of the pointer to it
)

type zeroer interface{ IsZero() bool }

var (
	zeroerType          = reflect.TypeFor[zeroer]()
	marshalerType       = reflect.TypeFor[json.Marshaler]()
	textMarshalerType   = reflect.TypeFor[encoding.TextMarshaler]()
	textUnmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
	numberType          = reflect.TypeFor[json.Number]()
)

// known holds the []field of each struct type seen.
var known sync.Map

// fieldsOf returns the fields of a struct type in the order in which they are
// written.
func fieldsOf(t reflect.Type) []field {
	if list, ok := known.Load(t); ok {
		return list.([]field)
	}
	list, _ := known.LoadOrStore(t, dominant(allFields(t)))
	return list.([]field)
}

// level is an embedded struct, or the struct itself.
type level struct {
	t     reflect.Type
	index []int
	twice bool // it is embedded more than once at this depth
}

// allFields finds the fields of t breadth first, one that is embedded twice
// twice.
func allFields(t reflect.Type) []field {
	var (
		found []field
		seen  []reflect.Type
		now   = []level{{t: t}}
	)
	for len(now) > 0 {
		var next []level
		for _, in := range now {
			if slices.Contains(seen, in.t) {
				continue
			}
			seen = append(seen, in.t)
			for i := range in.t.NumField() {
				sf := in.t.Field(i)
				index := append(in.index[:len(in.index):len(in.index)], i)
				f, deeper := newField(sf, index)
				switch {
				case deeper != nil:
					next = embed(next, deeper, index)
				case f.name != "":
					found = append(found, f)
					if in.twice {
						found = append(found, f)
					}
				}
			}
		}
		now = next
	}
	return found
}

// embed adds an embedded struct to those of a depth.
func embed(list []level, t reflect.Type, index []int) []level {
	for i := range list {
		if list[i].t == t {
			list[i].twice = true
			return list
		}
	}
	return append(list, level{t: t, index: index})
}

// newField returns the field of a struct, the type of the struct that is embedded
// by it, or neither.
func newField(sf reflect.StructField, index []int) (f field, deeper reflect.Type) {
	t := sf.Type
	if sf.Anonymous && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	// The exported fields of an embedded struct count even where its type does not.
	if !sf.IsExported() && (!sf.Anonymous || t.Kind() != reflect.Struct) {
		return field{}, nil
	}
	tag := sf.Tag.Get("json")
	if tag == "-" {
		return field{}, nil
	}
	name, options, _ := strings.Cut(tag, ",")
	if !validName(name) {
		name = ""
	}
	t = sf.Type
	if t.Name() == "" && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if name == "" && sf.Anonymous && t.Kind() == reflect.Struct {
		return field{}, t
	}
	f = field{name: name, tagged: name != "", index: index, how: howOf(sf.Type)}
	if name == "" {
		f.name = sf.Name
	}
	f.prefix = string(appendText(nil, f.name, true)) + ":"
	for options != "" {
		var option string
		option, options, _ = strings.Cut(options, ",")
		switch option {
		case "omitempty":
			f.omitEmpty = true
		case "omitzero":
			f.omitZero = true
		case "string":
			f.quoted = scalar(t.Kind())
		}
	}
	switch {
	case sf.Type.Implements(zeroerType):
		f.zero = zeroMethod
	case reflect.PointerTo(sf.Type).Implements(zeroerType):
		f.zero = zeroAddrMethod
	}
	return f, nil
}

// validName reports whether a tag names the member.
func validName(name string) bool {
	for _, r := range name {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return name != ""
}

// scalar reports whether option string means something for a kind.
func scalar(k reflect.Kind) bool {
	return reflect.Bool <= k && k <= reflect.Float64 || k == reflect.String
}

// dominant returns the fields that Go's rules for embedded fields leave, in the
// order of the declaration. Of those with one name at one depth a tag decides.
func dominant(all []field) []field {
	var list []field
	for i, f := range all {
		if wins(all, i) {
			list = append(list, f)
			for at := len(list) - 1; at > 0 && slices.Compare(list[at].index, list[at-1].index) < 0; at-- {
				list[at], list[at-1] = list[at-1], list[at]
			}
		}
	}
	return list
}

// wins reports whether no other field has as much right to its name.
func wins(all []field, i int) bool {
	f := &all[i]
	for j := range all {
		other := &all[j]
		if j == i || other.name != f.name {
			continue
		}
		if len(other.index) < len(f.index) || len(other.index) == len(f.index) && (other.tagged || !f.tagged) {
			return false
		}
	}
	return true
}
