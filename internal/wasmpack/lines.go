//go:build !js

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// The layout of the linker's table of functions, which package debug/gosym
// reads as well: type pcHeader in runtime/symtab.go, type _func in
// runtime/runtime2.go. All numbers are little-endian.
const (
	headerSize = 72 // of pcHeader: the magic, then 8 numbers of 8 bytes
	fixedSize  = 44 // of _func, which its pcdata follow

	atPCSP      = 16 // fields of _func, from its start
	atPCFile    = 20
	atPCLine    = 24
	atPCData    = 28 // how many there are
	atUnit      = 32
	atStartLine = 36
)

// funcMagic begins the table: its version as of Go 1.20, padding, instructions
// of 1 byte, pointers of 8.
var funcMagic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

var errLayout = errors.New("the table of functions is not laid out as in Go 1.26: compare type pcHeader and type _func of package runtime with lines.go")

// dropLines removes what says which file and line an instruction came from, 7 %
// of what a page loads. The runtime reads it for tracebacks alone and
// has a notation for a function without it. The names of the standard library's
// functions go too.
func dropLines(segments []segment) error {
	for _, s := range segments {
		if at := bytes.Index(s.data, funcMagic); at >= 0 {
			return functions{b: s.data[at:]}.dropLines()
		}
	}
	return errors.New("no table of functions of Go 1.20 or later; name what GOOS=js GOARCH=wasm go build wrote")
}

// functions is the linker's table of functions.
type functions struct {
	b      []byte // from the header on
	count  int
	tables []byte // what maps instructions to lines, stack sizes and so on
	keep   []bool // bytes of tables that still have a use
}

func (f functions) dropLines() error {
	if len(f.b) < headerSize {
		return errLayout
	}
	var n [8]int
	for i := range n {
		n[i] = int(min(binary.LittleEndian.Uint64(f.b[8+8*i:]), uint64(len(f.b))))
	}
	names, units, files, tables, index := n[3], n[4], n[5], n[6], n[7]
	f.count = n[0]
	if names != headerSize || units < names || files < units || tables < files || index < tables || f.count > (len(f.b)-index)/8 {
		return errLayout
	}
	f.tables = f.b[tables:index]
	f.keep = make([]bool, len(f.tables))
	for i := range f.count {
		at := index + int(binary.LittleEndian.Uint32(f.b[index+8*i+4:]))
		if err := f.function(at); err != nil {
			return fmt.Errorf("function %d: %w", i, err)
		}
	}
	for i, keep := range f.keep {
		if !keep {
			f.tables[i] = 0
		}
	}
	clear(f.b[units:tables])
	dropNames(f.b[names:units])
	return nil
}

// kept is what begins the names that stay: those of the program, for its
// tracebacks, and those of the runtime, which tells its own goroutines by them.
var kept = [][]byte{[]byte("runtime."), []byte("main."), []byte("github.com/")}

// dropNames empties the names of other functions, which end with a zero each. In
// a traceback they are blank.
func dropNames(names []byte) {
	for len(names) > 0 {
		end := bytes.IndexByte(names, 0)
		if end < 0 {
			return
		}
		name := names[:end]
		if !slices.ContainsFunc(kept, func(prefix []byte) bool { return bytes.HasPrefix(name, prefix) }) {
			clear(name)
		}
		names = names[end+1:]
	}
}

// function removes the lines of the function that is described at an offset,
// and keeps its other tables.
func (f functions) function(at int) error {
	if at > len(f.b)-fixedSize {
		return errLayout
	}
	fn := f.b[at:]
	offsets := 4 * uint64(binary.LittleEndian.Uint32(fn[atPCData:]))
	if offsets > uint64(len(fn)-fixedSize) {
		return errLayout
	}
	for i := 0; i < int(offsets); i += 4 {
		if err := f.use(binary.LittleEndian.Uint32(fn[fixedSize+i:])); err != nil {
			return err
		}
	}
	for _, field := range []int{atPCFile, atPCLine, atUnit, atStartLine} {
		clear(fn[field : field+4])
	}
	return f.use(binary.LittleEndian.Uint32(fn[atPCSP:]))
}

// use keeps the table at an offset; there is none at 0. A table is pairs of
// varints, a difference of values and one of addresses, until the values do not
// differ. The first ones may be the same.
func (f functions) use(offset uint32) error {
	if offset == 0 {
		return nil
	}
	if uint64(offset) > uint64(len(f.tables)) {
		return errLayout
	}
	if int(offset) < len(f.keep) && f.keep[offset] {
		return nil // functions share tables
	}
	r := reader{b: f.tables[offset:]}
	for first := true; r.uint() != 0 || first; first = false {
		r.uint()
		if r.err != nil {
			return errLayout
		}
	}
	if r.err != nil {
		return errLayout
	}
	for i := int(offset); i < len(f.tables)-len(r.b); i++ {
		f.keep[i] = true
	}
	return nil
}
