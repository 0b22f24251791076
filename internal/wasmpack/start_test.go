//go:build !js

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// sameMemory is a script for Node: what two modules have in their memories before
// anything of them is called, if that is not the same, is an error.
const sameMemory = `
const { readFileSync } = require("node:fs");
const memory = (file) => {
	const module = new WebAssembly.Module(readFileSync(file));
	const imports = {};
	for (const i of WebAssembly.Module.imports(module)) (imports[i.module] ??= {})[i.name] = () => {};
	return Buffer.from(new WebAssembly.Instance(module, imports).exports.mem.buffer);
};
const [a, b] = process.argv.slice(1).map(memory);
if (a.length !== b.length || a.compare(b) !== 0) throw new Error("the memories differ");
`

// TestDifferences runs what adds up the differences, in a program of the real
// linker, and compares with the numbers that were there.
func TestDifferences(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node here to run it")
	}
	plain := buildProgram(t)
	module, err := os.ReadFile(plain)
	require.NoError(t, err)

	var total uint32
	for name, change := range map[string]func([]segment) ([]segment, error){
		"joined": func(s []segment) ([]segment, error) { s = join(s); return s, dropLines(s) },
		"differences": func(s []segment) ([]segment, error) {
			s = join(s)
			require.NoError(t, dropLines(s))
			found, err := differences(s)
			for _, c := range found.columns {
				total += c.count
			}
			return s, err
		},
	} {
		changed, err := rewrite(module, change)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(plain), name), changed, 0o600))
	}
	require.Greater(t, total, uint32(10_000), "numbers became differences")
	packed := filepath.Join(filepath.Dir(plain), "packed")
	require.NoError(t, run(plain, packed))

	compare := func(name string) error {
		file := func(name string) string { return filepath.Join(filepath.Dir(plain), name) }
		return exec.CommandContext(t.Context(), node, "-e", sameMemory, file("joined"), file(name)).Run()
	}
	require.NoError(t, compare("packed"))
	require.Error(t, compare("differences"), "without the function that adds them up")
}
