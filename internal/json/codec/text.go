package codec

import "unicode/utf8"

const hex = "0123456789abcdef"

// appendText appends a string in quotes. With html, what HTML would take for
// markup is escaped, too.
func appendText(b []byte, s string, html bool) []byte {
	b = append(b, '"')
	start := 0 // of what is not appended yet
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' && (!html || !markup(c)) {
			i++
			continue
		}
		instead, size := escape(s[i:])
		if instead != "" {
			b = append(b, s[start:i]...)
			b = append(b, instead...)
			start = i + size
		}
		i += size
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func markup(c byte) bool { return c == '<' || c == '>' || c == '&' }

// escape returns what is written for the first character of s, nothing if it
// stands for itself, and its length.
func escape(s string) (string, int) {
	c := s[0]
	switch c {
	case '"', '\\':
		return "\\" + s[:1], 1
	case '\b':
		return `\b`, 1
	case '\f':
		return `\f`, 1
	case '\n':
		return `\n`, 1
	case '\r':
		return `\r`, 1
	case '\t':
		return `\t`, 1
	}
	if c < utf8.RuneSelf {
		return `\u00` + hex[c>>4:c>>4+1] + hex[c&15:c&15+1], 1
	}
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && size == 1:
		return `\ufffd`, 1
	case r == '\u2028': // no end of a line in JSON, but in JavaScript once
		return `\u2028`, size
	case r == '\u2029':
		return `\u2029`, size
	}
	return "", size
}

// appendCompact appends valid JSON without the white space, and with markup
// escaped.
func appendCompact(b, src []byte) []byte {
	start, text := 0, false
	for i := 0; i < len(src); i++ {
		instead, size := "", 1
		switch c := src[i]; {
		case c == '"':
			text = !text
			continue
		case c == '\\':
			i++ // the next byte is no end of the string
			continue
		case markup(c), c == 0xe2 && i+2 < len(src) && src[i+1] == 0x80 && src[i+2]|1 == 0xa9:
			instead, size = escape(string(src[i:min(i+3, len(src))]))
		case text || !blank(c):
			continue
		}
		b = append(b, src[start:i]...)
		b = append(b, instead...)
		start = i + size
		i = start - 1
	}
	return append(b, src[start:]...)
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// space returns where the white space at i ends.
func space(data []byte, i int) int {
	for i < len(data) && blank(data[i]) {
		i++
	}
	return i
}
