//go:build !js

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// The runtime's own description of the program, type moduledata in
// runtime/symtab.go: where fields are, from the slice that is the index of
// functions on.
const (
	atFindFuncTab = 24
	atMinPC       = 32
	atMaxPC       = 40
	moduleSize    = 48

	bucketBytes = 4096 // of instructions, which one entry of findfunctab is for
	bucketSize  = 20   // of an entry: type findfuncbucket
	indexSize   = 8    // of an entry of the index of functions: type functab
)

var errModule = errors.New("the program does not describe itself as in Go 1.26: compare type moduledata of package runtime with differences.go")

// column is 32-bit numbers in memory, each so many bytes behind the one before.
type column struct{ at, stride, count uint32 }

// tables are the places of numbers that only ever rise. No two of them are the
// same, so they do not compress; their differences do, to next to nothing. The
// program is shipped with the differences and adds them up when it starts.
type tables struct {
	columns []column
	// Where functions begin stands in their index, and again in what describes each:
	// at so many bytes from here.
	index    column
	describe uint32
}

// differences replaces the numbers in the segments by their differences.
func differences(segments []segment) (tables, error) {
	var t tables
	for _, s := range segments {
		at := bytes.Index(s.data, funcMagic)
		if at < 0 {
			continue
		}
		f, err := readFunctions(s.data[at:])
		if err != nil {
			return t, err
		}
		t.describe = s.at + uint32(at+f.index)
		t.index = column{at: t.describe, stride: indexSize, count: uint32(f.count)}
		find, err := findFuncTab(segments, t.index)
		if err != nil {
			return t, err
		}
		t.columns = []column{t.index, {t.index.at + 4, indexSize, t.index.count}, find}
	}
	if t.index.count == 0 {
		return t, errModule
	}
	if err := t.forget(segments); err != nil {
		return t, err
	}
	for _, c := range t.columns {
		if err := c.differ(segments); err != nil {
			return t, err
		}
	}
	return t, nil
}

// forget clears what stands in the index as well.
func (t *tables) forget(segments []segment) error {
	index, err := bytesAt(segments, t.index.at, indexSize*t.index.count)
	if err != nil {
		return err
	}
	for ; len(index) > 0; index = index[indexSize:] {
		begins, err := bytesAt(segments, t.describe+binary.LittleEndian.Uint32(index[4:]), 4)
		if err != nil || !bytes.Equal(begins, index[:4]) {
			return errLayout
		}
		clear(begins)
	}
	return nil
}

// differ replaces the numbers of a column, but for the first, by what each has
// more than the one before.
func (c column) differ(segments []segment) error {
	b, err := bytesAt(segments, c.at, c.stride*(c.count-1)+4)
	if err != nil {
		return err
	}
	for i := c.stride * (c.count - 1); i > 0; i -= c.stride {
		before := binary.LittleEndian.Uint32(b[i-c.stride:])
		binary.LittleEndian.PutUint32(b[i:], binary.LittleEndian.Uint32(b[i:])-before)
	}
	return nil
}

// findFuncTab finds the table from which the runtime learns which function an
// instruction is in.
func findFuncTab(segments []segment, index column) (column, error) {
	slice := binary.LittleEndian.AppendUint64(nil, uint64(index.at))
	slice = binary.LittleEndian.AppendUint64(slice, uint64(index.count)+1) // with the end of the last
	for _, s := range segments {
		at := bytes.Index(s.data, slice)
		if at < 0 || len(s.data)-at < moduleSize {
			continue
		}
		word := func(field int) uint64 { return binary.LittleEndian.Uint64(s.data[at+field:]) }
		table, size := word(atFindFuncTab), word(atMaxPC)-word(atMinPC)
		if table == 0 || table>>32 != 0 || size == 0 || size>>31 != 0 {
			return column{}, errModule
		}
		return column{uint32(table), bucketSize, uint32((size + bucketBytes - 1) / bucketBytes)}, nil
	}
	return column{}, errModule
}

// bytesAt returns the bytes at an address. The linker leaves out the zeros at the
// end of a segment, which come back if they are asked for.
func bytesAt(segments []segment, at, n uint32) ([]byte, error) {
	for i := range segments {
		s := &segments[i]
		end := uint64(at) + uint64(n)
		if at < s.at || uint64(at) > s.end() || end > s.end()+8 {
			continue
		}
		if end > s.end() {
			s.data = append(s.data, make([]byte, end-s.end())...)
		}
		return s.data[at-s.at:][:n], nil
	}
	return nil, errModule
}
