package codec

import (
	"encoding/json"
	"strconv"
)

// maxDepth is how many brackets may be open at once, as in encoding/json.
const maxDepth = 10000

// Valid reports whether data is one JSON value.
func Valid(data []byte) bool { return check(data) == nil }

// check returns what is wrong with the syntax of data: RFC 8259.
func check(data []byte) error {
	c := checker{data: data}
	c.run()
	return c.err
}

// checker reads JSON without recursion: the text decides how deep it is.
type checker struct {
	data []byte
	pos  int
	open []byte // the brackets that are open
	err  error
}

// want is what may come next.
type want uint8

const (
	wantValue   want = iota
	wantElement      // a value, or the end of an empty array
	wantKey
	wantMember // a key, or the end of an empty object
	wantMore   // a comma or a closing bracket, or the end of the text
)

func (c *checker) run() {
	next := wantValue
	for c.err == nil {
		c.pos = space(c.data, c.pos)
		if c.pos == len(c.data) {
			if next != wantMore || len(c.open) > 0 {
				c.end()
			}
			return
		}
		b := c.data[c.pos]
		switch {
		case next == wantElement && b == ']', next == wantMember && b == '}':
			next = c.close()
		case next == wantValue, next == wantElement:
			next = c.value(b)
		case next == wantMore:
			next = c.more(b)
		default:
			next = c.key(b)
		}
	}
}

// value reads a literal or an opening bracket.
func (c *checker) value(b byte) want {
	switch b {
	case '{', '[':
		if len(c.open) == maxDepth {
			c.fail("exceeded max depth")
			return wantMore
		}
		c.open = append(c.open, b)
		c.pos++
		if b == '{' {
			return wantMember
		}
		return wantElement
	case '"':
		c.text()
	case 't':
		c.word("true")
	case 'f':
		c.word("false")
	case 'n':
		c.word("null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		c.number()
	default:
		c.fail("looking for beginning of value")
	}
	return wantMore
}

// key reads a member's name and the colon.
func (c *checker) key(b byte) want {
	if b != '"' {
		c.fail("looking for beginning of object key string")
		return wantMore
	}
	c.text()
	if c.err != nil {
		return wantMore
	}
	c.pos = space(c.data, c.pos)
	switch {
	case c.pos == len(c.data):
		c.end()
	case c.data[c.pos] != ':':
		c.fail("after object key")
	default:
		c.pos++
	}
	return wantValue
}

// more reads what stands behind a value.
func (c *checker) more(b byte) want {
	if len(c.open) == 0 {
		c.fail("after top-level value")
		return wantMore
	}
	object := c.open[len(c.open)-1] == '{'
	switch {
	case b == '}' && object, b == ']' && !object:
		return c.close()
	case b == ',' && object:
		c.pos++
		return wantKey
	case b == ',':
		c.pos++
		return wantValue
	case object:
		c.fail("after object key:value pair")
	default:
		c.fail("after array element")
	}
	return wantMore
}

func (c *checker) close() want {
	c.open = c.open[:len(c.open)-1]
	c.pos++
	return wantMore
}

// text reads a string.
func (c *checker) text() {
	data := c.data
	for c.pos++; c.pos < len(data); c.pos++ {
		switch b := data[c.pos]; {
		case b == '"':
			c.pos++
			return
		case b == '\\':
			if c.escape(); c.err != nil {
				return
			}
		case b < ' ':
			c.fail("in string literal")
			return
		}
	}
	c.end()
}

// escape reads an escape sequence but for its last byte.
func (c *checker) escape() {
	c.pos++
	switch c.at() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
	case 'u':
		for range 4 {
			c.pos++
			if b := c.at(); b-'0' > 9 && b|0x20-'a' > 5 {
				c.fail("in \\u hexadecimal character escape")
				return
			}
		}
	default:
		c.fail("in string escape code")
	}
}

func (c *checker) word(word string) {
	for i := range len(word) {
		if c.at() != word[i] {
			c.fail("in literal " + word + " (expecting '" + word[i:i+1] + "')")
			return
		}
		c.pos++
	}
}

func (c *checker) number() {
	if c.at() == '-' {
		c.pos++
	}
	if c.at() == '0' {
		c.pos++
	} else if !c.digits("in numeric literal") {
		return
	}
	if c.at() == '.' {
		c.pos++
		if !c.digits("after decimal point in numeric literal") {
			return
		}
	}
	if c.at()|0x20 == 'e' {
		c.pos++
		if c.at() == '+' || c.at() == '-' {
			c.pos++
		}
		c.digits("in exponent of numeric literal")
	}
}

// digits reads one digit or more; where says where they are missing.
func (c *checker) digits(where string) bool {
	start := c.pos
	for c.at()-'0' <= 9 {
		c.pos++
	}
	if c.pos == start {
		c.fail(where)
		return false
	}
	return true
}

// at returns the byte to read, a space behind the last one.
func (c *checker) at() byte {
	if c.pos < len(c.data) {
		return c.data[c.pos]
	}
	return ' '
}

func (c *checker) fail(where string) {
	quoted := strconv.Quote(string(rune(c.at())))
	switch c.at() {
	case '"':
		quoted = `'"'`
	case '\'':
		quoted = `'\''`
	default:
		quoted = "'" + quoted[1:len(quoted)-1] + "'"
	}
	c.wrong("invalid character "+quoted+" "+where, min(c.pos+1, len(c.data)))
}

func (c *checker) end() { c.wrong("unexpected end of JSON input", len(c.data)) }

func (c *checker) wrong(text string, offset int) {
	c.err = &failure{text, &json.SyntaxError{Offset: int64(offset)}}
}

// failure gives an error of encoding/json a text.
type failure struct {
	text string
	err  error
}

// Error returns the text.
func (f *failure) Error() string { return f.text }

// Unwrap returns the error, nil if encoding/json has no type for it.
func (f *failure) Unwrap() error { return f.err }
