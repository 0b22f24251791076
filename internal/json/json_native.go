//go:build !js

package json

import "encoding/json"

// Marshal is encoding/json's.
func Marshal(v any) ([]byte, error) { return json.Marshal(v) }

// Unmarshal is encoding/json's.
func Unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }

// Valid is encoding/json's.
func Valid(data []byte) bool { return json.Valid(data) }
