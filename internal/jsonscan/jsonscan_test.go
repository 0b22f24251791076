package jsonscan

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestMembers(t *testing.T) {
	o := Open([]byte(` { "janus" : "event", "n":18446744073709551615,"o":{"a":[1,"}"]} , "\u0065sc":"q\"\\", "t":true}` + "\n"))
	var got []string
	for o.Next() {
		got = append(got, string(o.Key)+"="+string(o.Value()))
	}
	require.NoError(t, o.Err())
	require.Equal(t, []string{`janus="event"`, `n=18446744073709551615`, `o={"a":[1,"}"]}`, `esc="q\"\\"`, `t=true`}, got)
	require.False(t, o.Next())
}

func TestSyntax(t *testing.T) {
	for _, bad := range []string{"", "[]", "{", `{"a"`, `{"a":`, `{"a":1`, `{"a":}`, `{"a":1 "b":2}`, `{,}`, `{"a":"x`, `{"a":"x\"}`, `{} {}`, `{"a":[1}`, `nul`} {
		o := Open([]byte(bad))
		for o.Next() {
		}
		if bad == `{"a":[1}` { // brackets are counted, not matched
			continue
		}
		require.ErrorIs(t, o.Err(), ErrSyntax, bad)
	}
}

func TestUint(t *testing.T) {
	for s, want := range map[string]uint64{"0": 0, "18446744073709551615": 1<<64 - 1, "9007199254740993": 9007199254740993} {
		n, ok := Uint([]byte(s))
		require.True(t, ok, s)
		require.Equal(t, want, n)
	}
	for _, s := range []string{"", "-1", "1.0", "1e3", "18446744073709551616", "99999999999999999999", `"1"`, "null"} {
		_, ok := Uint([]byte(s))
		require.False(t, ok, s)
	}
}

func TestString(t *testing.T) {
	s, ok := String([]byte(`"a\u0041\n"`))
	require.True(t, ok)
	require.Equal(t, "aA\n", string(s))
	_, ok = String([]byte(`12`))
	require.False(t, ok)
}

func TestNoAllocation(t *testing.T) {
	data := []byte(`{"janus":"event","session_id":1,"transaction":"abc","sender":2,"plugindata":{"plugin":"p","data":{"x":[1,2,3]}}}`)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		o := Open(data)
		for o.Next() {
		}
	}))
}

// FuzzObject checks that whatever encoding/json takes is walked the same way.
func FuzzObject(f *testing.F) {
	f.Add([]byte(`{"janus":"ack","session_id":1,"transaction":"x"}`))
	f.Add([]byte(`{"janus":"event","plugindata":{"data":{"list":[{"a":"}\\\""}]}},"jsep":{"sdp":"v=0\r\n"}}`))
	f.Add([]byte(`{"a":1,"a":[[],{}],"\u0061":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Open(data)
		got := map[string]string{}
		for o.Next() {
			got[string(o.Key)] = string(o.Value())
		}
		var want map[string]json.RawMessage
		if json.Unmarshal(data, &want) != nil || want == nil {
			return
		}
		if o.Err() != nil {
			t.Fatalf("refused %q", data)
		}
		if strings.ContainsRune(string(data), '\uFFFD') || !bytes.Equal(bytes.ToValidUTF8(data, nil), data) {
			return // encoding/json mends broken UTF-8 in keys
		}
		if len(got) != len(want) {
			t.Fatalf("%q: %d members, want %d", data, len(got), len(want))
		}
		for k, v := range want {
			if got[k] != string(v) {
				t.Fatalf("%q: member %q is %q, want %q", data, k, got[k], v)
			}
		}
	})
}

func BenchmarkEvent(b *testing.B) {
	data := []byte(`{"janus":"event","session_id":1234567890,"sender":2345678901,"plugindata":{"plugin":"janus.plugin.videoroom","data":{"videoroom":"event","room":1234,"publishers":[{"id":1,"display":"someone","streams":[{"type":"audio","mindex":0,"mid":"0","codec":"opus"}]}]}}}`)
	b.ReportAllocs()
	for b.Loop() {
		o := Open(data)
		for o.Next() {
		}
	}
}

func TestInside(t *testing.T) {
	o := Open([]byte(`{"a":{"x":1,"y":{"z":[]}} ,"b":[1],"c":{},"d":{"e":2,"f":3},"g":{"h":1}}`))
	var got []string
	for o.Next() {
		in := o.Inside()
		for in.Next() {
			got = append(got, string(o.Key)+"."+string(in.Key)+"="+string(in.Value()))
			if string(in.Key) == "e" {
				break // Leave finds the end by itself
			}
		}
		got = append(got, string(o.Leave(&in)))
	}
	require.NoError(t, o.Err())
	require.Equal(t, []string{
		"a.x=1", `a.y={"z":[]}`, `{"x":1,"y":{"z":[]}}`, "[1]", "{}", "d.e=2", `{"e":2,"f":3}`, "g.h=1", `{"h":1}`,
	}, got)
	o = Open([]byte(`{"a":{"x":1`))
	for o.Next() {
		in := o.Inside()
		for in.Next() {
		}
		require.Nil(t, o.Leave(&in))
	}
	require.ErrorIs(t, o.Err(), ErrSyntax)
}
