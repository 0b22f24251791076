package longpoll

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		in   string
		want []string
		ok   bool
	}{
		{``, nil, true},
		{" \n", nil, true},
		{`{"a":1}`, []string{`{"a":1}`}, true},
		{"\n{ \"a\" : [1,2] }\n", []string{`{ "a" : [1,2] }`}, true},
		{`[]`, nil, true},
		{`[ ]`, nil, true},
		{`[{"a":1}]`, []string{`{"a":1}`}, true},
		{"[\n   {\"a\":1},\n   {\"b\":[{},{}]}\n]", []string{`{"a":1}`, `{"b":[{},{}]}`}, true},
		{`[{"a":"],[{"},{"b":"\"}],["}]`, []string{`{"a":"],[{"}`, `{"b":"\"}],["}`}, true},
		{`{"janus":`, []string{`{"janus":`}, true}, // not for us to judge
		{`[{"a":nonsense},{}]`, []string{`{"a":nonsense}`, `{}`}, true},
		{`[{"a":1},]`, nil, false},
		{`[,{"a":1}]`, nil, false},
		{`[1,2]`, nil, false},
		{`["a"]`, nil, false},
		{`[[{}]]`, nil, false},
		{`[{"a":1}`, nil, false},
		{`[{"a":1}]]`, nil, false},
		{`[{"a":1}] x`, nil, false},
		{`[}`, nil, false},
		{`[{"a":"`, nil, false},
		{`[{"a":"\`, nil, false},
		{`[`, nil, false},
		{`<html>`, nil, false},
		{`null`, nil, false},
	} {
		got, ok := split([]byte(test.in))
		require.Equal(t, test.ok, ok, test.in)
		var texts []string
		for _, m := range got {
			texts = append(texts, string(m))
		}
		if ok {
			require.Equal(t, test.want, texts, test.in)
		}
	}
}

func TestIsKeepalive(t *testing.T) {
	require.True(t, isKeepalive([]byte(`{"janus":"keepalive"}`)))
	require.True(t, isKeepalive([]byte("{\n   \"janus\": \"keepalive\"\n}")))
	require.False(t, isKeepalive([]byte(`{"janus":"event","x":"keepalive"}`)))
	require.False(t, isKeepalive([]byte(`{"x":{"janus":"keepalive"}}`)))
	require.False(t, isKeepalive([]byte(`{`)))
}

// FuzzPollAnswer compares split with encoding/json on what is JSON, and on the
// rest checks that every message is a piece of the answer, in order.
func FuzzPollAnswer(f *testing.F) {
	for _, s := range []string{``, `[]`, `{"a":1}`, `[{"a":1},{"b":"],{\""}]`, `[{"janus":"keepalive"}]`, `[{]}`, `["\`, `[{},1]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, ok := split(bytes.Clone(in))
		at := 0
		for _, m := range got {
			i := bytes.Index(in[at:], m)
			if i < 0 || len(m) == 0 || m[0] != '{' {
				t.Fatalf("%q is no message of %q", m, in)
			}
			at += i + len(m)
		}
		var want []json.RawMessage
		if json.Unmarshal(in, &want) != nil || want == nil {
			return
		}
		for _, w := range want {
			if w[0] != '{' {
				if ok {
					t.Fatalf("split took %q, in which %q is no object", in, w)
				}
				return
			}
		}
		if !ok || len(got) != len(want) {
			t.Fatalf("split(%q) = %q, %v; want %q", in, got, ok, want)
		}
		for i := range want {
			if !bytes.Equal(got[i], want[i]) {
				t.Fatalf("split(%q)[%d] = %q, want %q", in, i, got[i], want[i])
			}
		}
	})
}
