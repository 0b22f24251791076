package conform

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The targets.
const (
	Janus     = "janus"     // the real one, 1.1.2
	Janustest = "janustest" // package client/janustest
	Gateway   = "gateway"   // package client/janustest/gateway
)

// Targets returns the names of the targets.
func Targets() []string { return []string{Janus, Janustest, Gateway} }

// The transports a case may be for.
const (
	WebSocket = "websocket"
	REST      = "rest"
	Memory    = "memory" // in virtual time; with the real Janus it is WebSocket
)

//go:embed cases/*.txt
var files embed.FS

// Case is an exchange with a gateway.
type Case struct {
	Name   string
	File   string // without its ending
	Setup  string // a key of [Setups]
	Plugin string // what its handles are attached to; empty: it has none
	Over   string // the transport it is for; empty: any
	Tries  int    // how often it may be played until it goes as written; 0: once

	on    []string
	with  string // another case
	lines []line
}

// For says that the case is for a target and a transport.
func (c *Case) For(target, transport string) bool {
	over := c.Over
	if target == Janus && over == Memory {
		over = WebSocket
	}
	// In virtual time nothing is different from WebSockets.
	fits := over == "" || over == transport || over == WebSocket && transport == Memory
	return fits && (len(c.on) == 0 || slices.Contains(c.on, target))
}

// Differs returns the targets that do something else than Janus in the case.
func (c *Case) Differs() []string {
	var list []string
	for _, l := range c.lines {
		if l.target != "" && !slices.Contains(list, l.target) {
			list = append(list, l.target)
		}
	}
	return list
}

// Check returns what is wrong with the case itself.
func (c *Case) Check() error {
	if c.with != "" && find(c.with).Name == "" {
		return fmt.Errorf("there is no case %q to begin with", c.with)
	}
	for i := 0; i < len(c.lines); {
		end := i
		said := map[string][]string{}
		for end < len(c.lines) && c.lines[end].output() {
			l := c.lines[end]
			said[l.target] = append(said[l.target], l.text)
			end++
		}
		for target, lines := range said {
			if target != "" && slices.Equal(lines, said[""]) {
				return fmt.Errorf("%s: %s says what Janus says", c.where(c.lines[i]), target)
			}
		}
		i = max(end, i+1)
	}
	return nil
}

// script returns the lines for a target.
func (c *Case) script(target string) []line {
	var script []line
	if c.with != "" {
		script = find(c.with).script(target)
	}
	for i := 0; i < len(c.lines); {
		end := i
		for end < len(c.lines) && c.lines[end].output() {
			end++
		}
		if end == i {
			if l := c.lines[i]; l.target == "" || l.target == target {
				script = append(script, l)
			}
			i++
			continue
		}
		own := target
		if !slices.ContainsFunc(c.lines[i:end], func(l line) bool { return l.target == target }) {
			own = ""
		}
		for _, l := range c.lines[i:end] {
			if l.target == own && l.text != "nothing" {
				script = append(script, l)
			}
		}
		i = end
	}
	return script
}

// Cases returns the suite.
func Cases() []*Case {
	var list []*Case
	entries, err := files.ReadDir("cases")
	if err != nil {
		return nil // out of reach: they are in the program
	}
	for _, e := range entries {
		list = append(list, read(e.Name())...)
	}
	return list
}

// find returns the case of a name; an empty one if there is none.
func find(name string) *Case {
	for _, c := range Cases() {
		if c.Name == name {
			return c
		}
	}
	return &Case{}
}

// read reads one file.
func read(name string) []*Case {
	text, err := files.ReadFile("cases/" + name)
	if err != nil {
		return nil // as above
	}
	var list []*Case
	for i, s := range strings.Split(string(text), "\n") {
		s = strings.TrimSpace(s)
		switch {
		case s == "" || strings.HasPrefix(s, "#"):
		case strings.HasPrefix(s, "== "):
			list = append(list, &Case{Name: s[3:], File: strings.TrimSuffix(name, ".txt")})
		case len(list) > 0:
			list[len(list)-1].add(i+1, s)
		}
	}
	return list
}

// add adds a line of the head or of the script.
func (c *Case) add(number int, s string) {
	key, value, _ := strings.Cut(s, " ")
	switch key {
	case "setup":
		c.Setup = value
	case "plugin":
		c.Plugin = "janus.plugin." + value
	case "on":
		c.on = strings.Fields(value)
	case "over":
		c.Over = value
	case "tries":
		var err error
		if c.Tries, err = strconv.Atoi(value); err != nil {
			c.Tries = -1 // TestCases finds it
		}
	case "with":
		c.with = value
	default:
		l := line{number: number, text: s}
		if target, rest, ok := strings.Cut(s, ": "); ok && slices.Contains(Targets(), target) {
			l.target, l.text = target, rest
		}
		c.lines = append(c.lines, l)
	}
}

// Play plays c against g, as one test.
func (c *Case) Play(t testing.TB, g Target) {
	t.Helper()
	if c.Plugin != "" {
		newStage(t, c, g).play()
		return
	}
	p := NewPlayer(t, g.Dial)
	p.Root, p.DialAdmin, p.Vars["ADMIN"] = g.Root, g.DialAdmin, text(g.Secret)
	p.play(c.script(g.Name))
	p.Fence()
}

// where says in which line something is.
func (c *Case) where(l line) string { return fmt.Sprintf("cases/%s.txt:%d", c.File, l.number) }
