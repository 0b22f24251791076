package conform

import "strings"

// line is one line of a case.
type line struct {
	number int    // in its file, counted from 1
	target string // empty: all
	text   string

	anywhere bool // of an event: its place among the others is open
}

// output says that l is something that is received, and must be.
func (l line) output() bool {
	name, rest := cutName(l.text)
	return l.text == "nothing" || name != "" && (strings.HasPrefix(rest, "<") || strings.HasPrefix(rest, "! ") || strings.HasPrefix(rest, "* ") ||
		len(name) > 1 && strings.HasPrefix(rest, "? "))
}

// cutName cuts the name of a connection or handle off a line.
func cutName(s string) (name, rest string) {
	end := strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
	if end < 1 {
		return "", s
	}
	return s[:end], s[end:]
}
