package conform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

var variable = regexp.MustCompile(`\$([A-Z][A-Z0-9]*)\b([^=]|$)`)

// fill replaces names in capitals by their values.
func (p *Player) fill(s string) string {
	return variable.ReplaceAllStringFunc(s, func(m string) string {
		name := variable.FindStringSubmatch(m)[1]
		v, ok := p.Vars[name]
		if !ok {
			p.t.Fatalf("no value for $%s in %s", name, s)
		}
		return v + m[1+len(name):]
	})
}

// parse reads a pattern.
func (p *Player) parse(s string) any {
	p.t.Helper()
	return decode(p.t, []byte(p.fill(s)))
}

func decode(t testing.TB, b []byte) any {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
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
func (p *Player) match(pattern, got any) string {
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

func (p *Player) matchObject(want map[string]any, got any) string {
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

func (p *Player) matchString(want string, got any) string {
	number, _ := got.(json.Number)
	id, err := number.Int64()
	isID := err == nil && id > 0 && id <= 1<<53
	s, _ := got.(string)
	switch {
	case want == "$any" || want == "$id" && isID:
		return ""
	case strings.HasPrefix(want, "$") && strings.HasSuffix(want, "=") && isID:
		p.Vars[want[1:len(want)-1]] = number.String()
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
