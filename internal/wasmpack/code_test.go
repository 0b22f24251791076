//go:build !js

package main

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// table is a br_table.
func table(labels ...byte) instruction {
	raw := append([]byte{opBrTable, byte(len(labels) - 1)}, labels...)
	return instruction{op: opBrTable, raw: raw}
}

func op(op byte) instruction { return with(op, 0) }

// block opens a block or loop.
func block(op byte) instruction { return instruction{op: op, raw: []byte{op, typeVoid}} }

// memory is a load or store.
func memory(op byte, offset int64) instruction {
	return instruction{op, offset, binary.AppendUvarint([]byte{op, 3}, uint64(offset))}
}

// framed is a function of three basic blocks.
func framed(first, second, third []instruction) []instruction {
	return slices.Concat(prologue,
		[]instruction{block(opBlock), block(opLoop), block(opBlock), block(opBlock), block(opBlock)},
		[]instruction{with(opLocalGet, 0), table(0, 1, 1, 2), op(opEnd)},
		first, []instruction{op(opEnd)}, second, []instruction{op(opEnd)}, third,
		[]instruction{op(opEnd), op(opUnreachable), op(opEnd), with(opI32Const, 1), op(opEnd)})
}

// jump goes to a basic block; depth is that of the loop.
func jump(to, depth int64) []instruction {
	return []instruction{with(opI32Const, to), with(opLocalSet, 0), with(opBr, depth)}
}

func when(then ...instruction) []instruction {
	return slices.Concat([]instruction{with(opLocalGet, 2), op(opIf)}, then, []instruction{op(opEnd)})
}

func TestDirect(t *testing.T) {
	some := []instruction{op(opDrop)}
	for name, test := range map[string]struct{ in, want []instruction }{
		"to the next":         {framed(when(jump(1, 3)...), some, some), framed([]instruction{with(opLocalGet, 2), with(opBrIf, 0)}, some, some)},
		"by its other number": {framed(when(jump(2, 3)...), some, some), framed([]instruction{with(opLocalGet, 2), with(opBrIf, 0)}, some, some)},
		"by none that it has": {framed(when(jump(4, 3)...), some, some), framed(when(jump(4, 3)...), some, some)},
		"to the last":         {framed(when(jump(3, 3)...), some, some), framed([]instruction{with(opLocalGet, 2), with(opBrIf, 1)}, some, some)},
		"always":              {framed(jump(3, 2), some, some), framed([]instruction{with(opBr, 1)}, some, some)},
		"among others": {
			framed(when(append([]instruction{op(opReturn)}, jump(3, 3)...)...), some, some),
			framed(when(op(opReturn), with(opBr, 2)), some, some)},
		"back": {framed(some, some, when(jump(1, 1)...)), framed(some, some, when(jump(1, 1)...))},
		"here": {framed(some, jump(1, 1), some), framed(some, jump(1, 1), some)},
		"unwinding": {
			framed(some, []instruction{with(opBrIf, 2)}, some),
			framed(some, []instruction{op(opIf), with(opI32Const, 1), op(opReturn), op(opEnd)}, some)},
		"to a block that was set before": {
			framed(when(jump(3, 3)...), []instruction{with(opBr, 1)}, some),
			framed(when(jump(3, 3)...), []instruction{with(opBr, 1)}, some)},
		"by a table of its own": {
			framed(when(jump(3, 3)...), []instruction{table(0, 1)}, some),
			framed(when(jump(3, 3)...), []instruction{table(0, 1)}, some)},
		"a function without blocks": {slices.Concat(prologue, some), slices.Concat(prologue, some)},
		"nothing":                   {prologue, prologue},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, direct(test.in)) })
	}
}

func TestShorten(t *testing.T) {
	sum := func(n int64) []instruction {
		return []instruction{op(opI64ExtendU), with(opI64Const, n), op(opI64Add), op(opI32Wrap)}
	}
	get := with(opLocalGet, stack)
	for name, test := range map[string]struct{ in, want []instruction }{
		"an address": {slices.Concat([]instruction{get}, sum(8)), []instruction{get, with(opI32Const, 8), op(opI32Add)}},
		"one of 64 bits": {
			slices.Concat([]instruction{get}, sum(1<<32-8)),
			[]instruction{get, with(opI32Const, -8), op(opI32Add)}},
		"a load":          {append(append([]instruction{get}, sum(8)...), memory(opI32Load, 120)), []instruction{get, memory(opI32Load, 128)}},
		"one from before": {append(append([]instruction{get}, sum(-8)...), memory(opI32Load, 16)), []instruction{get, with(opI32Const, -8), op(opI32Add), memory(opI32Load, 16)}},
		"one from elsewhere": {
			append(append([]instruction{with(opLocalGet, 2)}, sum(8)...), memory(opI32Load, 0)),
			[]instruction{with(opLocalGet, 2), with(opI32Const, 8), op(opI32Add), memory(opI32Load, 0)}},
		"a store": {
			append(append([]instruction{get}, sum(8)...), with(opI64Const, 7), memory(opI64Store, 8)),
			[]instruction{get, with(opI64Const, 7), memory(opI64Store, 16)}},
		"one of a sum": {
			append(append([]instruction{get}, sum(8)...), get, op(opI64ExtendU), memory(opI64Store, 8)),
			[]instruction{get, with(opI32Const, 8), op(opI32Add), get, op(opI64ExtendU), memory(opI64Store, 8)}},
		"a constant": {[]instruction{with(opI64Const, 1<<31), op(opI32Wrap)}, []instruction{with(opI32Const, -1<<31)}},
		"a sum that stays wide": {
			append([]instruction{get}, sum(8)[:3]...), append([]instruction{get}, sum(8)[:3]...)},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, shorten(test.in)) })
	}
}

func TestKeepPlace(t *testing.T) {
	const here = (firstPlace + 5) << placeBits
	f := body{declarations: 1, variables: []byte{2, typeI32}, instructions: []instruction{
		with(opLocalGet, 0), with(opLocalSet, 1), with(opLocalTee, 2), with(opI64Const, here), with(opI64Const, here+3), with(opI64Const, here+1<<placeBits), with(opI64Const, 7), with(opGlobalGet, 1)}}
	require.Equal(t, body{declarations: 2, variables: []byte{1, typeI64, 2, typeI32}, instructions: []instruction{
		with(opI64Const, here), with(opLocalSet, 1),
		with(opLocalGet, 0), with(opLocalSet, 2), with(opLocalTee, 3), with(opLocalGet, 1), with(opI64Const, 3), with(opLocalGet, 1), op(opI64Add),
		with(opI64Const, here+1<<placeBits), with(opI64Const, 7), with(opGlobalGet, 1)}}, keepPlace(f, here))
	once := body{instructions: []instruction{with(opI64Const, here)}}
	require.Equal(t, once, keepPlace(once, here))
}

func TestTightenRefuses(t *testing.T) {
	good := goFunction
	types, kinds := append([]byte{1}, good...), []byte{1, 0}
	function := func(b ...byte) []byte { return append([]byte{1, byte(len(b))}, b...) }
	for name, test := range map[string]struct {
		types, kinds, code []byte
		err                string
	}{
		"other type":       {[]byte{1, typeFunc, 0, 0}, kinds, function(0, opEnd), "that of a Go function"},
		"no type":          {types, []byte{0}, function(0, opEnd), "a type and a body"},
		"vector":           {types, kinds, function(0, 0xfd, 0, opEnd), "did not write"},
		"table":            {types, kinds, function(0, opExtended, 12, 0, 0, opEnd), "did not write"},
		"result":           {types, kinds, function(0, opBlock, typeI32, opEnd, opEnd), "a block with a result"},
		"huge constant":    {types, kinds, function(0, opI64Const, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1), "64 bits"},
		"cut off":          {types, kinds, []byte{1, 9, 0}, "unexpected EOF"},
		"cut instruction":  {types, kinds, function(0, opI32Const), "unexpected EOF"},
		"cut variables":    {types, kinds, function(2, 1, typeI32), "unexpected EOF"},
		"table without it": {types, kinds, function(0, opBrTable, 9, 0), "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tightenCode(test.types, test.kinds, test.code)
			require.ErrorContains(t, err, test.err)
		})
	}
}

// FuzzBody: what is read is written as it was, and a function that is rewritten can
// be read.
func FuzzBody(f *testing.F) {
	for _, code := range [][]instruction{
		framed(when(jump(1, 3)...), []instruction{with(opBrIf, 2)}, when(jump(1, 1)...)),
		append(slices.Clone(prologue), memory(opI64Store, 300), with(opI64Const, -1<<63), op(opEnd)),
	} {
		f.Add(body{declarations: 1, variables: []byte{3, typeI64}, instructions: code}.encode())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := readBody(b)
		if err != nil {
			return
		}
		again, err := readBody(got.encode())
		require.NoError(t, err)
		require.Equal(t, got.instructions, again.instructions)
		_, err = readBody(got.tighten(firstPlace << placeBits).encode())
		require.NoError(t, err)
	})
}
