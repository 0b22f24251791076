package client

import (
	"bytes"
	"strconv"

	"github.com/bifrons-rtc/bifrons/internal/json"
)

// ID is the identifier of a room, a feed or a mountpoint: a number, or a
// string on gateways configured with string_ids. Numbers keep all 64 bits. IDs
// are comparable and may be map keys; the zero ID is none.
type ID struct {
	n    uint64
	s    string
	kind idKind
}

type idKind uint8

const (
	idNone idKind = iota
	idNumber
	idString
)

// NumID returns the ID with number n.
func NumID(n uint64) ID { return ID{n: n, kind: idNumber} }

// StrID returns the ID with string s.
func StrID(s string) ID { return ID{s: s, kind: idString} }

// ParseID returns the ID a person meant by s: a number where s is one, else a
// string. Use [StrID] for a gateway that has "1234" as a string.
func ParseID(s string) ID {
	if n, err := strconv.ParseUint(s, 10, 64); err == nil {
		return NumID(n)
	}
	return StrID(s)
}

// IsZero reports whether id is none; encoding/json leaves such an ID out where
// the field says omitzero.
func (id ID) IsZero() bool { return id.kind == idNone }

// Uint64 returns the number, and whether id is one.
func (id ID) Uint64() (uint64, bool) { return id.n, id.kind == idNumber }

// String returns the number in decimal or the string; "" for none.
func (id ID) String() string {
	if id.kind == idNumber {
		return strconv.FormatUint(id.n, 10)
	}
	return id.s
}

// MarshalJSON writes a number, a string, or null for none.
func (id ID) MarshalJSON() ([]byte, error) {
	switch id.kind {
	case idNumber:
		return strconv.AppendUint(nil, id.n, 10), nil
	case idString:
		return json.Marshal(id.s)
	default:
		return []byte("null"), nil
	}
}

// UnmarshalJSON reads a whole number from 0 to 2^64-1, a string, or null.
func (id *ID) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case string(data) == "null":
		*id = ID{}
		return nil
	case len(data) > 0 && data[0] == '"':
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*id = StrID(s)
		return nil
	}
	n, err := strconv.ParseUint(string(data), 10, 64)
	if err != nil {
		return &ProtocolError{Op: "id", Reason: "neither a string nor a whole number of 64 bits", Data: clip(data)}
	}
	*id = NumID(n)
	return nil
}

// clip returns a copy of the start of data, without secrets, for errors.
func clip(data []byte) []byte {
	const most = 256
	out := Redact(data[:min(len(data), most)])
	return out[:min(len(out), most)]
}
