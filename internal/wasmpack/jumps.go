//go:build !js

package main

// frame is what the compiler puts around the instructions of a function that calls
// or jumps, so that it can go on in its middle:
//
//	block                   to leave by when the stack unwinds
//	  loop                  to go on at any basic block
//	    block block block
//	      local.get 0 br_table 0 1 2
//	    end the first one's instructions
//	    end the second one's ...
//	  end unreachable
//	end i32.const 1
//
// The block and the loop are there if something branches to them.
type frame struct {
	exit, loop int     // where they open; -1: not there
	blocks     int     // where the outermost of the others opens
	dispatch   int     // where local.get 0 is
	labels     []int64 // what br_table has
}

// frameOf returns the frame of a function.
func frameOf(code []instruction) (frame, bool) {
	f := frame{exit: -1, loop: -1}
	i := len(prologue)
	if i < len(code) && code[i].op == opBlock && exits(code) {
		f.exit = i
		i++
	}
	if i < len(code) && code[i].op == opLoop {
		f.loop = i
		i++
	}
	f.blocks = i
	for i < len(code) && code[i].op == opBlock {
		i++
	}
	f.dispatch = i
	if i+1 >= len(code) || !code[i].is(opLocalGet, 0) || code[i+1].op != opBrTable {
		return f, false
	}
	f.labels = code[i+1].labels()
	return f, true
}

// exits reports whether a function ends with the way out for unwinding. A dispatch
// block cannot end so: behind it there are the next one's instructions.
func exits(code []instruction) bool {
	n := len(code)
	return n > 3 && code[n-4].op == opUnreachable && code[n-3].op == opEnd &&
		code[n-2].is(opI32Const, 1) && code[n-1].op == opEnd
}

// nest is where the labels that can be branched to open, the innermost one last.
type nest []int

func (n *nest) pass(at int, i instruction) {
	switch {
	case i.opens():
		*n = append(*n, at)
	case i.op == opEnd && len(*n) > 0:
		*n = (*n)[:len(*n)-1]
	}
}

// target returns where the label of a depth opens, -1 for the function itself.
func (n nest) target(depth int64) int {
	if depth < 0 || depth >= int64(len(n)) {
		return -1
	}
	return n[int64(len(n))-1-depth]
}

// depth returns the depth of the label that opens there, -1 if it is not open.
func (n nest) depth(at int) int64 {
	for d := range n {
		if n[len(n)-1-d] == at {
			return int64(d)
		}
	}
	return -1
}

// direct makes jumps to a basic block further on branch there, where the compiler
// goes through the loop and its br_table: the block that ends there is still open.
// And a branch that unwinds the stack becomes a return, which is the same bytes
// everywhere.
func direct(code []instruction) []instruction {
	f, ok := frameOf(code)
	if !ok {
		return code
	}
	var open nest
	out := make([]instruction, 0, len(code))
	for i := 0; i < len(code); i++ {
		c := code[i]
		open.pass(i, c)
		switch {
		case i <= f.dispatch+1 || c.op != opBr && c.op != opBrIf && c.op != opBrTable:
			out = append(out, c)
		case c.op == opBrIf && f.exit >= 0 && open.target(c.n) == f.exit:
			out = append(out, with(opIf, 0), with(opI32Const, 1), with(opReturn, 0), with(opEnd, 0))
		case c.op == opBr && f.loop >= 0 && open.target(c.n) == f.loop && f.jumps(code[i-2:i]):
			depth := open.depth(f.dispatch - 1 - int(f.labels[code[i-2].n]))
			if depth < 0 { // back
				out = append(out, c)
				break
			}
			out = out[:len(out)-2]
			if last := len(out) - 1; out[last].op == opIf && i+1 < len(code) && code[i+1].op == opEnd {
				out = append(out[:last], with(opBrIf, depth-1))
				i++
				open.pass(i, code[i])
				break
			}
			out = append(out, with(opBr, depth))
		case f.loop >= 0 && (c.op == opBrTable || open.target(c.n) == f.loop):
			return code // which block it goes to may be what an earlier jump has set
		default:
			out = append(out, c)
		}
	}
	return out
}

// jumps reports whether two instructions set the basic block to go on at.
func (f frame) jumps(set []instruction) bool {
	return set[0].op == opI32Const && set[0].n >= 0 && set[0].n < int64(len(f.labels)) && set[1].is(opLocalSet, 0)
}
