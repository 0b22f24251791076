package codec_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json/codec"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// candidate and participants are what there is most of and what is largest.
type candidate struct {
	Candidate     string `json:"candidate"`
	SDPMid        string `json:"sdpMid"`
	SDPMLineIndex int    `json:"sdpMLineIndex"`
}

func participants() []byte {
	list := make([]string, 500)
	for i := range list {
		list[i] = fmt.Sprintf(`{"id":%d,"display":"participant \u00e9 %d","publisher":%t,"talking":false,"unknown":{"a":[1,2,3]}}`, 1<<50+i, i, i%3 == 0)
	}
	return []byte("[" + strings.Join(list, ",") + "]")
}

func BenchmarkUnmarshal(b *testing.B) {
	trickle := []byte(`{"candidate":"candidate:1 1 udp 2013266431 192.0.2.1 46123 typ host","sdpMid":"0","sdpMLineIndex":0}`)
	for name, test := range map[string]struct {
		data   []byte
		target func() any
	}{
		"event":        {[]byte(joined), func() any { return new(videoroom.JoinReply) }},
		"candidate":    {trickle, func() any { return new(candidate) }},
		"participants": {participants(), func() any { return new([]videoroom.Participant) }},
		"any":          {participants(), func() any { return new(any) }},
	} {
		for codecName, unmarshal := range map[string]func([]byte, any) error{"codec": codec.Unmarshal, "library": json.Unmarshal} {
			b.Run(name+"/"+codecName, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(test.data)))
				for b.Loop() {
					if err := unmarshal(test.data, test.target()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkMarshal(b *testing.B) {
	var list []videoroom.Participant
	if err := json.Unmarshal(participants(), &list); err != nil {
		b.Fatal(err)
	}
	for name, v := range map[string]any{
		"jsep":         &client.JSEP{Type: "offer", SDP: strings.Repeat("a=rtpmap:96 VP8/90000\r\n", 100)},
		"map":          map[string]any{"request": "join", "room": 1234, "ptype": "publisher", "display": "someone"},
		"participants": list,
	} {
		for codecName, marshal := range map[string]func(any) ([]byte, error){"codec": codec.Marshal, "library": json.Marshal} {
			b.Run(name+"/"+codecName, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := marshal(v); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
