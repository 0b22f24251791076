package longpoll

import (
	"bytes"

	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// split returns the messages in the answer to a poll: one object, or an array
// of them. They point into answer. What is neither is no answer of Janus, and
// ok is false. Commas are found without looking into the objects, so one that
// is broken does not take the others with it, unless its brackets do not match.
func split(answer []byte) (messages [][]byte, ok bool) {
	answer = bytes.TrimSpace(answer)
	if len(answer) == 0 {
		return nil, true
	}
	switch answer[0] {
	case '{':
		return [][]byte{answer}, true
	case '[':
		return splitArray(answer)
	}
	return nil, false
}

func splitArray(b []byte) (messages [][]byte, ok bool) {
	depth, start := 1, 1
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '"':
			if i = endOfString(b, i); i < 0 {
				return nil, false
			}
		case '{', '[':
			depth++
		case '}':
			depth--
		case ']':
			depth--
			if depth > 0 {
				continue
			}
			if i != len(b)-1 {
				return nil, false
			}
			last := bytes.TrimSpace(b[start:i])
			if len(last) == 0 && len(messages) == 0 {
				return nil, true
			}
			return appendObject(messages, last)
		case ',':
			if depth > 1 {
				continue
			}
			if messages, ok = appendObject(messages, bytes.TrimSpace(b[start:i])); !ok {
				return nil, false
			}
			start = i + 1
		}
		if depth < 1 {
			return nil, false
		}
	}
	return nil, false
}

func appendObject(messages [][]byte, b []byte) ([][]byte, bool) {
	if len(b) == 0 || b[0] != '{' {
		return nil, false
	}
	return append(messages, b), true
}

// endOfString returns the index of the quote that ends the string starting at i,
// or -1.
func endOfString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// isKeepalive recognises what a poll returns when there was nothing to say for
// 30 s.
func isKeepalive(message []byte) bool {
	return len(message) < 100 && string(jsonscan.Get(message, "janus")) == `"keepalive"`
}

// isObject says whether an answer may be one of Janus, and not a page.
func isObject(answer []byte) bool {
	b := bytes.TrimSpace(answer)
	return len(b) > 0 && b[0] == '{'
}
