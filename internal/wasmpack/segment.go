//go:build !js

package main

import (
	"encoding/binary"
	"fmt"
)

// maxGap is how many bytes that no segment sets are filled with zeros to join
// the segments on either side. The linker leaves gaps of tens of bytes inside
// its tables, and gaps of many pages between them. Zeros compress to nothing,
// but a browser has to keep them until the program has started.
const maxGap = 1024

// segment is bytes that memory has at an address when the program starts.
type segment struct {
	at   uint32
	data []byte
}

// end returns the address behind s.
func (s segment) end() uint64 { return uint64(s.at) + uint64(len(s.data)) }

// join joins the segments that are less than maxGap apart. They are applied in
// order, so only what lies in order is joined; what no segment sets is zero.
func join(segments []segment) []segment {
	var out []segment
	for _, s := range segments {
		if len(out) > 0 {
			last := &out[len(out)-1]
			if gap := int64(s.at) - int64(last.end()); gap >= 0 && gap <= maxGap {
				last.data = append(append(last.data, make([]byte, gap)...), s.data...)
				continue
			}
		}
		out = append(out, segment{s.at, append([]byte(nil), s.data...)})
	}
	return out
}

// Opcodes of the constant expression that is a segment's address.
const (
	opI32Const = 0x41
	opEnd      = 0x0b
)

// readSegments reads the content of a data section, whose segments must all
// have a fixed address in the one memory, as the Go linker's have.
func readSegments(body []byte) ([]segment, error) {
	r := reader{b: body}
	var segments []segment
	for n := r.uint(); n > 0 && r.err == nil; n-- {
		if kind := r.uint(); kind != 0 {
			return nil, fmt.Errorf("segment %d is of kind %d, not one at a fixed address of memory 0", len(segments), kind)
		}
		if op := r.byte(); op != opI32Const && r.err == nil {
			return nil, fmt.Errorf("segment %d: its address is no constant", len(segments))
		}
		s := segment{at: r.address()}
		if op := r.byte(); op != opEnd && r.err == nil {
			return nil, fmt.Errorf("segment %d: its address is more than a constant", len(segments))
		}
		s.data = r.take(r.uint())
		segments = append(segments, s)
	}
	if r.err == nil && len(r.b) > 0 {
		return nil, fmt.Errorf("%d bytes behind the last segment", len(r.b))
	}
	return segments, r.err
}

// appendSegments appends the content of a data section.
func appendSegments(b []byte, segments []segment) []byte {
	b = binary.AppendUvarint(b, uint64(len(segments)))
	for _, s := range segments {
		b = append(b, 0, opI32Const)
		b = append(appendAddress(b, s.at), opEnd)
		b = binary.AppendUvarint(b, uint64(len(s.data)))
		b = append(b, s.data...)
	}
	return b
}
