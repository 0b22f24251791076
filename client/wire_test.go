package client

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

func TestID(t *testing.T) {
	for text, want := range map[string]ID{
		`0`: NumID(0), `18446744073709551615`: NumID(math.MaxUint64), `9007199254740993`: NumID(9007199254740993),
		`"abc"`: StrID("abc"), `"1"`: StrID("1"), `"\u00e9"`: StrID("é"), `null`: {},
	} {
		var id ID
		require.NoError(t, json.Unmarshal([]byte(text), &id))
		require.Equal(t, want, id)
		out, err := json.Marshal(id)
		require.NoError(t, err)
		require.JSONEq(t, text, string(out))
	}
	for _, bad := range []string{`-1`, `1.5`, `1e3`, `18446744073709551616`, `true`, `{}`, `[1]`} {
		var id ID
		require.Error(t, json.Unmarshal([]byte(bad), &id), bad)
	}
	require.NotEqual(t, NumID(1), StrID("1"))
	require.Equal(t, NumID(12), ParseID("12"))
	require.Equal(t, StrID("a12"), ParseID("a12"))
	require.Equal(t, "12", NumID(12).String())
	require.True(t, ID{}.IsZero())
	require.False(t, NumID(0).IsZero())
	rooms := map[ID]int{NumID(5): 1, StrID("5"): 2}
	require.Equal(t, 2, rooms[StrID("5")])
	out, err := json.Marshal(struct {
		Room ID `json:"room,omitzero"`
	}{})
	require.NoError(t, err)
	require.Equal(t, "{}", string(out))
}

func TestRedact(t *testing.T) {
	const in = `{"janus":"message", "token" : "CANARY", "apisecret":"CANARY\"x","body":{"pin":"CANARY","secret":"CANARY","room":1234,"note":"token"},` +
		`"jsep":{"type":"offer","sdp":"v=0\r\na=ice-ufrag:CANARY\r\na=ice-pwd:CANARY\r\na=mid:0\r\na=ice-pwd:CANARY"},"admin_secret":"CANARY`
	got := string(Redact([]byte(in)))
	require.NotContains(t, got, "CANARY")
	for _, kept := range []string{`"janus":"message"`, `"room":1234`, `"note":"token"`, `a=mid:0`, `\r\n`} {
		require.Contains(t, got, kept)
	}
	require.True(t, json.Valid(Redact([]byte(strings.TrimSuffix(in, `,"admin_secret":"CANARY`)+"}"))))

	for in, want := range map[string]string{
		`{"pin":1234,"x":-1.5e3}`:                       `{"pin":"***","x":-1.5e3}`,
		`{"allowed":["CANARY",["]CANARY"],2],"x":"[y"}`: `{"allowed":["***"],"x":"[y"}`,
		`{"allowed": ["CANARY","CAN`:                    `{"allowed": ["***"]`,
		`{"secret":true,"pin":null,"token":{"a":1}}`:    `{"secret":true,"pin":null,"token":{"a":1}}`,
		`{"token":[],"x":1}`:                            `{"token":["***"],"x":1}`,
		`{"token":`:                                     `{"token":`,
		`{"sdp":"a=ice-pwd:CANARY`:                      `{"sdp":"a=ice-pwd:***`,
		`{"a":"b"c","token":"CANARY","x":1}`:            `{"a":"b""***"`, // no JSON, and what is a key is not what it seems
		`{"token":"CAN"ARY"}`:                           `{"token":"***""***"`,
		`{a=ice-pwd:CANARY`:                             `{a"***"`,
		`oken":"CANARY","x":1}`:                         `"***"`,
		`<html>502 Bad Gateway</html>`:                  `<html>502 Bad Gateway</html>`,
		"\xff\x00{1}":                                   "\xff\x00{1}",
	} {
		require.Equal(t, want, string(Redact([]byte(in))), in)
	}
}

// An error shows no secret of the message it is about, wherever that ends, and
// neither does the trace of a message that nobody can read.
func TestProtocolErrorIsRedacted(t *testing.T) {
	const in = `{"janus":"event","token":"CANARY","pin":123456,"x":`
	for n := range len(in) + 1 {
		_, err := scanEnvelope([]byte(in[:n]))
		for _, err := range []error{err, &ProtocolError{Op: "x", Data: []byte(in[:n])}} {
			require.NotContains(t, err.Error(), "CAN")
			require.NotContains(t, err.Error(), "123")
		}
		var e *ProtocolError
		require.ErrorAs(t, err, &e)
		require.NotContains(t, string(e.Data), "CAN")
	}
	e := &ProtocolError{Data: clip([]byte(strings.Repeat(`{"pin":1,`, 100)))}
	require.Len(t, e.Data, 256)
}

func FuzzRedact(f *testing.F) {
	f.Add([]byte(`{"token":"CANARY","sdp":"a=ice-pwd:CANARY\r\n"}`))
	f.Add([]byte(`{"a":"\"","apisecret" : "x\\"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got := Redact(data)
		if json.Valid(data) && !json.Valid(got) {
			t.Fatalf("%q became %q", data, got)
		}
	})
}

func TestServerInfo(t *testing.T) {
	info, err := ParseServerInfo([]byte(`{"janus":"server_info","name":"Janus","version":1102,"session-timeout":60,"data_channels":"yes","new-field":{"x":1},"plugins":{"janus.plugin.echotest":{"name":"E","version":7}}}`))
	require.NoError(t, err)
	require.Equal(t, 1102, info.Version)
	require.Equal(t, 60, info.SessionTimeout)
	require.False(t, info.DataChannels, "a field of another type is left out")
	require.Equal(t, 7, info.Plugins["janus.plugin.echotest"].Version)
	require.Contains(t, string(info.Raw), "new-field")
	_, err = ParseServerInfo([]byte(`[`))
	var e *ProtocolError
	require.ErrorAs(t, err, &e)
}

// FuzzReceive feeds the read loop: whatever comes, it neither panics nor
// blocks, and an event can be read from what was queued.
func FuzzReceive(f *testing.F) {
	for _, s := range []string{
		`{"janus":"event","session_id":1,"sender":2,"transaction":"x","plugindata":{"plugin":"p","data":{"a":1}},"jsep":{"type":"offer","sdp":"v=0"}}`,
		`{"janus":"media","session_id":1,"sender":2,"mid":"0","type":"audio","receiving":true}`,
		`{"janus":"trickle","session_id":1,"sender":2,"candidate":{"completed":true}}`,
		`{"janus":"timeout","session_id":1}`, `{"janus":"detached","session_id":1,"sender":2}`,
		`{"janus":"error","error":{"code":454,"reason":"x"}}`, `{"janus":"ack","session_id":1}`,
		`{"janus":"success","transaction":"T","data":{"id":5}}`, `{"janus":"event","session_id":1,"sender":2,"transaction":"T","plugindata":{"data":{"error_code":1}}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		near, far := transport.Pipe()
		defer far.Close()
		c := newClient(&Options{KeepAlive: -1})
		l := &link{conn: near}
		c.link.Store(l)
		s := newSession(c)
		c.adopt(s, 1, l)
		h, err := s.Adopt(2, "p", nil)
		require.NoError(t, err)
		call, err := c.calls.begin(&request{op: "message", handle: 2, want: wantEvent}, l, 0)
		require.NoError(t, err)
		data = []byte(strings.ReplaceAll(string(data), "T", string(call.txn[:])))
		env, err := scanEnvelope(data)
		if err == nil && !c.answered(c.link.Load(), &env, data) {
			c.deliver(&env, data)
		}
		for _, st := range []*stream{&h.stream, &s.stream} {
			if st.queue.Len() > 0 {
				ev, err := st.next(t.Context())
				require.NoError(t, err)
				require.NotNil(t, ev.Base())
			}
		}
		if !c.calls.abandon(call) {
			<-call.done
			if call.kind == kindEvent || call.kind == kindSuccess {
				_, _ = parseResponse(call.kind, call.data)
			}
		}
	})
}

func FuzzID(f *testing.F) {
	f.Add([]byte(`18446744073709551615`))
	f.Add([]byte(`"a\"b"`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var id, again ID
		if json.Unmarshal(data, &id) != nil {
			return
		}
		out, err := json.Marshal(id)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(out, &again))
		require.Equal(t, id, again)
	})
}
