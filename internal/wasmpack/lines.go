//go:build !js

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// The layout of the linker's table of functions, which package debug/gosym
// reads as well: type pcHeader in runtime/symtab.go, type _func in
// runtime/runtime2.go. All numbers are little-endian.
const (
	headerSize = 72 // of pcHeader: the magic, then 8 numbers of 8 bytes
	fixedSize  = 44 // of _func, which its pcdata follow

	atName      = 4 // fields of _func, from its start
	atPCSP      = 16
	atPCFile    = 20
	atPCLine    = 24
	atPCData    = 28 // how many there are
	atUnit      = 32
	atStartLine = 36
	atFuncData  = 43 // how many there are, in one byte

	// Those of internal/abi that only a traceback or a preempting signal reads.
	unsafePoint = 0 // of the pcdata
	argLive     = 3
	argInfo     = 5 // of the funcdata
	argLiveInfo = 6
	noFuncData  = 1<<32 - 1
)

// funcMagic begins the table: its version as of Go 1.20, padding, instructions
// of 1 byte, pointers of 8.
var funcMagic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

var errLayout = errors.New("the table of functions is not laid out as in Go 1.26: compare type pcHeader and type _func of package runtime with lines.go")

// dropLines removes what says which file and line an instruction came from, and
// what an argument looks like: a tenth of what a page loads. The runtime reads it
// for tracebacks alone and has a notation for a function without it. The names of
// the standard library's functions go too, and where a signal may interrupt one:
// js has no signals.
func dropLines(segments []segment) error {
	for _, s := range segments {
		if at := bytes.Index(s.data, funcMagic); at >= 0 {
			f, err := readFunctions(s.data[at:])
			if err != nil {
				return err
			}
			return f.dropLines()
		}
	}
	return errors.New("no table of functions of Go 1.20 or later; name what GOOS=js GOARCH=wasm go build wrote")
}

// functions is the linker's table of functions.
type functions struct {
	b      []byte // from the header on
	count  int
	index  int    // where the index begins, from which on what describes a function is counted
	units  int    // where what dropLines clears as a whole begins
	tables []byte // what maps instructions to lines, stack sizes and so on
	keep   []bool // bytes of tables that still have a use
	names  names
}

// readFunctions reads the header of the table that b begins with.
func readFunctions(b []byte) (*functions, error) {
	if len(b) < headerSize {
		return nil, errLayout
	}
	var n [8]int
	for i := range n {
		n[i] = int(min(binary.LittleEndian.Uint64(b[8+8*i:]), uint64(len(b))))
	}
	count, first, units, files, tables, index := n[0], n[3], n[4], n[5], n[6], n[7]
	if first != headerSize || units < first || files < units || tables < files || index < tables || count > (len(b)-index)/8 {
		return nil, errLayout
	}
	return &functions{
		b: b, count: count, index: index, units: units,
		tables: b[tables:index],
		keep:   make([]bool, index-tables),
		names:  names{b: b[first:units], keep: make([]bool, units-first)},
	}, nil
}

func (f *functions) dropLines() error {
	for i := range f.count {
		at := f.index + int(binary.LittleEndian.Uint32(f.b[f.index+8*i+4:]))
		if err := f.function(at); err != nil {
			return fmt.Errorf("function %d: %w", i, err)
		}
	}
	for i, keep := range f.keep {
		if !keep {
			f.tables[i] = 0
		}
	}
	clear(f.b[f.units : f.index-len(f.tables)])
	f.names.clear()
	return nil
}

// function removes the lines of the function that is described at an offset,
// and keeps its other tables.
func (f *functions) function(at int) error {
	if at > len(f.b)-fixedSize {
		return errLayout
	}
	fn := f.b[at:]
	pcdata := 4 * uint64(binary.LittleEndian.Uint32(fn[atPCData:]))
	funcdata := 4 * uint64(fn[atFuncData])
	if pcdata+funcdata > uint64(len(fn)-fixedSize) {
		return errLayout
	}
	for i := range int(pcdata / 4) {
		field := fn[fixedSize+4*i:]
		if i == unsafePoint || i == argLive {
			clear(field[:4])
		} else if err := f.use(binary.LittleEndian.Uint32(field)); err != nil {
			return err
		}
	}
	for i := range int(funcdata / 4) {
		if i == argInfo || i == argLiveInfo {
			binary.LittleEndian.PutUint32(fn[fixedSize+int(pcdata)+4*i:], noFuncData)
		}
	}
	name, err := f.names.use(binary.LittleEndian.Uint32(fn[atName:]))
	if err != nil {
		return err
	}
	binary.LittleEndian.PutUint32(fn[atName:], name)
	for _, field := range []int{atPCFile, atPCLine, atUnit, atStartLine} {
		clear(fn[field : field+4])
	}
	return f.use(binary.LittleEndian.Uint32(fn[atPCSP:]))
}

// use keeps the table at an offset; there is none at 0. A table is pairs of
// varints, a difference of values and one of addresses, until the values do not
// differ. The first ones may be the same.
func (f *functions) use(offset uint32) error {
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
