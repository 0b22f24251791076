//go:build !js

package main

import (
	"encoding/binary"
	"errors"
)

// More opcodes, https://webassembly.github.io/spec/core/binary/instructions.html
const (
	opUnreachable  = 0x00
	opBlock        = 0x02
	opIf           = 0x04
	opBr           = 0x0c
	opBrTable      = 0x0e
	opReturn       = 0x0f
	opCall         = 0x10
	opCallIndirect = 0x11
	opDrop         = 0x1a
	opSelect       = 0x1b
	opGlobalGet    = 0x23
	opGlobalSet    = 0x24
	opI64Load32U   = 0x35
	opI64Store     = 0x37
	opI64Store32   = 0x3e
	opMemorySize   = 0x3f
	opMemoryGrow   = 0x40
	opI64Const     = 0x42
	opF32Const     = 0x43
	opF64Const     = 0x44
	opI32Eqz       = 0x45 // from here to opI64Extend32 nothing follows
	opI64Add       = 0x7c
	opI32Wrap      = 0xa7
	opI64ExtendU   = 0xad
	opI64Extend32  = 0xc4
	opExtended     = 0xfc // a number says which

	extLastTruncate = 7 // the first eight have nothing behind them
	extMemoryCopy   = 10
	extMemoryFill   = 11
)

var errInstruction = errors.New("an instruction that the Go compiler did not write as of 1.26: add to body.go what follows it")

// instruction is one of a function.
type instruction struct {
	op byte
	// What follows, of which raw has all: a constant, the depth of a label, the
	// index of a variable, or the offset of a load or store.
	n   int64
	raw []byte
}

// with returns an instruction with one number, or with none if it has none.
func with(op byte, n int64) instruction {
	raw := []byte{op}
	switch op {
	case opI32Const, opI64Const:
		raw = appendInt(raw, n)
	case opBr, opBrIf, opLocalGet, opLocalSet, opLocalTee:
		raw = binary.AppendUvarint(raw, uint64(n))
	case opIf:
		raw = append(raw, typeVoid)
	}
	return instruction{op, n, raw}
}

// is reports whether the instruction is op with n.
func (i instruction) is(op byte, n int64) bool { return i.op == op && i.n == n }

// opens reports whether a label begins with the instruction.
func (i instruction) opens() bool { return i.op == opBlock || i.op == opLoop || i.op == opIf }

// accesses reports whether the instruction loads or stores.
func (i instruction) accesses() bool { return i.op >= opI32Load && i.op <= opI64Store32 }

// body is a function: its variables as the binary format declares them, and what it
// does.
type body struct {
	variables    []byte // without how many declarations there are
	declarations uint64
	instructions []instruction
}

// readBody reads an entry of the code section, without its size.
func readBody(b []byte) (body, error) {
	r := reader{b: b}
	f := body{declarations: r.uint()}
	start := r.b
	for range f.declarations {
		r.uint() // how many
		r.byte() // of what type
		if r.err != nil {
			return f, r.err
		}
	}
	f.variables = start[:len(start)-len(r.b)]
	f.instructions = make([]instruction, 0, len(r.b)/2)
	for len(r.b) > 0 {
		f.instructions = append(f.instructions, r.instruction())
	}
	return f, r.err
}

// encode is the reverse of readBody.
func (f body) encode() []byte {
	b := binary.AppendUvarint(nil, f.declarations)
	b = append(b, f.variables...)
	for _, i := range f.instructions {
		b = append(b, i.raw...)
	}
	return b
}

func (r *reader) instruction() instruction {
	start := r.b
	i := instruction{op: r.byte()}
	switch {
	case i.opens():
		if r.byte() != typeVoid {
			r.fail(errors.New("a block with a result, which the Go compiler does not write"))
		}
	case i.op == opBr, i.op == opBrIf, i.op == opCall,
		i.op >= opLocalGet && i.op <= opGlobalSet:
		i.n = int64(r.uint())
	case i.op == opBrTable:
		for n := r.uint() + 1; n > 0 && r.err == nil; n-- {
			r.uint()
		}
	case i.op == opCallIndirect:
		r.uint()
		r.uint()
	case i.accesses():
		r.uint() // the alignment
		i.n = int64(r.uint())
	case i.op == opMemorySize, i.op == opMemoryGrow:
		r.byte()
	case i.op == opI32Const, i.op == opI64Const:
		i.n = r.int(64)
	case i.op == opF32Const:
		r.take(4)
	case i.op == opF64Const:
		r.take(8)
	case i.op == opExtended:
		i.n = int64(r.uint())
		switch {
		case i.n == extMemoryCopy:
			r.take(2)
		case i.n == extMemoryFill:
			r.take(1)
		case i.n > extLastTruncate:
			r.fail(errInstruction)
		}
	case i.op > opReturn && i.op < opDrop, i.op > opSelect && i.op < opI32Eqz, i.op > opI64Extend32:
		r.fail(errInstruction)
	}
	i.raw = start[:len(start)-len(r.b)]
	return i
}

// labels returns the labels of a br_table, the one for all other numbers last.
func (i instruction) labels() []int64 {
	r := reader{b: i.raw[1:]}
	var labels []int64
	for n := r.uint() + 1; n > 0; n-- {
		labels = append(labels, int64(r.uint()))
	}
	return labels
}
