//go:build !js

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// goFunction is the type of all functions that Go code was compiled to, the first
// one of a module: from the number of a basic block to whether the stack of
// WebAssembly is being unwound.
var goFunction = []byte{typeFunc, 1, typeI32, 1, typeI32}

// tighten rewrites the functions of a module so that they compress: they do the
// same with fewer bytes, and with bytes that are the same in many places.
func tighten(module []byte) ([]byte, error) {
	parts, err := readModule(module)
	if err != nil {
		return nil, err
	}
	var types, kinds []byte
	for i, p := range parts {
		switch p.id {
		case sectionType:
			types = p.body
		case sectionFunction:
			kinds = p.body
		case sectionCode:
			if parts[i].body, err = tightenCode(types, kinds, p.body); err != nil {
				return nil, fmt.Errorf("code section: %w", err)
			}
		}
	}
	return appendModule(nil, parts), nil
}

// tightenCode returns the new content of the code section, for those of the
// sections for types and functions.
func tightenCode(types, kinds, code []byte) ([]byte, error) {
	t, k, r := reader{b: types}, reader{b: kinds}, reader{b: code}
	if t.uint(); !bytes.HasPrefix(t.b, goFunction) {
		return nil, errors.New("the first type is not that of a Go function: compare cmd/link/internal/wasm with code.go")
	}
	n := r.uint()
	if k.uint() != n {
		return nil, errors.New("not every function has a type and a body")
	}
	out := binary.AppendUvarint(nil, n)
	for i := uint64(0); i < n && r.err == nil; i++ {
		b := r.take(r.uint())
		if k.uint() == 0 {
			f, err := readBody(b)
			if err != nil {
				return nil, fmt.Errorf("function %d: %w", i, err)
			}
			b = f.tighten((firstPlace + int64(i)) << placeBits).encode()
		}
		out = binary.AppendUvarint(out, uint64(len(b)))
		out = append(out, b...)
	}
	return out, errors.Join(r.err, k.err)
}

// tighten returns the function that is at an address.
func (f body) tighten(address int64) body {
	if !hasPrologue(f.instructions) {
		return f // of assembly
	}
	f.instructions = shorten(direct(f.instructions))
	return keepPlace(f, address)
}
