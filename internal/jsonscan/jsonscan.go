// Package jsonscan walks over the members of a JSON object without decoding
// them. It is what routes a message before anybody knows whom it is for.
//
// It is lenient: an object that encoding/json takes is walked the same way,
// and of one that it refuses some members may be seen before the error. It
// never panics and allocates nothing, but for keys with escapes.
package jsonscan

import (
	"bytes"
	"errors"
)

// ErrSyntax is returned for bytes that are no JSON object.
var ErrSyntax = errors.New("jsonscan: not a JSON object")

// Object walks over the members of one object. Next moves on to a member; Key
// is its name and Value its raw JSON, both pointing into the data.
type Object struct {
	data  []byte
	pos   int
	value int // where the value of the current member starts
	state state
	// nested says that more may follow behind the object.
	nested bool
	err    error

	Key []byte // unquoted
}

type state uint8

const (
	atStart  state = iota
	atValue        // behind a colon; the value is not read yet
	atMember       // behind a value
	atEnd
)

// Open returns a walk over the object in data.
func Open(data []byte) Object { return Object{data: data} }

// Err returns the syntax error that ended the walk, if one did.
func (o *Object) Err() error { return o.err }

// Next finds the next member and reports whether there is one.
func (o *Object) Next() bool {
	switch o.state {
	case atEnd:
		return false
	case atStart:
		o.space()
		if !o.eat('{') {
			return o.fail()
		}
		o.space()
		if o.eat('}') {
			return o.end()
		}
	default:
		if o.state == atValue && !o.skipValue() {
			return o.fail()
		}
		o.space()
		if o.eat('}') {
			return o.end()
		}
		if !o.eat(',') {
			return o.fail()
		}
		o.space()
	}
	start := o.pos
	if o.peek() != '"' || !o.skipString() {
		return o.fail()
	}
	key := o.data[start:o.pos]
	o.Key = key[1 : len(key)-1]
	if bytes.IndexByte(o.Key, '\\') >= 0 {
		var ok bool
		if o.Key, ok = Unquote(key); !ok {
			return o.fail()
		}
	}
	o.space()
	if !o.eat(':') {
		return o.fail()
	}
	o.space()
	o.value, o.state = o.pos, atValue
	return true
}

// Value returns the value of the current member, without white space around
// it. It is nil when the value is broken, which ends the walk.
func (o *Object) Value() []byte {
	if o.state == atValue {
		if !o.skipValue() {
			o.fail()
			return nil
		}
		o.state = atMember
	}
	if o.state != atMember {
		return nil
	}
	return o.data[o.value:o.pos]
}

// Inside returns a walk over the members of the current value, which should be
// an object. Give it back to Leave when it is done: together they replace
// Value and save reading the bytes twice.
func (o *Object) Inside() Object {
	if o.state != atValue {
		return Object{state: atEnd}
	}
	return Object{data: o.data, pos: o.pos, nested: true}
}

// Leave goes on behind the value that in walked over, and returns it as Value
// does.
func (o *Object) Leave(in *Object) []byte {
	if o.state != atValue || in.state != atEnd || in.err != nil {
		return o.Value() // not an object, or not walked to its end
	}
	o.pos, o.state = in.pos, atMember
	return o.data[o.value:o.pos]
}

// Get returns the value of the first member named key, or nil.
func Get(data []byte, key string) []byte {
	o := Open(data)
	for o.Next() {
		if string(o.Key) == key {
			return o.Value()
		}
	}
	return nil
}

// Uint reads a whole number of 64 bits.
func Uint(value []byte) (uint64, bool) {
	if len(value) == 0 || len(value) > 20 {
		return 0, false
	}
	var n uint64
	for _, c := range value {
		d := uint64(c - '0')
		if d > 9 || n > (1<<64-1-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, true
}

// Skip returns where the value at start ends, which must be part of valid JSON.
func Skip(data []byte, start int) int {
	o := Object{data: data, pos: start}
	o.skipValue()
	return o.pos
}

// String returns the text of a JSON string. Without escapes it points into
// value.
func String(value []byte) ([]byte, bool) {
	if len(value) < 2 || value[0] != '"' {
		return nil, false
	}
	inner := value[1 : len(value)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner, true
	}
	return Unquote(value)
}

func (o *Object) fail() bool {
	o.state, o.err = atEnd, ErrSyntax
	return false
}

// end leaves the walk, behind which nothing but white space may follow.
func (o *Object) end() bool {
	if !o.nested {
		o.space()
		if o.pos != len(o.data) {
			return o.fail()
		}
	}
	o.state = atEnd
	return false
}

func (o *Object) peek() byte {
	if o.pos < len(o.data) {
		return o.data[o.pos]
	}
	return 0
}

func (o *Object) eat(c byte) bool {
	if o.peek() == c {
		o.pos++
		return true
	}
	return false
}

func (o *Object) space() {
	for o.pos < len(o.data) {
		switch o.data[o.pos] {
		case ' ', '\t', '\r', '\n':
			o.pos++
		default:
			return
		}
	}
}

// skipString moves over the string that starts at pos.
func (o *Object) skipString() bool {
	data := o.data
	i := o.pos + 1
	// Most strings are short, and a plain loop is faster there.
	for end := min(i+short, len(data)); i < end; i++ {
		switch data[i] {
		case '"':
			o.pos = i + 1
			return true
		case '\\':
			i++
		}
	}
	for i < len(data) {
		j := bytes.IndexByte(data[i:], '"')
		if j < 0 {
			return false
		}
		// The quote counts unless an odd number of backslashes stands before it,
		// back to where the plain loop stopped.
		start := i
		i += j
		k := i
		for k > start && data[k-1] == '\\' {
			k--
		}
		i++
		if (i-1-k)%2 == 0 {
			o.pos = i
			return true
		}
	}
	return false
}

const short = 24

func (o *Object) skipValue() bool {
	switch o.peek() {
	case '"':
		return o.skipString()
	case '{', '[':
		return o.skipNested()
	case 0, ',', ':', '}', ']':
		return false
	}
	for o.pos < len(o.data) {
		switch o.data[o.pos] {
		case ',', '}', ']', ' ', '\t', '\r', '\n':
			return true
		case '"', '{', '[', ':':
			return false
		}
		o.pos++
	}
	return true
}
