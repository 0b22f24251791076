package codec

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

// compareMarshal writes v with both and compares.
func compareMarshal(t *testing.T, v any) {
	t.Helper()
	got, gotErr := Marshal(v)
	want, wantErr := json.Marshal(v)
	if text(gotErr) != text(wantErr) {
		t.Fatalf("%#v: error\n%s, want\n%s", v, text(gotErr), text(wantErr))
	}
	compareErrors(t, reflect.TypeOf(v), gotErr, wantErr)
	if string(got) != string(want) {
		t.Fatalf("%#v:\n%s, want\n%s", v, got, want)
	}
}

func full() *everything {
	n, f, s, yes := 5, 1.5, "deep", true
	p := &s
	q := &p
	raw := json.RawMessage(` { "a" : [ 1 , "<>" ] } `)
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	return &everything{
		Bool: yes, Int: -1, Int8: -128, Int64: math.MinInt64, Uint: 1, Uint8: 255, Uint64: math.MaxUint64, Float: 1e21, Float32: 1e-7,
		String: "<\u2028\u2029\x00\x1f\x7f\b\f\n\r\t\"\\/é\xff\U0001F600>", Quoted: "q\"<\n\xff", Bytes: []byte{}, Array: [3]int16{1, 2, 3},
		List: []string{"a", ""}, Map: map[string]int{"b": 1, "a": 2, "<": 3, "": 4}, Ints: map[int8]string{-1: "a", 10: "b", 9: "c"},
		Uints: map[uint16]any{1: nil, 2: []any{}, 10: map[string]any{}}, Texts: map[bracketed]*float64{{"x"}: &f, {"a"}: nil},
		Any: &n, Pointer: &n, Deep: &q, Hidden: "no", Dash: "d", HTML: "h", Wrong: 3, Foreign: 4, Raw: raw, RawPtr: &raw, Number: "1e5", NumberS: "",
		Time: at, TimePtr: &at, Next: &everything{Raw: json.RawMessage("1")}, Text: bracketed{"u"}, TextP: &bracketed{"p"}, Value: byValue{1}, Addr: byAddr{2},
		Addrs: []byAddr{{3}, {4}}, AddrMap: map[string]byAddr{"a": {5}}, Bits: []bit{1, 5}, Zero: zeroValue{7}, ZeroP: &zeroAddr{8}, ZeroA: zeroAddr{8},
		ZeroI: (*zeroAddr)(nil), Kind: "k", NoTag: 6, noField: 7, embedded: embedded{A: 1, B: 2, Shadow: "s", deeper: &deeper{C: 3, Shadow: 4, Tagged: "t"}},
		Pointed: &Pointed{D: []any{1, "a", nil, 1.5}, A1: 5, Same: 6, Twin: Twin{7}}, Named: Named{8, 9}, kindName: "kn",
	}
}

func TestMarshal(t *testing.T) {
	n := 1
	for i, v := range []any{
		nil, true, 1, "", "a", 1.0, float32(0.1), []int(nil), [0]int{}, map[string]int(nil), &n, (*recursive)(nil), struct{}{},
		full(), *full(), []everything{*full()}, map[string]*everything{"x": full()}, everything{}, &everything{Raw: json.RawMessage("x")},
		&everything{Value: byValue{13}}, &everything{Value: byValue{14}}, &everything{Text: bracketed{"fail"}}, &everything{Texts: map[bracketed]*float64{{"fail"}: nil}},
		&everything{Number: "x"}, &everything{NumberS: "-"}, &everything{NumberS: "1.5"}, json.Number("01"), json.Number(""), &everything{Float: math.NaN()}, &everything{Float32: float32(math.Inf(-1))},
		&everything{Zero: zeroValue{1}, ZeroP: &zeroAddr{1}, ZeroA: zeroAddr{1}, ZeroI: &zeroAddr{8}}, everything{ZeroA: zeroAddr{8}, ZeroI: zeroValue{7}}, everything{ZeroI: zeroValue{1}},
		twins{}, twins{Left: Left{Name: "a", Win: "w"}, Right: Right{Win2: "x"}, Only: 1}, recursive{E: errors.New("x"), L: []recursive{{}}},
		unreadable{}, unreadable{Chan: make(chan int)}, unreadable{Func: func() {}}, unreadable{Bools: map[bool]string{true: "x"}}, unreadable{Floats: map[float64]int{1: 1}},
		unreadable{Keys: map[*bracketed]int{nil: 1, {"b"}: 2}}, unreadable{Pairs: map[[2]int]int{{}: 1}}, unreadable{Cplx: 1i}, unreadable{Iface: map[textKey]int{bracketed{"a"}: 1, &bracketed{"b"}: 2}}, map[bool]int(nil),
		unreadable{Nested: []map[string][]*[]float32{{"a": {{1, 2}, nil}}, nil}},
		[]byte("hello"), []byte(nil), [3]byte{1, 2, 3}, []bit{1, 2}, []kindName{"a"}, bracketed{"x"}, &bracketed{"x"}, (*bracketed)(nil), byValue{2}, byAddr{3}, &byAddr{3}, (*byAddr)(nil), []byAddr{{1}}, [1]byAddr{{1}}, &[1]byAddr{{1}},
		map[string]any{"b": 1, "a": []any{nil, map[string]any{}}}, errors.New("x"), time.Second, time.Time{}, time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC), make(chan int), func() {}, 1i, json.RawMessage(nil), json.RawMessage(""), json.RawMessage("[1, 2]"), json.RawMessage("1 2"), json.RawMessage("\"\u2028<\""),
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) { compareMarshal(t, v) })
	}
}

func TestMarshalMany(t *testing.T) {
	for _, n := range []int{2, 3, 10, 100, 5000} {
		m := map[uint16]int{}
		for i := range n {
			m[uint16(i*40503)] = i
		}
		compareMarshal(t, m)
	}
}

func TestMarshalFloat(t *testing.T) {
	for _, s := range []float64{1, 10, 0.1, 1.5, 123456789, 5e-324, math.MaxFloat64, 1.0 / 3} {
		for e := -40; e < 40; e++ {
			f := s * math.Pow(10, float64(e))
			compareMarshal(t, []any{f, -f, float32(f)})
		}
	}
	compareMarshal(t, []float32{1e-6, 9.9999994e-7, 1.0000001e-6, 1e21, 1.0000001e21, 9.999999e20})
	compareMarshal(t, []float64{1e-6, 9.999999999999999e-7, 1e21, 9.999999999999999e20, math.Copysign(0, -1)})
}

// TestMarshalByte writes every byte in every neighbourhood.
func TestMarshalByte(t *testing.T) {
	for c := range 256 {
		s := string([]byte{byte(c)})
		for _, around := range []string{"", "a", "\xe2\x80", "\xff"} {
			compareMarshal(t, around+s+"\xa8")
			compareMarshal(t, map[string]string{s: around + s})
		}
	}
}

// FuzzMarshal writes what was read.
func FuzzMarshal(f *testing.F) {
	for _, s := range texts {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		compareMarshal(t, string(data))
		compareMarshal(t, json.RawMessage(data))
		compareMarshal(t, json.Number(data))
		compareMarshal(t, map[string]any{string(data): 1, "a": 2, strings.ToUpper(string(data)): kindName(data)})
		for _, target := range targets {
			v := target()
			if _ = json.Unmarshal(data, v); !selfPointing(v) {
				compareMarshal(t, v)
				compareMarshal(t, reflect.ValueOf(v).Elem().Interface())
			}
		}
	})
}
