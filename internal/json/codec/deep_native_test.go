//go:build !js

package codec

import (
	"fmt"
	"testing"
)

type node struct {
	Next *node
	List []any
	Map  map[string]any
}

// TestMarshalDeep writes what is deeper than the library's stack in a page.
func TestMarshalDeep(t *testing.T) {
	loop := &node{}
	loop.Next = loop
	ring := []any{nil}
	ring[0] = ring
	dict := map[string]any{}
	dict["a"] = &node{Map: dict}
	deep := any(1)
	for range 1200 {
		deep = []any{&deep, map[string]any{"a": deep}}[0]
	}
	tower := &node{}
	for range 3000 {
		tower = &node{Next: tower, List: []any{}, Map: map[string]any{}}
	}
	for i, v := range []any{loop, ring, dict, deep, tower} {
		t.Run(fmt.Sprint(i), func(t *testing.T) { compareMarshal(t, v) })
	}
}
