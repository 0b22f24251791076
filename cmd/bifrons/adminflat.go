//go:build !js

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// field is a value in a JSON document.
type field struct {
	path  string // names with dots between them
	value string // a string as it is, everything else as JSON
}

// flatten lists the values of a document, sorted by path. Lists are one value,
// because their places mean nothing.
func flatten(raw json.RawMessage) []field {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // ids have 64 bits
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return appendFields(nil, "", v)
}

func appendFields(list []field, path string, v any) []field {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			at := name
			if path != "" {
				at = path + "." + name
			}
			list = appendFields(list, at, v[name])
		}
		return list
	case string:
		return append(list, field{path, v})
	case nil:
		return append(list, field{path, "null"})
	case []any:
		b, err := json.Marshal(v)
		if err != nil {
			return list
		}
		return append(list, field{path, string(b)})
	default:
		return append(list, field{path, fmt.Sprint(v)})
	}
}
