package jsonscan

import (
	"encoding/binary"
	"math/bits"
)

// skipNested moves over the object or array that starts at pos by counting
// brackets. Which kind closes which is for the decoder of the value to check.
//
// Every message spends most of its time here, and what a plain loop spends it
// on is mispredicted branches: strings are short and end anywhere. So eight
// bytes are looked at together, without a branch, as long as they hold no
// backslash and the value cannot end in them.
func (o *Object) skipNested() bool {
	data := o.data
	i := o.pos
	depth := 0
	inside := uint64(0) // all ones within a string
	for {
		for ; i+8 <= len(data); i += 8 {
			w := binary.LittleEndian.Uint64(data[i:])
			folded := w | each*0x20 // [ and ] become { and }
			closes := equal(folded, '}')
			if bits.OnesCount64(closes) >= depth || equal(w, '\\') != 0 {
				break
			}
			// The lowest bit of each byte says whether an odd number of quotes
			// stands up to there.
			odd := equal(w, '"') >> 7
			odd ^= odd << 8
			odd ^= odd << 16
			odd ^= odd << 32
			text := (odd << 7) ^ inside
			depth += bits.OnesCount64(equal(folded, '{')&^text) - bits.OnesCount64(closes&^text)
			if odd>>56 != 0 {
				inside = ^inside
			}
		}
		// Eight bytes one by one, or what is left.
		for end := min(i+8, len(data)); i < end; i++ {
			switch c := data[i]; {
			case c == '"':
				inside = ^inside
			case inside != 0:
				if c == '\\' {
					i++
				}
			case c == '{', c == '[':
				depth++
			case c == '}', c == ']':
				if depth--; depth == 0 {
					o.pos = i + 1
					return true
				}
			}
		}
		if i >= len(data) {
			return false
		}
	}
}

// each has the lowest bit of each byte set.
const each = 0x0101010101010101

// equal returns the highest bit of each byte of w that is c.
func equal(w uint64, c byte) uint64 {
	const low = each * 0x7f
	x := w ^ each*uint64(c)
	return ^((x&low + low) | x | low)
}
