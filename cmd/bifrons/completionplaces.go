//go:build !js

package main

import (
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"
)

// place is a command and what may follow it.
type place struct {
	path     string // e.g. "bifrons admin tokens"
	commands []choice
	flags    []choice // its own and those of the commands above
}

// choice is a word that may follow, or a flag with its dashes.
type choice struct {
	word, usage string
	value       bool // it is a flag with a value
	file        bool // which is the name of a file
}

// completionPlaces lists root and all commands below it.
func completionPlaces(root *cli.Command) []place {
	return appendPlaces(nil, root, root.Name, nil)
}

func appendPlaces(list []place, cmd *cli.Command, path string, above []choice) []place {
	p := place{path: path, flags: append(flagChoices(cmd), above...)}
	for _, c := range cmd.VisibleCommands() {
		p.commands = append(p.commands, choice{word: c.Name, usage: c.Usage})
	}
	for _, word := range argumentWords(cmd.ArgsUsage) {
		p.commands = append(p.commands, choice{word: word})
	}
	list = append(list, p)
	for _, c := range cmd.VisibleCommands() {
		inherited := p.flags
		if cmd == cmd.Root() {
			inherited = withoutFlag(inherited, "--version")
		}
		list = appendPlaces(list, c, path+" "+c.Name, withoutFlag(inherited, "--help"))
	}
	return list
}

// flagChoices lists the flags of cmd by their long names.
func flagChoices(cmd *cli.Command) []choice {
	var list []choice
	for _, f := range cmd.VisibleFlags() {
		c := choice{word: dashed(f.Names()[0])}
		if d, ok := f.(cli.DocGenerationFlag); ok {
			c.usage, c.value = strings.ReplaceAll(d.GetUsage(), "`", ""), d.TakesValue()
		}
		switch f := f.(type) {
		case *cli.StringFlag:
			c.file = f.TakesFile
		case *cli.StringSliceFlag:
			c.file = f.TakesFile
		}
		list = append(list, c)
	}
	return list
}

// withoutFlag returns list without the flag, which each command has anew or only
// the root has.
func withoutFlag(list []choice, flag string) []choice {
	var rest []choice
	for _, c := range list {
		if c.word != flag {
			rest = append(rest, c)
		}
	}
	return rest
}

var alternatives = regexp.MustCompile(`[A-Za-z]+(\|[A-Za-z]+)+`)

// argumentWords finds the words among alternatives such as "on|off". Capitals
// stand for something else.
func argumentWords(usage string) []string {
	var words []string
	for _, group := range alternatives.FindAllString(usage, -1) {
		for word := range strings.SplitSeq(group, "|") {
			if word == strings.ToLower(word) {
				words = append(words, word)
			}
		}
	}
	return words
}

// shellQuote quotes s for bash, zsh and, as nothing here has a backslash, fish.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, ""), "'", `'\''`) + "'"
}

// words joins the words of choices that keep approves.
func words(list []choice, keep func(choice) bool) string {
	var out []string
	for _, c := range list {
		if keep(c) {
			out = append(out, c.word)
		}
	}
	return strings.Join(out, " ")
}

func anyChoice(choice) bool     { return true }
func fileChoice(c choice) bool  { return c.file }
func valueChoice(c choice) bool { return c.value && !c.file }
