//go:build !js

package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func section(id byte, body ...byte) []byte {
	return append(binary.AppendUvarint([]byte{id}, uint64(len(body))), body...)
}

// module has a custom section ahead of a data section and a type section behind.
func module(segments ...segment) []byte {
	m := append(bytes.Clone(header), section(0, 1, 'x', 42)...)
	m = append(m, section(sectionData, appendSegments(nil, segments)...)...)
	return append(m, section(1, 0)...)
}

func TestJoin(t *testing.T) {
	for name, test := range map[string]struct{ in, want []segment }{
		"none": {nil, nil},
		"joined": {
			[]segment{{8, []byte("ab")}, {20, []byte("c")}, {21, []byte("d")}},
			[]segment{{8, []byte("ab\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00cd")}},
		},
		"too far": {
			[]segment{{0, []byte("a")}, {maxGap + 2, []byte("b")}},
			[]segment{{0, []byte("a")}, {maxGap + 2, []byte("b")}},
		},
		"just near enough": {
			[]segment{{0, []byte("a")}, {maxGap + 1, []byte("b")}},
			[]segment{{0, append(append([]byte("a"), make([]byte, maxGap)...), 'b')}},
		},
		"one over the other": {
			[]segment{{8, []byte("abc")}, {9, []byte("x")}, {4, []byte("y")}},
			[]segment{{8, []byte("abc")}, {9, []byte("x")}, {4, []byte("y")}},
		},
		"beyond 2 GiB": {
			[]segment{{1 << 31, []byte("a")}, {1<<31 + 1, []byte("b")}, {1<<32 - 1, []byte("c")}},
			[]segment{{1 << 31, []byte("ab")}, {1<<32 - 1, []byte("c")}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := rewrite(module(test.in...), joined)
			require.NoError(t, err)
			require.Equal(t, module(test.want...), got, "the data and nothing else")
		})
	}
}

func joined(segments []segment) ([]segment, error) { return join(segments), nil }

func TestPackRefuses(t *testing.T) {
	data := func(body ...byte) []byte { return append(bytes.Clone(header), section(sectionData, body...)...) }
	good := module(segment{300, []byte("abc")})
	for name, test := range map[string]struct {
		in  []byte
		err string
	}{
		"no program":       {good, "no table of functions"},
		"other layout":     {module(segment{0, append(bytes.Clone(funcMagic), make([]byte, headerSize)...)}), "compare type pcHeader"},
		"no module":        {[]byte("\x7fELF"), "GOOS=js"},
		"packed already":   {append(bytes.Clone(header), section(sectionStart, 0)...), "packed already"},
		"counted":          {append(bytes.Clone(header), section(sectionDataCount, 1)...), "counted"},
		"passive":          {data(1, 1, 1, 'a'), "kind 1"},
		"global address":   {data(1, 0, 0x23, 0, opEnd, 1, 'a'), "no constant"},
		"sum":              {data(1, 0, opI32Const, 1, opI32Const, 1, 0x6a, opEnd, 1, 'a'), "more than a constant"},
		"huge address":     {data(1, 0, opI32Const, 0xff, 0xff, 0xff, 0xff, 0xff, 1, opEnd, 1, 'a'), "32 bits"},
		"more than it has": {data(2, 0, opI32Const, 1, opEnd, 1, 'a'), "unexpected EOF"},
		"less than it has": {data(0, 0), "behind the last"},
		"cut off":          {good[:len(good)-5], "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pack(test.in)
			require.ErrorContains(t, err, test.err)
		})
	}
}

// TestPackedProgram runs a program of the real linker, whose tables are what
// changes. It makes the runtime read them: it grows and shrinks stacks, collects
// garbage, recovers, and in the end panics.
func TestPackedProgram(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node here to run it")
	}
	plain := buildProgram(t)
	packed := filepath.Join(filepath.Dir(plain), "packed.wasm")
	require.NoError(t, run(plain, packed))

	before, err := os.ReadFile(plain)
	require.NoError(t, err)
	after, err := os.ReadFile(packed)
	require.NoError(t, err)
	require.Greater(t, segments(t, before), 10_000, "what this command is for")
	require.Less(t, segments(t, after), 100)

	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	require.NoError(t, err)
	shim := filepath.Join(string(bytes.TrimSpace(root)), "lib", "wasm", "wasm_exec_node.js")
	for program, want := range map[string][2]string{plain: {"main.(*tree).fall(", "main.go:"}, packed: {"main.(", "?:0"}} {
		cmd := exec.CommandContext(t.Context(), node, shim, program)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH")} // the program gets few bytes for it
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit, "%s", out)
		require.Equal(t, 2, exit.ExitCode(), "%s", out)
		require.Contains(t, string(out), "alive\npanic: the end\n")
		require.Contains(t, string(out), want[0])
		require.Contains(t, string(out), want[1])
	}
}

// buildProgram returns the file of a program of the real linker.
func buildProgram(t *testing.T) string {
	file := filepath.Join(t.TempDir(), "plain.wasm")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", file, "./testdata/panics")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return file
}

// segments counts the data segments of m.
func segments(t *testing.T, m []byte) int {
	for r := (reader{b: m[len(header):]}); len(r.b) > 0; {
		id := r.byte()
		body := r.take(r.uint())
		if id == sectionData {
			got, err := readSegments(body)
			require.NoError(t, err)
			return len(got)
		}
	}
	t.Fatal("no data section")
	return 0
}

func FuzzJoin(f *testing.F) {
	f.Add(module(segment{8, []byte("a")}, segment{20, []byte("b")}))
	f.Add(module(segment{1 << 31, []byte("a")}, segment{4, nil}, segment{4, []byte("bc")}))
	f.Fuzz(func(t *testing.T, m []byte) {
		once, err := rewrite(m, joined)
		if err != nil {
			return
		}
		twice, err := rewrite(once, joined)
		require.NoError(t, err)
		require.Equal(t, once, twice)
	})
}
