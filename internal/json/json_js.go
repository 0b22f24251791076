package json

import "github.com/bifrons-rtc/bifrons/internal/json/codec"

// Marshal returns the JSON text of v, as encoding/json does.
func Marshal(v any) ([]byte, error) { return codec.Marshal(v) }

// Unmarshal stores the value of a JSON text in what v points to, as encoding/json
// does.
func Unmarshal(data []byte, v any) error { return codec.Unmarshal(data, v) }

// Valid reports whether data is one JSON value.
func Valid(data []byte) bool { return codec.Valid(data) }
