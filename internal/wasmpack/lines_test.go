//go:build !js

package main

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// oneFunction is a table of functions that holds one. It has a table of stack
// sizes, one of files, one of lines, and one for the garbage collector.
func oneFunction() []byte {
	const units, files, tables = headerSize + 4, headerSize + 8, headerSize + 12
	stack, file, line, collector := []byte{0, 7, 4, 9, 0}, []byte{2, 9, 0}, []byte{3, 1, 5, 8, 0}, []byte{6, 9, 0}
	b := append([]byte(nil), funcMagic...)
	for _, n := range []uint64{1, 1, 0, headerSize, units, files, tables, tables + 17} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = append(b, "f()\x00unitfil\x00\x00"...) // the last is of the tables: offset 0 is none
	for _, table := range [][]byte{stack, file, line, collector} {
		b = append(b, table...)
	}
	for _, n := range []uint32{
		0, 12, // the index: where its code begins, and what follows here
		9,                                    // where its code ends
		0, 0, 8, 0, 1, 6, 9, 1, 3, 77, 0, 14, // the function, up to its pcdata
	} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

func TestDropLines(t *testing.T) {
	got := segment{data: append([]byte("before"), oneFunction()...)}
	require.NoError(t, dropLines([]segment{{data: []byte("other")}, got}))
	want := oneFunction()
	const tables = headerSize + 12
	clear(want[headerSize:tables])    // the name, units and files
	clear(want[tables+6 : tables+14]) // the tables of files and lines
	fn := want[len(want)-fixedSize-4:]
	clear(fn[atPCFile:atPCData]) // where these were
	clear(fn[atUnit : atStartLine+4])
	require.Equal(t, append([]byte("before"), want...), got.data, "the rest is the same")
}

func TestDropNames(t *testing.T) {
	names := []byte("runtime.gc\x00fmt.Println\x00main.main\x00github.com/x/y.(*T).M\x00strings.Cut")
	dropNames(names)
	want := "runtime.gc\x00" + strings.Repeat("\x00", len("fmt.Println\x00")) + "main.main\x00github.com/x/y.(*T).M\x00strings.Cut"
	require.Equal(t, want, string(names), "the last is not a whole name")
}

// TestDropLinesRefuses has every number of the table that says where something
// is point too far.
func TestDropLinesRefuses(t *testing.T) {
	good := oneFunction()
	fn := len(good) - fixedSize - 4
	for _, at := range []int{8, 32, 40, 48, 56, 64, fn - 8, fn + atPCSP, fn + atPCData, fn + fixedSize} {
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
