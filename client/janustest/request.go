package janustest

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/bifrons-rtc/bifrons/client"
)

// fields are the members of one JSON object. A map keeps names exact, where a
// struct would let "JANUS" through, and the last of equal names, as Janus does.
type fields map[string]json.RawMessage

// request is a client's message on its way through the gateway.
type request struct {
	fields
	verb            string  // lower case
	txn             *string // nil until it proved good: errors go without it then
	session, handle uint64  // zero for none
}

// str returns the string under key; false when there is none.
func (f fields) str(key string) (string, bool) {
	raw, ok := f[key]
	if !ok || kindOf(raw) != '"' {
		return "", false
	}
	var s string
	return s, json.Unmarshal(raw, &s) == nil
}

// id returns the id under key, zero when it is no integer. Janus keeps 64 bits
// and minds no sign.
func (f fields) id(key string) uint64 {
	n, err := strconv.ParseInt(string(f[key]), 10, 64)
	if err != nil {
		return 0
	}
	return uint64(n)
}

// kindOf tells JSON types apart: '"', '{', '[', 'n' for null, 't' and 'f', 'i'
// for integers, 'r' for other numbers, 0 for nothing.
func kindOf(raw json.RawMessage) byte {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return 0
	}
	switch c := raw[0]; {
	case c != '-' && (c < '0' || c > '9'):
		return c
	case bytes.ContainsAny(raw, ".eE"):
		return 'r'
	default:
		return 'i'
	}
}

// param is one field a request may have. Kind is as kindOf says, 'b' for
// true and false and '+' for an integer of zero or more.
type param struct {
	key      string
	kind     byte
	required bool
}

// words says how Janus names the kinds.
var words = map[byte]string{'"': "a string", 'b': "a boolean", '{': "an object", 'i': "an integer",
	'+': "a positive integer", '[': "an array"}

// check returns what is wrong with f, zero when nothing is.
func (f fields) check(params ...param) (client.Code, string) {
	for _, p := range params {
		raw, ok := f[p.key]
		if !ok {
			if p.required {
				return client.MissingElement, "missing mandatory element (" + p.key + ")"
			}
			continue
		}
		kind := kindOf(raw)
		switch {
		case kind == p.kind, p.kind == 'b' && (kind == 't' || kind == 'f'),
			p.kind == '+' && kind == 'i' && raw[0] != '-':
		default:
			return client.InvalidElementType, "invalid element type (" + p.key + " should be " + words[p.kind] + ")"
		}
	}
	return 0, ""
}
