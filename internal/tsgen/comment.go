//go:build !js

package tsgen

import (
	"go/ast"
	"go/doc/comment"
	"strings"
)

// plain returns Go comments as text: links are their names, lines are short.
func plain(groups ...*ast.CommentGroup) string {
	var parts []string
	for _, g := range groups {
		if text := strings.TrimSpace(g.Text()); text != "" {
			p := comment.Parser{LookupSym: func(string, string) bool { return true }}
			printed := (&comment.Printer{TextWidth: 100}).Text(p.Parse(text))
			parts = append(parts, strings.TrimSpace(string(printed)))
		}
	}
	return strings.ReplaceAll(strings.Join(parts, "\n\n"), "*/", `*\/`)
}

// docs returns text as a TSDoc comment in front of a declaration; "" for none.
func docs(indent, text string) string {
	if text == "" {
		return ""
	}
	if !strings.Contains(text, "\n") {
		return indent + "/** " + text + " */\n"
	}
	var b strings.Builder
	b.WriteString(indent + "/**\n")
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(indent+" * "+line, " \n\t") + "\n")
	}
	b.WriteString(indent + " */\n")
	return b.String()
}

// also adds a sentence to a comment.
func also(text, sentence string) string {
	switch {
	case text == "" || sentence == "":
		return text + sentence
	case strings.ContainsAny(text[len(text)-1:], ".:!?"):
		return text + " " + sentence
	default:
		return text + ". " + sentence
	}
}
