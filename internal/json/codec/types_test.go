package codec

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

// The types below have what a tag or a method can change, each in every place it
// may stand.

type everything struct {
	Bool    bool                   `json:"bool"`
	Int     int                    `json:"int"`
	Int8    int8                   `json:"int8,omitempty"`
	Int64   int64                  `json:"int64,string"`
	Uint    uint                   `json:"uint,omitzero"`
	Uint8   uint8                  `json:"uint8"`
	Uint64  uint64                 `json:"uint64,string,omitempty"`
	Float   float64                `json:"float"`
	Float32 float32                `json:"float32,string"`
	String  string                 `json:"string"`
	Quoted  string                 `json:"quoted,string"`
	Yes     bool                   `json:"yes,string"`
	Bytes   []byte                 `json:"bytes"`
	Array   [3]int16               `json:"array"`
	List    []string               `json:"list,omitempty"`
	Map     map[string]int         `json:"map,omitempty"`
	Ints    map[int8]string        `json:"ints"`
	Uints   map[uint16]any         `json:"uints"`
	Texts   map[bracketed]*float64 `json:"texts"`
	Any     any                    `json:"any"`
	Pointer *int                   `json:"pointer"`
	Deep    ***string              `json:"deep,omitempty"`
	Hidden  string                 `json:"-"`
	Dash    string                 `json:"-,"` //nolint:staticcheck // the one way to this name
	HTML    string                 `json:"<&>"`
	Wrong   int                    `json:"wr\"ong"` //nolint:staticcheck // is ignored
	Foreign int                    `json:"Größe"`
	Raw     json.RawMessage        `json:"raw"`
	RawPtr  *json.RawMessage       `json:"raw_ptr,omitzero"`
	Number  json.Number            `json:"number"`
	NumberS json.Number            `json:"number_s,string"`
	Time    time.Time              `json:"time,omitzero"`
	TimePtr *time.Time             `json:"time_ptr"`
	Next    *everything            `json:"next,omitempty"`
	Text    bracketed              `json:"text"`
	TextP   *bracketed             `json:"text_p,omitempty"`
	Value   byValue                `json:"value"`
	Addr    byAddr                 `json:"addr"`
	Addrs   []byAddr               `json:"addrs"`
	AddrMap map[string]byAddr      `json:"addr_map"`
	Bits    []bit                  `json:"bits"`
	Zero    zeroValue              `json:"zero,omitzero"`
	ZeroP   *zeroAddr              `json:"zero_p,omitzero"`
	ZeroA   zeroAddr               `json:"zero_a,omitzero"`
	ZeroI   zeroer                 `json:"zero_i,omitzero"`
	Kind    kindName               `json:"kind"`
	NoTag   int
	noField int
	embedded
	*Pointed
	Named `json:"named"`
	kindName
}

type kindName string

// bracketed reads and writes itself as text.
type bracketed struct{ s string }

func (u bracketed) MarshalText() ([]byte, error) {
	if u.s == "fail" {
		return nil, errors.New("no text")
	}
	return []byte("<" + u.s + ">"), nil
}

func (u *bracketed) UnmarshalText(b []byte) error {
	if string(b) == "FAIL" {
		return errors.New("no text")
	}
	u.s = strings.TrimSuffix(strings.TrimPrefix(string(b), "<"), ">")
	return nil
}

// byValue writes itself as JSON with white space and markup.
type byValue struct{ N int }

func (v byValue) MarshalJSON() ([]byte, error) {
	switch v.N {
	case 13:
		return nil, errors.New("no JSON")
	case 14:
		return []byte(`{"broken"`), nil
	}
	return []byte(` { "n" : [ ` + strconv.Itoa(v.N) + ` , "<\u2028 \" \\` + "\u2028" + `>" ] } `), nil
}

func (v *byValue) UnmarshalJSON(b []byte) error {
	if len(b) == 13 {
		return &json.UnmarshalTypeError{Value: "thirteen", Type: everythingType, Field: "n"}
	}
	v.N = len(b)
	return nil
}

// byAddr writes itself where its address can be had.
type byAddr struct{ N int }

func (a *byAddr) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt([]byte("-"), int64(a.N&7), 10), nil
}
func (a *byAddr) MarshalText() ([]byte, error) { return []byte("never"), nil }

// bit is a byte with a text of its own.
type bit uint8

func (b *bit) MarshalText() ([]byte, error) { return strconv.AppendUint(nil, uint64(*b), 2), nil }

type zeroValue struct{ N int }

func (z zeroValue) IsZero() bool { return z.N == 7 }

type zeroAddr struct{ N int }

func (z *zeroAddr) IsZero() bool { return z.N == 8 }

type embedded struct {
	A      int
	B      int `json:"b"`
	Hidden int
	Shadow string
	*deeper
}

type deeper struct {
	C      int
	Shadow int
	Tagged string `json:"A1"`
}

type Pointed struct {
	D    []any
	A1   int
	Same int
	Twin
}

type Named struct {
	E    int
	Same int
}

type Twin struct{ Both int }

// twins has a field at the same depth twice, which hides both, and one by way of
// two structs.
type twins struct {
	Left
	Right
	Only int
}

type Left struct {
	Twin
	Name string
	Win  string `json:"win"`
}

type Right struct {
	Twin
	Name string
	Win2 string `json:"Win"`
}

// recursive goes as deep as its text.
type recursive struct {
	R *recursive
	L []recursive
	M map[string]recursive
	E error
	S interface{ String() string }
}

// unreadable has what JSON has no notation for.
type unreadable struct {
	Chan   chan int                  `json:",omitempty"`
	Func   func()                    `json:"func,omitempty"`
	Bools  map[bool]string           `json:",omitempty"`
	Floats map[float64]int           `json:",omitempty"`
	Keys   map[*bracketed]int        `json:",omitempty"`
	Pairs  map[[2]int]int            `json:",omitempty"`
	Cplx   complex128                `json:",omitempty"`
	Iface  map[textKey]int           `json:",omitempty"`
	Nested []map[string][]*[]float32 `json:",omitempty"`
	Anon   struct{ X, x int }
}

type textKey interface{ MarshalText() ([]byte, error) }
