//go:build !js

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/urfave/cli/v3"
)

// script returns what the command prints for a shell.
func script(t *testing.T, shell string) string {
	t.Helper()
	r := newRun(t, nil)
	r.do(t, t.Context(), exitOK, "completion", shell)
	require.Empty(t, r.stderr.String())
	return r.stdout.String()
}

func TestCompletionUsage(t *testing.T) {
	for args, want := range map[string]string{
		"completion":          "give one shell: bash, zsh or fish (bifrons completion --help)",
		"completion bash zsh": "give one shell",
		"completion tcsh":     `no completion for "tcsh": give bash, zsh or fish`,
	} {
		r := newRun(t, nil)
		r.do(t, t.Context(), exitUsage, strings.Fields(args)...)
		require.Contains(t, r.complaint(t), want)
	}
}

// completed are lines up to the cursor, and what every shell has to offer there.
// Words that must be among it are enough: others add commands and flags.
var completed = []struct {
	line string
	want string // words, each of which has to be there
	not  string // words, none of which may be
}{
	{"bifrons ", "info ping doctor echo demo admin completion", "status --json"},
	{"bifrons inf", "info", "ping"},
	{"bifrons --", "--json --timeout --version --help", "--interval info"},
	{"bifrons --timeout 5s --json pi", "ping", "info"},
	{"bifrons --timeout ", "", "info ping --json"},
	{"bifrons ping --", "--count --interval --json --help", "--version --page"},
	{"bifrons --json ping --count 3 --i", "--interval", "--count"},
	{"bifrons admin ", "status tokens watch log-level", "info: add demo"},
	{"bifrons admin tokens ", "list add allow disallow remove", "status"},
	{"bifrons admin --admin-secret-file tokens ", "status tokens", "list"},
	{"bifrons admin tokens --admin-secret-file status a", "add allow", "accept-new-sessions"},
	{"bifrons admin log-colors ", "on off", "list"},
	{"bifrons admin log-colors o", "on off", "list"},
	{"bifrons admin session-timeout ", "default", "SECONDS"},
	{"bifrons completion ", "bash zsh fish", "info"},
	{"bifrons --token-file ", "a-file", "info"},
	{"bifrons --token-file a-", "a-file", "info"},
	{"bifrons admin watch --interval 1s --pl", "--plugin-only", "--interval"},
}

// shell returns where a shell is. In CI none may be missing.
func shell(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("needs " + name)
	}
	require.NoError(t, err, "make test-deps installs it")
	return path
}

func TestCompletionBash(t *testing.T) {
	bash := shell(t, "bash")
	// Bash itself breaks the line into words; Readline is not there to do it.
	const driver = `
line=$1
read -ra COMP_WORDS <<< "$(sed 's/[=:]/ & /g' <<< "$line")"
[[ $line == *[[:space:]=] ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_bifrons
printf '%s\n' "${COMPREPLY[@]}"
`
	offers(t, func(dir, line string) []byte {
		cmd := exec.CommandContext(t.Context(), bash, "--norc", "-c", script(t, "bash")+driver, "bash", line)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return out
	})
	for line, want := range map[string]string{"bifrons --token-file=a": "a-file", "bifrons --timeout=5s pin": "ping", "bifrons info ws://h:1/ --js": "--json"} {
		cmd := exec.CommandContext(t.Context(), bash, "--norc", "-c", script(t, "bash")+driver, "bash", line)
		cmd.Dir = folder(t)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err)
		require.Equal(t, want, strings.TrimSpace(string(out)), line)
	}
}

// folder has one file to complete.
func folder(t *testing.T) string {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a-file"), nil, 0o600))
	return dir
}

// offers runs a shell over all lines.
func offers(t *testing.T, shell func(dir, line string) []byte) {
	dir := folder(t)
	for _, test := range completed {
		got := strings.Fields(string(shell(dir, test.line)))
		for _, word := range strings.Fields(test.want) {
			require.Contains(t, got, word, "%q offers %q", test.line, got)
		}
		for _, word := range strings.Fields(test.not) {
			require.NotContains(t, got, word, "%q offers %q", test.line, got)
		}
	}
}

func TestCompletionFish(t *testing.T) {
	fish := shell(t, "fish")
	file := filepath.Join(t.TempDir(), "bifrons.fish")
	require.NoError(t, os.WriteFile(file, []byte(script(t, "fish")), 0o600))
	offers(t, func(dir, line string) []byte {
		cmd := exec.CommandContext(t.Context(), fish, "--no-config", "-c", `source $argv[1]; complete -C $argv[2] | string replace -r '\t.*' ''; true`, file, line)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return out
	})
}

// Without the completion system of an interactive zsh, its three functions say
// what they were given.
func TestCompletionZsh(t *testing.T) {
	zsh := shell(t, "zsh")
	const before = `
compdef() { }
_files() { print -l -- * }
_message() { }
_describe() { local e; for e in "${(@P)2}"; do e=${e%%:*}; [[ $e == $PREFIX* ]] && print -- $e; done }
`
	const after = `
words=(${(s: :)1}); [[ $1 == *' ' ]] && words+=('')
CURRENT=${#words}; PREFIX=${words[-1]}
_bifrons
true
`
	offers(t, func(dir, line string) []byte {
		cmd := exec.CommandContext(t.Context(), zsh, "-f", "-c", before+script(t, "zsh")+after, "zsh", line)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return out
	})
}

// What is not run here is at least all there: each command and each flag, with
// quotes that close.
func TestCompletionIsWhole(t *testing.T) {
	root := newRun(t, nil).app.root()
	scripts := map[string]string{"bash": script(t, "bash"), "zsh": script(t, "zsh"), "fish": script(t, "fish")}
	commands := 0
	require.NoError(t, root.Walk(func(c *cli.Command) error {
		commands++
		for shell, text := range scripts {
			require.Contains(t, text, "'"+strings.Join(pathOf(root, c), " ")+"'", shell)
			for _, f := range c.VisibleFlags() {
				require.Contains(t, text, f.Names()[0], "%s: %s", shell, c.Name)
			}
			require.Regexp(t, `(^|\W)`+regexp.QuoteMeta(c.Name)+`(\W|$)`, text)
		}
		return nil
	}))
	require.Greater(t, commands, 40)
	for shell, text := range scripts {
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "#") {
				require.Zero(t, strings.Count(strings.ReplaceAll(line, `'\''`, ""), "'")%2, "%s: %s", shell, line)
			}
		}
		require.NotContains(t, text, "`", shell)
	}
}

// The README has a row for each command.
func TestReadmeListsCommands(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for _, c := range newRun(t, nil).app.root().Commands {
		require.Contains(t, string(readme), "| `bifrons "+c.Name)
	}
}

// pathOf finds the way from root to c.
func pathOf(root, c *cli.Command) []string {
	if root == c {
		return []string{root.Name}
	}
	for _, sub := range root.Commands {
		if path := pathOf(sub, c); path != nil {
			return append([]string{root.Name}, path...)
		}
	}
	return nil
}

func TestArgumentWords(t *testing.T) {
	for usage, want := range map[string][]string{
		"":                                nil,
		"[URL] on|off":                    {"on", "off"},
		"[URL] SECONDS|default [SESSION]": {"default"},
		"bash|zsh|fish":                   {"bash", "zsh", "fish"},
		"[URL] [SESSION] HANDLE":          nil,
	} {
		require.Equal(t, want, argumentWords(usage), usage)
	}
}

func TestShellQuote(t *testing.T) {
	require.Equal(t, `'a gateway'\''s "b"'`, shellQuote(`a gateway's "b"`))
}
