//go:build !js

package main

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// oneFunction is a table of functions that holds one. It has a table of stack
// sizes, one of files, one of lines, one of where a signal may stop it and one for
// the garbage collector, and says what its arguments look like.
func oneFunction() []byte {
	const units, files, tables = headerSize + 5, headerSize + 9, headerSize + 13
	stack, file, line, signal, collector := []byte{0, 7, 4, 9, 0}, []byte{2, 9, 0}, []byte{3, 1, 5, 8, 0}, []byte{1, 2, 0}, []byte{6, 9, 0}
	b := append([]byte(nil), funcMagic...)
	for _, n := range []uint64{1, 1, 0, headerSize, units, files, tables, tables + 20} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = append(b, "\x00f()\x00unitfil\x00\x00"...) // the last is of the tables: offset 0 is none
	for _, table := range [][]byte{stack, file, line, signal, collector} {
		b = append(b, table...)
	}
	for _, n := range []uint32{
		0, 12, // the index: where its code begins, and what follows here
		9,                                              // where its code ends
		0, 1, 8, 0, 1, 6, 9, 2, 3, 77, 7 << 24, 14, 17, // the function, up to its pcdata
		20, 21, noFuncData, noFuncData, 22, 23, 24,
	} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

const lengthOfOne = fixedSize + 4*(2+7)

func TestDropLines(t *testing.T) {
	got := segment{data: append([]byte("before"), oneFunction()...)}
	require.NoError(t, dropLines([]segment{{data: []byte("other")}, got}))
	want := oneFunction()
	const tables = headerSize + 13
	clear(want[headerSize:tables])    // the name, units and files
	clear(want[tables+6 : tables+17]) // the tables of files, lines and signals
	fn := want[len(want)-lengthOfOne:]
	clear(fn[atName : atName+4]) // where these were
	clear(fn[atPCFile:atPCData])
	clear(fn[atUnit : atStartLine+4])
	clear(fn[fixedSize : fixedSize+4])
	for _, i := range []int{argInfo, argLiveInfo} {
		binary.LittleEndian.PutUint32(fn[fixedSize+4*(2+i):], noFuncData)
	}
	require.Equal(t, append([]byte("before"), want...), got.data, "the rest is the same")
}

func TestNames(t *testing.T) {
	table := "\x00runtime.gc\x00fmt.Println\x00main.main\x00runtime.main\x00github.com/x/y.(*T).M\x00github.com/x/y.F[github.com/a/b.T].func1\x00strings.Cut"
	n := names{b: []byte(table), keep: make([]bool, len(table))}
	for _, at := range []int{strings.Index(table, "strings.Cut"), len(table)} {
		_, err := n.use(uint32(at))
		require.ErrorIs(t, err, errLayout, "no whole name")
	}
	var got []uint32
	all := []string{"runtime.gc", "fmt.Println", "main.main", "runtime.main", "github.com/x/y.(*T).M", "github.com/x/y.F"}
	for _, name := range all {
		at, err := n.use(uint32(strings.Index(table, name)))
		require.NoError(t, err)
		got = append(got, at)
	}
	n.clear()
	for i, want := range []string{"runtime.", "", "main.", "runtime.", "y.", "y."} {
		name, _, _ := strings.Cut(string(n.b[got[i]:]), "\x00")
		require.Equal(t, want, name, all[i])
	}
	require.Equal(t, "runtime.main.y.", strings.ReplaceAll(string(n.b), "\x00", ""), "nothing else")
	at, err := (&names{b: []byte("\x00github.com/x\x00"), keep: make([]bool, 14)}).use(1)
	require.NoError(t, err)
	require.LessOrEqual(t, at, uint32(14), "a name without a function")
}

// TestDropLinesRefuses has every number of the table that says where something
// is point too far.
func TestDropLinesRefuses(t *testing.T) {
	good := oneFunction()
	fn := len(good) - lengthOfOne
	for _, at := range []int{8, 32, 40, 48, 56, 64, fn - 8, fn + atName, fn + atPCSP, fn + atPCData, fn + fixedSize + 4} {
		b := oneFunction()
		b[at+2] = 0xff
		require.ErrorIs(t, dropLines([]segment{{data: b}}), errLayout, "number at %d", at)
	}
	for n := range len(good) {
		require.Error(t, dropLines([]segment{{data: good[:n:n]}}), "%d bytes", n)
	}
}

func FuzzDropLines(f *testing.F) {
	f.Add(oneFunction())
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = dropLines([]segment{{data: b}})
	})
}
