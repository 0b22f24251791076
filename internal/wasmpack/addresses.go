//go:build !js

package main

import (
	"encoding/binary"
	"math"
)

// stack is the variable that has the stack pointer in a Go function.
const stack = 1

// prologue is what such a function begins with.
var prologue = []instruction{with(opGlobalGet, 0), with(opLocalSet, stack)}

func hasPrologue(code []instruction) bool {
	return len(code) > len(prologue) && code[0].is(opGlobalGet, 0) && code[1].is(opLocalSet, stack)
}

// shorten writes addresses as what they are, 32 bits: the compiler has 64 for every
// pointer, widens the stack pointer to add a constant, and narrows the sum. Where
// the sum is what a load or store is at, it has the constant: a frame of the stack
// does not reach over the end of the memory.
func shorten(code []instruction) []instruction {
	out := make([]instruction, 0, len(code))
	for len(code) > 0 {
		n := 1
		switch {
		case addsConstant(code):
			offset := int64(int32(code[1].n))
			onStack := len(out) > 0 && out[len(out)-1].is(opLocalGet, stack)
			switch at, value := access(code[4:]); {
			case at == nil || !onStack || offset < 0 || offset+at.n > math.MaxInt32:
				out = append(out, with(opI32Const, offset), with(opI32Add, 0))
				n = 4
			default:
				out = append(append(out, value...), at.moved(offset))
				n = 5 + len(value)
			}
		case code[0].op == opI64Const && len(code) > 1 && code[1].op == opI32Wrap:
			out = append(out, with(opI32Const, int64(int32(code[0].n))))
			n = 2
		default:
			out = append(out, code[0])
		}
		code = code[n:]
	}
	return out
}

// addsConstant reports whether the next four instructions do, to an address.
func addsConstant(code []instruction) bool {
	return len(code) > 3 && code[0].op == opI64ExtendU && code[1].op == opI64Const &&
		code[2].op == opI64Add && code[3].op == opI32Wrap
}

// access returns the load that is next, or the store and what one instruction says
// is stored; nil if there is neither.
func access(code []instruction) (*instruction, []instruction) {
	if len(code) > 0 && code[0].op >= opI32Load && code[0].op <= opI64Load32U {
		return &code[0], nil
	}
	if len(code) > 1 && code[1].op >= opI32Store && code[1].op <= opI64Store32 {
		switch code[0].op {
		case opLocalGet, opI32Const, opI64Const, opF32Const, opF64Const:
			return &code[1], code[:1]
		}
	}
	return nil, nil
}

// moved returns a load or store so many bytes further.
func (i instruction) moved(by int64) instruction {
	i.n += by
	i.raw = binary.AppendUvarint([]byte{i.raw[0], i.raw[1]}, uint64(i.n))
	return i
}
