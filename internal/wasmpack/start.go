//go:build !js

package main

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Opcodes, https://webassembly.github.io/spec/core/binary/instructions.html
const (
	opLoop     = 0x03
	opBrIf     = 0x0d
	opLocalGet = 0x20
	opLocalSet = 0x21
	opLocalTee = 0x22
	opI32Load  = 0x28
	opI32Store = 0x36
	opI32LtU   = 0x49
	opI32Add   = 0x6a
	opI32Sub   = 0x6b

	typeI32   = 0x7f
	typeI64   = 0x7e
	typeVoid  = 0x40
	typeFunc  = 0x60
	alignWord = 2 // 4 bytes
)

// code is a function of WebAssembly with one variable, an address.
type code []byte

// sums returns the body of the function that makes the numbers of t from their
// differences: an entry of the code section.
func sums(t tables) []byte {
	c := code{1, 1, typeI32} // variables: one kind, and one of it
	for _, column := range t.columns {
		c.each(column, 1, func() {
			c.address()
			c.address()
			c.constant(column.stride)
			c.op(opI32Sub)
			c.load(0)
			c.address()
			c.load(0)
			c.op(opI32Add)
		})
	}
	c.each(t.index, 0, func() {
		c.address()
		c.load(4)
		c.constant(t.describe)
		c.op(opI32Add)
		c.address()
		c.load(0)
	})
	c.op(opEnd)
	return append(binary.AppendUvarint(nil, uint64(len(c))), c...)
}

// each is a loop over the numbers of a column from the one of an index on. What
// body leaves is an address and a number, which is stored there.
func (c *code) each(over column, from uint32, body func()) {
	c.constant(over.at + from*over.stride)
	c.op(opLocalSet, 0)
	c.op(opLoop, typeVoid)
	body()
	c.op(opI32Store, alignWord, 0)
	c.address()
	c.constant(over.stride)
	c.op(opI32Add)
	c.op(opLocalTee, 0)
	c.constant(over.at + over.count*over.stride)
	c.op(opI32LtU)
	c.op(opBrIf, 0)
	c.op(opEnd)
}

func (c *code) op(bytes ...byte) { *c = append(*c, bytes...) }

func (c *code) address() { c.op(opLocalGet, 0) }

func (c *code) constant(n uint32) {
	c.op(opI32Const)
	*c = appendAddress(*c, n)
}

// load loads the number so many bytes behind an address.
func (c *code) load(offset byte) { c.op(opI32Load, alignWord, offset) }

// addStart adds a function to a module that is run before any other of it.
func addStart(module, body []byte) ([]byte, error) {
	parts, err := readModule(module)
	if err != nil {
		return nil, err
	}
	var index, kind uint64
	start := 0
	for i := range parts {
		p := &parts[i]
		switch p.id {
		case sectionType:
			kind, err = p.add(typeFunc, 0, 0) // no arguments, no results
		case sectionImport:
			index, err = imports(p.body)
		case sectionFunction:
			var own uint64
			own, err = p.add(binary.AppendUvarint(nil, kind)...)
			index += own
		case sectionCode:
			_, err = p.add(body...)
		}
		if err != nil {
			return nil, fmt.Errorf("section %d: %w", p.id, err)
		}
		if p.id > 0 && p.id < sectionStart {
			start = i + 1
		}
	}
	parts = slices.Insert(parts, start, part{sectionStart, binary.AppendUvarint(nil, index)})
	return appendModule(nil, parts), nil
}
