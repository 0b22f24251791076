//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
)

// usageError is a command line that cannot be understood.
type usageError struct {
	command string // whose help to read; empty: the program's
	text    string
}

func (e *usageError) Error() string {
	help := "bifrons --help"
	if e.command != "" {
		help = "bifrons " + e.command + " --help"
	}
	return e.text + " (" + help + ")"
}

func usagef(cmd *cli.Command, format string, args ...any) error {
	e := &usageError{text: fmt.Sprintf(format, args...)}
	if cmd != nil && cmd != cmd.Root() {
		e.command = strings.Join(cmd.Path()[1:], " ")
	}
	return e
}

func asUsage(err error) error {
	if e, ok := errors.AsType[*usageError](err); ok {
		return e
	}
	return &usageError{text: err.Error()}
}

// onUsageError words what the flag parser found as we do. It has no types for
// its errors.
func onUsageError(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		text = "unknown flag " + dashed(name)
		var known []string
		for c := cmd; c != nil; c = parent(c) {
			for _, f := range c.Flags {
				known = append(known, f.Names()...)
			}
		}
		if s := nearest(strings.TrimLeft(name, "-"), known); s != "" {
			text += "; did you mean " + dashed(s) + "?"
		}
		return usagef(cmd, "%s", text)
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: "); ok {
		return usagef(cmd, "flag %s needs a value", name)
	}
	return usagef(cmd, "%s", strings.Replace(text, " for flag -", " for --", 1))
}

func parent(cmd *cli.Command) *cli.Command {
	if lineage := cmd.Lineage(); len(lineage) > 1 {
		return lineage[1]
	}
	return nil
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + strings.TrimLeft(name, "-")
}

// unknownCommand is the action of a command that only holds others, reached when
// none of them was named.
func unknownCommand(cmd *cli.Command) error {
	var known []string
	for _, c := range cmd.VisibleCommands() {
		known = append(known, c.Name)
	}
	known = slices.DeleteFunc(known, func(name string) bool { return name == "help" })
	give := "give " + strings.Join(known[:len(known)-1], ", ") + " or " + known[len(known)-1]
	name := cmd.Args().First()
	if name == "" {
		return usagef(cmd, "no command: %s", give)
	}
	if s := nearest(name, known); s != "" {
		return usagef(cmd, "unknown command %q; did you mean %s?", name, s)
	}
	return usagef(cmd, "unknown command %q: %s", name, give)
}

// noArguments checks that only flags were given.
func noArguments(cmd *cli.Command) error {
	if cmd.Args().Present() {
		return usagef(cmd, "%s takes no arguments, and %q is one", cmd.Name, cmd.Args().First())
	}
	return nil
}

// url returns the one argument of a command, or the environment's.
func (a *app) url(cmd *cli.Command) (string, error) {
	switch cmd.Args().Len() {
	case 0:
		if url := a.getenv("BIFRONS_URL"); url != "" {
			return url, nil
		}
		return "", usagef(cmd, "no URL: give one, such as ws://127.0.0.1:8188/, or set BIFRONS_URL")
	case 1:
		return cmd.Args().First(), nil
	default:
		return "", usagef(cmd, "one URL, please: %q is a second argument", cmd.Args().Get(1))
	}
}

// urlAnd is url for a command whose last argument is something else.
func (a *app) urlAnd(cmd *cli.Command, what string) (url, last string, err error) {
	args := cmd.Args().Slice()
	url = a.getenv("BIFRONS_URL")
	switch {
	case len(args) > 2:
		return "", "", usagef(cmd, "a URL and %s, please: %q is a third argument", what, args[2])
	case len(args) == 2:
		url = args[0]
	case len(args) == 0:
		return "", "", usagef(cmd, "no %s: it comes after the URL", what)
	case url == "":
		return "", "", usagef(cmd, "a URL and %s, please: there is only %q, and BIFRONS_URL is not set", what, args[0])
	}
	return url, args[len(args)-1], nil
}

// nearest returns the one of known that name may have been meant to be; empty
// when none is near.
func nearest(name string, known []string) string {
	best, at := "", 3 // two slips of the finger
	for _, k := range known {
		if d := distance(name, k); d < at && d < len(k) {
			best, at = k, d
		}
	}
	return best
}

// distance counts the letters to insert, delete or change to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
