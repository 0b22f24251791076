//go:build !js

package tsgen_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/tsgen"
)

var update = flag.Bool("update", false, "write testdata/radio.ts")

// written is a file that shows everything tsgen can write.
const written = "testdata/radio.ts"

func TestGolden(t *testing.T) {
	files, err := tsgen.Generate(t.Context(), &tsgen.Options{Packages: []string{"./testdata/radio"}})
	require.NoError(t, err)
	require.Len(t, files, 1)
	require.Equal(t, "radio.ts", files[0].Name)
	if *update {
		require.NoError(t, os.WriteFile(written, files[0].Text, 0o600))
	}
	want, err := os.ReadFile(written)
	require.NoError(t, err)
	require.Equal(t, string(want), string(files[0].Text), "go test -update, and look at the difference")
}

// Together, packages import from each other what they write into their own
// files when they are alone.
func TestTogether(t *testing.T) {
	files, err := tsgen.Generate(t.Context(), &tsgen.Options{
		Dir: "../..", Packages: []string{"./plugins/echotest", "./internal/tsgen/testdata/radio", "./client"}})
	require.NoError(t, err)
	require.Equal(t, []string{"client.ts", "radio.ts", "echotest.ts"},
		[]string{files[0].Name, files[1].Name, files[2].Name}, "by import path")
	radio := string(files[1].Text)
	require.Contains(t, radio, `import type { EventBase, ID, JSEP as ClientJSEP } from "./client.js";`)
	require.NotContains(t, radio, "interface ClientJSEP")
	dir := t.TempDir()
	var names []string
	for _, f := range files {
		names = append(names, filepath.Join(dir, f.Name))
		require.NoError(t, os.WriteFile(names[len(names)-1], f.Text, 0o600))
	}
	tsc(t, names...)
}

// A package of somebody else's module, whose file stands alone.
func TestOutside(t *testing.T) {
	here, err := filepath.Abs("../..")
	require.NoError(t, err)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.work": "go 1.26.0\n\nuse (\n\t.\n\t" + here + "\n)\n",
		"go.mod":  "module dice\n\ngo 1.26.0\n",
		"dice.go": `package dice

import "github.com/bifrons-rtc/bifrons/client"

// Rolled is an event.
type Rolled struct {
	client.EventBase
	By   client.ID
	Dice []Die
}

// Die has sides.
type Die struct{ Sides int }

const kind = "dice.rolled"
`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	files, err := tsgen.Generate(t.Context(), &tsgen.Options{Dir: dir, Packages: []string{"."}})
	require.NoError(t, err)
	require.Equal(t, "dice", files[0].Package)
	text := string(files[0].Text)
	require.Contains(t, text, "export interface Rolled extends EventBase {\n  kind: \"dice.rolled\";\n  by: ID;\n  dice: Die[];\n}")
	require.Contains(t, text, "export interface EventBase {")
	require.NotContains(t, text, "import")
	file := filepath.Join(dir, files[0].Name)
	require.NoError(t, os.WriteFile(file, files[0].Text, 0o600))
	tsc(t, file)
}

func TestWrong(t *testing.T) {
	for dir, want := range map[string]string{
		"./testdata/wrong/duration": "duration.Wait.For: encoding/json writes a time.Duration in nanoseconds; use an integer",
		"./testdata/wrong/kind":     `kind.Surprise: an event of unknown kind; name it "kind.surprise", or say`,
		"./testdata/wrong/nameless": "nameless.Outer.Inner: a struct without a name; give it one",
		"./testdata/wrong/number":   "number.Turn.To: encoding/json writes a Side as a number; give it a MarshalText method",
		"./testdata/wrong/function": "function.Call.Back: encoding/json cannot write func(); leave it out with the tag `json:\"-\"`",
		"./testdata/wrong/tags":     "tags.Jackpot: encoding/json would leave out the kind of an event; decode into another struct",
		"./testdata/wrong/missing":  "testdata/wrong/missing",
	} {
		_, err := tsgen.Generate(t.Context(), &tsgen.Options{Packages: []string{dir}})
		require.ErrorContains(t, err, want)
	}
	_, err := tsgen.Generate(t.Context(), nil)
	require.ErrorContains(t, err, "no packages; name one")
}

// What is written is TypeScript, and means what it shall.
func TestCompiles(t *testing.T) {
	generated, err := filepath.Glob("../../web/src/gen/*.ts")
	require.NoError(t, err)
	require.NotEmpty(t, generated)
	tsc(t, append(generated, written, "testdata/use.ts", "../../examples/shared/web/page.js")...)
}

// tsc checks TypeScript files.
func tsc(t *testing.T, files ...string) {
	t.Helper()
	const binary = "../../web/node_modules/.bin/tsc"
	if _, err := os.Stat(binary); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("needs TypeScript: make web-deps installs it")
		}
		t.Skip("needs TypeScript: make web-deps installs it")
	}
	out, err := exec.CommandContext(t.Context(), binary, append([]string{
		"--noEmit", "--ignoreConfig", "--strict", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler", "--types", "",
		"--allowJs", "--checkJs", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--verbatimModuleSyntax", "--isolatedModules",
	}, files...)...).CombinedOutput()
	require.NoError(t, err, string(out))
}
