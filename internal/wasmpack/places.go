//go:build !js

package main

// An address of an instruction is the number of the function and, in its last bits,
// that of a basic block: cmd/link/internal/wasm has firstPlace as funcValueOffset.
const (
	firstPlace = 0x1000
	placeBits  = 16
)

// place is the variable that has the address of a Go function.
const place = 1

// keepPlace has a function keep its own address in a variable, where the compiler
// writes it out ahead of each call, for the call to return to.
func keepPlace(f body, address int64) body {
	within := func(i instruction) bool { return i.op == opI64Const && i.n>>placeBits == address>>placeBits }
	calls := 0
	for _, i := range f.instructions {
		if within(i) {
			calls++
		}
	}
	if calls < 2 {
		return f
	}
	out := make([]instruction, 0, len(f.instructions)+2*calls+2)
	out = append(out, with(opI64Const, address), with(opLocalSet, place))
	for _, i := range f.instructions {
		switch {
		case within(i) && i.n == address:
			out = append(out, with(opLocalGet, place))
		case within(i):
			out = append(out, with(opI64Const, i.n-address), with(opLocalGet, place), with(opI64Add, 0))
		case i.op >= opLocalGet && i.op <= opLocalTee && i.n >= place:
			out = append(out, with(i.op, i.n+1)) // the others make room
		default:
			out = append(out, i)
		}
	}
	return body{
		declarations: f.declarations + 1,
		variables:    append([]byte{1, typeI64}, f.variables...),
		instructions: out,
	}
}
