//go:build !js

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// header is "\0asm" and version 1.
var header = []byte{0, 'a', 's', 'm', 1, 0, 0, 0}

// Section ids of the binary format.
const (
	sectionType      = 1
	sectionImport    = 2
	sectionFunction  = 3
	sectionStart     = 8
	sectionCode      = 10
	sectionData      = 11
	sectionDataCount = 12
)

// part is a section.
type part struct {
	id   byte
	body []byte
}

func readModule(module []byte) ([]part, error) {
	rest, ok := bytes.CutPrefix(module, header)
	if !ok {
		return nil, errors.New("no WebAssembly module of version 1; name the file that GOOS=js GOARCH=wasm go build wrote")
	}
	var parts []part
	for r := (reader{b: rest}); len(r.b) > 0; {
		p := part{id: r.byte()}
		p.body = r.take(r.uint())
		if r.err != nil {
			return nil, fmt.Errorf("section %d: %w", p.id, r.err)
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func appendModule(b []byte, parts []part) []byte {
	b = append(b, header...)
	for _, p := range parts {
		b = append(b, p.id)
		b = binary.AppendUvarint(b, uint64(len(p.body)))
		b = append(b, p.body...)
	}
	return b
}

// add appends one to the things that a section lists, and returns how many were
// there.
func (p *part) add(thing ...byte) (uint64, error) {
	r := reader{b: p.body}
	n := r.uint()
	if r.err != nil {
		return 0, r.err
	}
	p.body = slices.Concat(binary.AppendUvarint(nil, n+1), r.b, thing)
	return n, nil
}

// imports counts the functions of an import section. The Go linker imports nothing
// else.
func imports(body []byte) (uint64, error) {
	r := reader{b: body}
	n := r.uint()
	for range n {
		r.take(r.uint()) // the module's name
		r.take(r.uint()) // its own
		if kind := r.byte(); kind != 0 {
			return 0, fmt.Errorf("an import of kind %d, no function", kind)
		}
		r.uint() // its type
		if r.err != nil {
			return 0, r.err
		}
	}
	return n, r.err
}
