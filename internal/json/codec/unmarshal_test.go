package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var everythingType = reflect.TypeFor[everything]()

// targets are what every text is read into.
var targets = []func() any{
	func() any { return new(any) },
	func() any { return new(everything) },
	func() any { return filled() },
	func() any { return new(map[string]everything) },
	func() any { return new([]everything) },
	func() any { return new(twins) },
	func() any { return new(recursive) },
	func() any { return new(unreadable) },
	func() any { return new(json.RawMessage) },
	func() any { return new(map[string]json.RawMessage) },
	func() any { return new(map[bracketed][]byte) },
	func() any { return new(map[int8]float32) },
	func() any { return new(map[uint]*bool) },
	func() any { return new([2]any) },
	func() any { return &[]any{1, new(int), map[string]any{"a": 1}, new(any), nil} },
	func() any { return new(string) },
	func() any { return new(float32) },
	func() any { return new(float64) },
	func() any { return new(int8) },
	func() any { return new(uint64) },
	func() any { return new(***bool) },
	func() any { return new(json.Number) },
	func() any { return new([]byte) },
	func() any { return new(bracketed) },
	func() any { return new(byValue) },
	func() any { var v any; v = &v; return v },
	func() any { v := any(new(everything)); return &v },
	func() any { return new(error) },
}

// filled returns a value that something is in already.
func filled() *everything {
	n, s := 5, "old"
	p := &s
	return &everything{
		Pointer: &n, Deep: func() ***string { q := &p; return &q }(), Any: &n, List: []string{"a", "b", "c"}[:1], Array: [3]int16{1, 2, 3},
		Map: map[string]int{"x": 1}, Next: &everything{Int: 3}, Bytes: []byte("old"), Addrs: []byAddr{{1}, {2}}[:1], Pointed: &Pointed{A1: 4},
		ZeroI: &zeroAddr{1},
	}
}

// compareUnmarshal reads data with both and compares.
func compareUnmarshal(t *testing.T, data []byte) {
	t.Helper()
	if got, want := Valid(data), json.Valid(data); got != want {
		t.Fatalf("%q: valid %t, want %t", data, got, want)
	}
	for _, target := range targets {
		got, want := target(), target()
		gotErr, wantErr := Unmarshal(data, got), json.Unmarshal(data, want)
		if text(gotErr) != text(wantErr) {
			t.Fatalf("%q into %T: error\n%s, want\n%s", data, got, text(gotErr), text(wantErr))
		}
		compareErrors(t, data, gotErr, wantErr)
		if !selfPointing(got) && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q into %T:\n%#v, want\n%#v", data, got, reflect.ValueOf(got).Elem(), reflect.ValueOf(want).Elem())
		}
	}
}

func selfPointing(v any) bool {
	p, ok := v.(*any)
	return ok && *p == v
}

// compareErrors compares what is in errors but for their text.
func compareErrors(t *testing.T, data any, got, want error) {
	t.Helper()
	if w, ok := errors.AsType[*json.SyntaxError](want); ok && w.Offset > 0 { // of what MarshalJSON returned it counts nothing
		if g, ok := errors.AsType[*json.SyntaxError](got); !ok || g.Offset != w.Offset {
			t.Fatalf("%q: got %#v, want %#v", data, g, w)
		}
	}
	if w, ok := errors.AsType[*json.UnmarshalTypeError](want); ok {
		if g, ok := got.(*json.UnmarshalTypeError); !ok || *g != *w { //nolint:errorlint // it is returned bare
			t.Fatalf("%q: got %#v, want %#v", data, g, w)
		}
	}
	if w, ok := errors.AsType[*json.MarshalerError](want); ok {
		if g, ok := errors.AsType[*json.MarshalerError](got); !ok || g.Type != w.Type {
			t.Fatalf("%q: got %#v, want %#v", data, g, w)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestUnmarshal(t *testing.T) {
	for i, s := range texts {
		t.Run(fmt.Sprint(i), func(t *testing.T) { compareUnmarshal(t, []byte(s)) })
	}
}

func TestUnmarshalCut(t *testing.T) {
	for _, s := range texts {
		for i := range s {
			if got, want := text(check([]byte(s[:i]))), text(json.Unmarshal([]byte(s[:i]), new(json.RawMessage))); got != want {
				t.Fatalf("%q: %s, want %s", s[:i], got, want)
			}
		}
	}
}

// TestUnmarshalByte puts every byte in every place of a text.
func TestUnmarshalByte(t *testing.T) {
	for _, s := range []string{`{"a":[1.5e+3,-0,true,false,null,"x\u00e9\n"],"b":{}}`, ` [ ] `, `"\\"`, `-1E-2 `} {
		for i := range s {
			for c := range 256 {
				data := []byte(s)
				data[i] = byte(c)
				if got, want := text(check(data)), text(json.Unmarshal(data, new(json.RawMessage))); got != want {
					t.Fatalf("%q: %s, want %s", data, got, want)
				}
			}
		}
	}
}

// nested returns what opens and closes n brackets.
func nested(n int, open, end string) []byte {
	return []byte(strings.Repeat(open, n) + "1" + strings.Repeat(end, n))
}

func TestUnmarshalDepth(t *testing.T) {
	compareUnmarshal(t, nested(200, `{"R":`, "}"))
	compareUnmarshal(t, nested(200, `[`, "]"))
	for _, n := range []int{maxNested, maxNested + 1, 9999, 10000, 10001} {
		list, object, typed := nested(n, "[", "]"), nested(n, `{"a":`, "}"), bytes.Replace(nested(n, "[", "]"), []byte("1"), nil, 1)
		for _, data := range [][]byte{list, object} {
			require.Equal(t, json.Valid(data), Valid(data))
			require.Equal(t, n <= maxDepth, Unmarshal(data, new(json.RawMessage)) == nil)
			require.Equal(t, n <= maxNested, Unmarshal(data, new(any)) == nil)
		}
		err := Unmarshal(typed, new(recursiveList))
		require.Equal(t, n <= maxNested, err == nil)
		if err != nil {
			require.ErrorContains(t, err, "exceeded max depth")
		}
		require.Error(t, Unmarshal(nested(n, `{"R":`, "}"), new(recursive)))
	}
}

type recursiveList []recursiveList

func TestUnmarshalTarget(t *testing.T) {
	for _, v := range []any{nil, 1, "a", (*int)(nil), everything{}} {
		for _, s := range []string{`1`, `x`} {
			if got, want := text(Unmarshal([]byte(s), v)), text(json.Unmarshal([]byte(s), v)); got != want {
				t.Fatalf("%s into %T: %s, want %s", s, v, got, want)
			}
		}
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, s := range texts {
		f.Add([]byte(s))
	}
	f.Fuzz(compareUnmarshal)
}
