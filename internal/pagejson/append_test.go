package pagejson_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/pagejson"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

func TestName(t *testing.T) {
	for name, want := range map[string]string{
		"MID": "mid", "StreamID": "streamId", "ICEServers": "iceServers", "URLs": "urls", "VideoCodec": "videoCodec",
		"RTT": "rtt", "NACK": "nack", "BytesSent": "bytesSent", "AudioID": "audioId", "JSEP": "jsep", "Err": "err", "PTS": "pts",
	} {
		require.Equal(t, want, pagejson.Name(name))
	}
}

func TestAppend(t *testing.T) {
	base := client.EventBase{Kind: "echotest.layer_changed", Session: 1, Handle: 2, Transaction: "t", Raw: json.RawMessage(`{"a":1}`)}
	started := time.UnixMilli(1700000000123)
	for name, test := range map[string]struct {
		v    any
		want string
	}{
		"nothing":   {nil, `null`},
		"an event":  {&echotest.LayerChanged{EventBase: base, VideoCodec: "vp8", Substream: new(2)}, `{"kind":"echotest.layer_changed","session":1,"handle":2,"transaction":"t","raw":{"a":1},"videoCodec":"vp8","substream":2}`},
		"ours":      {&client.Dropped{EventBase: client.EventBase{Kind: "dropped"}, Count: 3}, `{"kind":"dropped","session":0,"handle":0,"transaction":"","count":3}`},
		"a message": {&client.JSEP{Type: "offer", SDP: "v=0"}, `{"type":"offer","sdp":"v=0"}`},
		"a part":    {client.Response{Data: json.RawMessage(`[]`), JSEP: &client.JSEP{Type: "answer"}}, `{"data":[],"jsep":{"type":"answer","sdp":""},"async":false}`},
		"ids":       {[]client.ID{client.NumID(math.MaxUint64), client.StrID("a"), {}}, `[18446744073709551615,"a",null]`},
		"units":     {media.RecordStats{Duration: 1500 * time.Microsecond, Started: started}, `{"audioFrames":0,"videoFrames":0,"keyframes":0,"bytes":0,"duration":1.5,"started":1700000000123,"lost":0,"dropped":0}`},
		"no time":   {time.Time{}, `0`},
		"a kind":    {media.Codec{Kind: media.Video}, `{"mime":"","kind":"video","clockRate":0,"channels":0,"fmtp":""}`},
		"nil list":  {struct{ L []int }{}, `{"l":[]}`},
		"nil map":   {struct{ M map[string]int }{}, `{"m":{}}`},
		"a map":     {map[string]any{"a": true}, `{"a":true}`},
		"no number": {[]float64{math.NaN(), math.Inf(1), 0.5}, `[null,null,0.5]`},
		"text":      {"\x00\"é", `"\u0000\"é"`},
		"functions": {struct {
			F func()
			C chan int
			N int
		}{}, `{"n":0}`},
		"a thing": {struct{ T *media.Peer }{new(media.Peer)}, `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := string(pagejson.Append(nil, test.v, nil))
			require.JSONEq(t, test.want, got)
			require.Len(t, got, len(test.want))
		})
	}
}

func TestReplace(t *testing.T) {
	track := &media.Track{MID: "1"}
	replace := func(v any) (any, bool) {
		switch v := v.(type) {
		case error:
			return map[string]string{"message": v.Error()}, true
		case *media.Track:
			return struct{ Ref int }{7}, true
		}
		return nil, false
	}
	got := pagejson.Append([]byte("x"), &media.TrackAdded{Track: track}, replace)
	require.Equal(t, `x{"kind":"","session":0,"handle":0,"transaction":"","track":{"ref":7}}`, string(got))
	got = pagejson.Append(nil, &client.Interrupted{Err: errors.New("gone")}, replace)
	require.Equal(t, `{"kind":"","session":0,"handle":0,"transaction":"","err":{"message":"gone"}}`, string(got))
}
