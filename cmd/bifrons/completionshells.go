//go:build !js

package main

import (
	"fmt"
	"strings"
)

// Each script finds the command that the words before the cursor name, skipping
// the values of flags, and offers what may follow it.

const bashHead = `# bash completion for bifrons: source <(bifrons completion bash)

`

// Bash breaks words at "=" and ":", so that --flag=value comes as three.
const bashTail = `
_bifrons() {
    local at=bifrons kind= word i cur=${COMP_WORDS[COMP_CWORD]}
    local commands flags values files
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == "=" ]]; then
            kind=${kind:-value}
            continue
        fi
        if [[ -n $kind ]]; then
            kind=
            continue
        fi
        __bifrons_at "$at"
        if [[ " $files " == *" $word "* ]]; then
            kind=file
        elif [[ " $values " == *" $word "* ]]; then
            kind=value
        elif [[ $word != -* && " $commands " == *" $word "* ]]; then
            at+=" $word"
        fi
    done
    if [[ $cur == "=" ]]; then
        kind=${kind:-value} cur=
    fi
    __bifrons_at "$at"
    COMPREPLY=()
    if [[ $kind == file ]]; then
        local IFS=$'\n'
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -- "$cur"))
    elif [[ -n $kind ]]; then
        return
    elif [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    else
        COMPREPLY=($(compgen -W "$commands" -- "$cur"))
    fi
}

complete -F _bifrons bifrons
`

func bashCompletion(places []place) string {
	var b strings.Builder
	b.WriteString(bashHead)
	b.WriteString("__bifrons_at() {\n    commands= flags= values= files=\n    case $1 in\n")
	for _, p := range places {
		fmt.Fprintf(&b, "    %s)\n", shellQuote(p.path))
		for _, set := range []struct{ name, words string }{
			{"commands", words(p.commands, anyChoice)},
			{"flags", words(p.flags, anyChoice)},
			{"values", words(p.flags, valueChoice)},
			{"files", words(p.flags, fileChoice)},
		} {
			if set.words != "" {
				fmt.Fprintf(&b, "        %s=%s\n", set.name, shellQuote(set.words))
			}
		}
		b.WriteString("        ;;\n")
	}
	b.WriteString("    esac\n}\n")
	b.WriteString(bashTail)
	return b.String()
}

const zshHead = `#compdef bifrons
# zsh completion for bifrons: source <(bifrons completion zsh)

`

const zshTail = `
_bifrons() {
    local at=bifrons kind= word i
    local -a commands names flags values files
    for ((i = 2; i < CURRENT; i++)); do
        word=${words[i]}
        if [[ -n $kind ]]; then
            kind=
            continue
        fi
        __bifrons_at "$at"
        if ((${files[(Ie)$word]})); then
            kind=file
        elif ((${values[(Ie)$word]})); then
            kind=value
        elif [[ $word != -* ]] && ((${names[(Ie)$word]})); then
            at+=" $word"
        fi
    done
    __bifrons_at "$at"
    if [[ $kind == file ]]; then
        _files
    elif [[ -n $kind ]]; then
        _message value
    elif [[ $PREFIX == -* ]]; then
        _describe flag flags
    elif ((${#commands})); then
        _describe command commands
    fi
}

if [[ ${funcstack[1]} == _bifrons ]]; then
    _bifrons "$@"
else
    compdef _bifrons bifrons
fi
`

func zshCompletion(places []place) string {
	var b strings.Builder
	b.WriteString(zshHead)
	b.WriteString("__bifrons_at() {\n    commands=() names=() flags=() values=() files=()\n    case $1 in\n")
	for _, p := range places {
		fmt.Fprintf(&b, "    %s)\n", shellQuote(p.path))
		described := func(name string, list []choice) {
			if len(list) == 0 {
				return
			}
			fmt.Fprintf(&b, "        %s=(\n", name)
			for _, c := range list {
				text := c.word
				if c.usage != "" {
					text += ":" + c.usage
				}
				fmt.Fprintf(&b, "            %s\n", shellQuote(text))
			}
			b.WriteString("        )\n")
		}
		described("commands", p.commands)
		described("flags", p.flags)
		fmt.Fprintf(&b, "        names=(%s)\n", words(p.commands, anyChoice))
		fmt.Fprintf(&b, "        values=(%s)\n", words(p.flags, valueChoice))
		fmt.Fprintf(&b, "        files=(%s)\n        ;;\n", words(p.flags, fileChoice))
	}
	b.WriteString("    esac\n}\n")
	b.WriteString(zshTail)
	return b.String()
}

const fishHead = `# fish completion for bifrons: bifrons completion fish > ~/.config/fish/completions/bifrons.fish

`

const fishTail = `
function __bifrons_is
    set -l at bifrons
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- "$at $word" $__bifrons_values
            set skip 1
        else if contains -- "$at $word" $__bifrons_paths
            set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end

complete -c bifrons -f
`

func fishCompletion(places []place) string {
	var b strings.Builder
	b.WriteString(fishHead)
	b.WriteString("set -g __bifrons_paths\nset -g __bifrons_values\n")
	for _, p := range places {
		fmt.Fprintf(&b, "set -a __bifrons_paths %s\n", shellQuote(p.path))
		for _, c := range p.flags {
			if c.value {
				fmt.Fprintf(&b, "set -a __bifrons_values %s\n", shellQuote(p.path+" "+c.word))
			}
		}
	}
	b.WriteString(fishTail)
	for _, p := range places {
		is := shellQuote(`__bifrons_is "` + p.path + `"`)
		for _, c := range p.commands {
			fmt.Fprintf(&b, "complete -c bifrons -n %s -a %s -d %s\n", is, c.word, shellQuote(c.usage))
		}
		for _, c := range p.flags {
			more := ""
			switch {
			case c.file:
				more = " -r -F"
			case c.value:
				more = " -x"
			}
			fmt.Fprintf(&b, "complete -c bifrons -n %s -l %s%s -d %s\n", is, strings.TrimPrefix(c.word, "--"), more, shellQuote(c.usage))
		}
	}
	return b.String()
}
