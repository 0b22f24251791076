//go:build !js

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// pack returns a program of the Go linker with fewer data segments, without line
// numbers, and with tables and functions that compress.
func pack(module []byte) ([]byte, error) {
	var t tables
	packed, err := rewrite(module, func(segments []segment) ([]segment, error) {
		segments = join(segments)
		err := dropLines(segments)
		if err == nil {
			t, err = differences(segments)
		}
		return segments, err
	})
	if err != nil {
		return nil, err
	}
	packed, err = tighten(packed)
	if err != nil {
		return nil, err
	}
	return addStart(packed, sums(t))
}

// rewrite returns module with what f makes of its data segments.
func rewrite(module []byte, f func([]segment) ([]segment, error)) ([]byte, error) {
	parts, err := readModule(module)
	if err != nil {
		return nil, err
	}
	for i, p := range parts {
		switch p.id {
		case sectionStart:
			return nil, errors.New("the program has a function that is run first, which the Go linker does not write: it is packed already")
		case sectionDataCount:
			return nil, errors.New("the data section is counted, which the Go linker does not do: its segments have to stay as they are")
		case sectionData:
			segments, err := readSegments(p.body)
			if err == nil {
				segments, err = f(segments)
			}
			if err != nil {
				return nil, fmt.Errorf("data section: %w", err)
			}
			parts[i].body = appendSegments(nil, segments)
		}
	}
	return appendModule(nil, parts), nil
}

// reader reads the numbers of the binary format. After an error, which it
// keeps, it reads zeros.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail(err error) {
	r.b = nil
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) byte() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.fail(io.ErrUnexpectedEOF)
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

// uint reads an unsigned LEB128 number, the varint of encoding/binary.
func (r *reader) uint() uint64 {
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.fail(io.ErrUnexpectedEOF)
		return 0
	}
	r.b = r.b[size:]
	return n
}

// int reads a signed LEB128 number of up to so many bits.
func (r *reader) int(bits int) int64 {
	var n int64
	for shift := 0; shift < bits; shift += 7 {
		c := r.byte()
		n |= int64(c&0x7f) << shift
		if c < 0x80 {
			if c&0x40 != 0 && shift < 57 {
				n |= -1 << (shift + 7)
			}
			return n
		}
	}
	r.fail(fmt.Errorf("a number of more than %d bits", bits))
	return 0
}

func appendInt(b []byte, n int64) []byte {
	for {
		c := byte(n & 0x7f)
		n >>= 7
		if n == 0 && c&0x40 == 0 || n == -1 && c&0x40 != 0 {
			return append(b, c)
		}
		b = append(b, c|0x80)
	}
}

// address reads an address: those beyond 2 GiB are negative numbers.
func (r *reader) address() uint32 { return uint32(r.int(32)) }

func appendAddress(b []byte, address uint32) []byte { return appendInt(b, int64(int32(address))) }
