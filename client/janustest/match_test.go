package janustest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var variable = regexp.MustCompile(`\$[A-Z][A-Z0-9]*\b([^=]|$)`)

// fill replaces names in capitals by their values.
func (p *player) fill(s string) string {
	return variable.ReplaceAllStringFunc(s, func(m string) string {
		name, tail := m[1:], ""
		if c := m[len(m)-1]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			name, tail = m[1:len(m)-1], string(c)
		}
		v, ok := p.vars[name]
		require.True(p.t, ok, "no value for $%s in %s", name, s)
		return v + tail
	})
}

// parse reads a pattern.
func (p *player) parse(s string) any {
	p.t.Helper()
	return decode(p.t, []byte(p.fill(s)))
}

func decode(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	require.NoError(t, d.Decode(&v), "%s", b)
	return v
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// match says why got is not what pattern describes; empty if it is.
func (p *player) match(pattern, got any) string {
	switch want := pattern.(type) {
	case map[string]any:
		return p.matchObject(want, got)
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return "the list is another"
		}
		for i := range want {
			if why := p.match(want[i], list[i]); why != "" {
				return why
			}
		}
		return ""
	case string:
		return p.matchString(want, got)
	default:
		if got != pattern {
			return fmt.Sprintf("%v is not %v", got, pattern)
		}
		return ""
	}
}

func (p *player) matchObject(want map[string]any, got any) string {
	object, ok := got.(map[string]any)
	if !ok {
		return text(got) + " is no object"
	}
	for key := range object {
		if _, ok := want[key]; !ok {
			return "there is a " + key
		}
	}
	for key, w := range want {
		g, ok := object[key]
		if !ok {
			return "there is no " + key
		}
		if code, ok := w.(json.Number); ok && key == "error" {
			w = map[string]any{"code": code, "reason": "$any"}
		}
		if why := p.match(w, g); why != "" {
			return key + ": " + why
		}
	}
	return ""
}

func (p *player) matchString(want string, got any) string {
	number, _ := got.(json.Number)
	id, err := number.Int64()
	isID := err == nil && id > 0 && id <= 1<<53
	s, _ := got.(string)
	switch {
	case want == "$any" || want == "$id" && isID:
		return ""
	case strings.HasPrefix(want, "$") && strings.HasSuffix(want, "=") && isID:
		p.vars[want[1:len(want)-1]] = number.String()
		return ""
	case strings.HasPrefix(want, "~") && strings.HasPrefix(s, want[1:]),
		strings.HasPrefix(want, "*") && strings.Contains(s, want[1:]),
		strings.HasPrefix(want, "!") && s != "" && !strings.Contains(s, want[1:]):
		return ""
	case got != want:
		return fmt.Sprintf("%v is not %q", got, want)
	default:
		return ""
	}
}
