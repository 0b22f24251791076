// Package jsonscan walks over the members of a JSON object without decoding
// them. It is what routes a message before anybody knows whom it is for.
//
// It is lenient: an object that encoding/json takes is walked the same way,
// and of one that it refuses some members may be seen before the error. It
// never panics and allocates nothing, but for keys with escapes.
package jsonscan

import (
	"bytes"
	"encoding/json"
	"errors"
)

// ErrSyntax is returned for bytes that are no JSON object.
var ErrSyntax = errors.New("jsonscan: not a JSON object")

// Object walks over the members of one object. Next moves on; Key and Value
// describe the member it found and point into the data.
type Object struct {
	data  []byte
	pos   int
	begun bool
	ended bool
	err   error

	Key   []byte // unquoted
	Value []byte // raw JSON, without white space around it
}

// Open returns a walk over the object in data.
func Open(data []byte) Object { return Object{data: data} }

// Err returns the syntax error that ended the walk, if one did.
func (o *Object) Err() error { return o.err }

// Next finds the next member and reports whether there is one.
func (o *Object) Next() bool {
	if o.ended {
		return false
	}
	o.space()
	if !o.begun {
		o.begun = true
		if !o.eat('{') {
			return o.fail()
		}
		o.space()
		if o.eat('}') {
			return o.end()
		}
	} else {
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
		var s string
		if json.Unmarshal(key, &s) != nil {
			return o.fail()
		}
		o.Key = []byte(s)
	}
	o.space()
	if !o.eat(':') {
		return o.fail()
	}
	o.space()
	start = o.pos
	if !o.skipValue() {
		return o.fail()
	}
	o.Value = o.data[start:o.pos]
	return true
}

// Get returns the value of the first member named key, or nil.
func Get(data []byte, key string) []byte {
	o := Open(data)
	for o.Next() {
		if string(o.Key) == key {
			return o.Value
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
	var s string
	if json.Unmarshal(value, &s) != nil {
		return nil, false
	}
	return []byte(s), true
}

func (o *Object) fail() bool {
	o.ended, o.err = true, ErrSyntax
	return false
}

// end leaves the walk, behind which nothing but white space may follow.
func (o *Object) end() bool {
	o.space()
	if o.pos != len(o.data) {
		return o.fail()
	}
	o.ended = true
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
	i := o.pos + 1
	for {
		j := bytes.IndexByte(o.data[min(i, len(o.data)):], '"')
		if j < 0 {
			return false
		}
		i += j
		// The quote counts unless an odd number of backslashes stands before it.
		k := i
		for k > o.pos+1 && o.data[k-1] == '\\' {
			k--
		}
		i++
		if (i-1-k)%2 == 0 {
			o.pos = i
			return true
		}
	}
}

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

// skipNested moves over an object or array by counting brackets. Which kind
// closes which is for the decoder of the value to check.
func (o *Object) skipNested() bool {
	depth := 0
	for o.pos < len(o.data) {
		switch o.data[o.pos] {
		case '"':
			if !o.skipString() {
				return false
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth == 0 {
				o.pos++
				return true
			}
		}
		o.pos++
	}
	return false
}
