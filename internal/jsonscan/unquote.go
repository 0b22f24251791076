package jsonscan

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Unquote returns the text of a JSON string, with U+FFFD for each byte that is
// no UTF-8 and for each half of a surrogate pair. It points into value if nothing
// in it has to change.
func Unquote(value []byte) ([]byte, bool) {
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
		return nil, false
	}
	s := value[1 : len(value)-1]
	var b []byte
	start := 0 // of what is not in b yet
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		r, size := unquoteRune(s[i:])
		if size == 0 {
			return nil, false
		}
		if s[i] == '\\' || r == utf8.RuneError && size == 1 {
			if b == nil {
				b = make([]byte, 0, len(s))
			}
			b = append(b, s[start:i]...)
			b = utf8.AppendRune(b, r)
			start = i + size
		}
		i += size
	}
	if b == nil {
		return s, true
	}
	return append(b, s[start:]...), true
}

// unquoteRune returns the character that s begins with and its length, 0 if none
// may be there.
func unquoteRune(s []byte) (rune, int) {
	if s[0] >= utf8.RuneSelf {
		return utf8.DecodeRune(s)
	}
	if s[0] != '\\' || len(s) == 1 {
		return 0, 0
	}
	switch c := s[1]; c {
	case '"', '\\', '/', '\'':
		return rune(c), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		r := unit(s)
		switch {
		case r < 0:
			return 0, 0
		case !utf16.IsSurrogate(r):
			return r, 6
		}
		if pair := utf16.DecodeRune(r, unit(s[6:])); pair != utf8.RuneError {
			return pair, 12
		}
		return utf8.RuneError, 6
	}
	return 0, 0
}

// unit returns the number of the escape sequence \uXXXX, -1 if s begins with
// something else.
func unit(s []byte) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	n := rune(0)
	for _, c := range s[2:6] {
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|0x20-'a' <= 5:
			c = c | 0x20 - 'a' + 10
		default:
			return -1
		}
		n = n<<4 | rune(c)
	}
	return n
}
