//go:build !js

package gateway

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const offerSDP = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2 d\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendrecv\r\na=msid:s t\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 100 96 97 106\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=sendonly\r\na=rtpmap:100 VP9/90000\r\na=fmtp:100 profile-id=2\r\n" +
	"a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:106 nack\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:106 H264/90000\r\n" +
	"a=fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\na=simulcast:send h;~m,x;l\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 98\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\na=recvonly\r\na=rtpmap:98 theora/90000\r\n" +
	"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:d\r\n"

func TestChoose(t *testing.T) {
	d, err := parseSDP(offerSDP)
	require.NoError(t, err)
	var asked []string
	lines := d.choose(func(l line) string {
		asked = append(asked, l.mid+" "+strings.Join(l.codecs, ","))
		if l.mid == "0" {
			return l.first("nothing", "PCMU")
		}
		return l.best()
	})
	require.Equal(t, []string{"0 opus,pcmu", "1 vp8,h264"}, asked)
	require.Len(t, lines, 4)
	require.Equal(t, "s t", lines[0].msid)
	require.Equal(t, uint8(0), uint8(lines[0].codec.PayloadType))
	require.True(t, lines[0].sends() && lines[0].receives())
	require.Equal(t, []string{"l", "m", "h"}, lines[1].rids, "the lowest first")
	require.True(t, lines[1].sends() && !lines[1].receives())
	require.True(t, lines[2].refused)
	require.True(t, lines[3].data)
	text, err := d.String()
	require.NoError(t, err)
	require.Contains(t, text, "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n")
	require.Contains(t, text, "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n")
	for _, gone := range []string{"opus", "H264", "rtx", "VP9", "rtcp-fb:106"} {
		require.NotContains(t, text, gone)
	}
	require.Contains(t, text, "a=rtcp-fb:96 nack pli\r\n")
	require.Contains(t, text, "m=video 0 UDP/TLS/RTP/SAVPF 98\r\n")

	text, err = refuse(offerSDP, map[string]bool{"2": true})
	require.NoError(t, err)
	require.Contains(t, text, "a=group:BUNDLE 0 1 d\r\n")
	require.Contains(t, text, "m=video 0 UDP/TLS/RTP/SAVPF 98\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\na=mid:2\r\n")
}

func TestTooManyLines(t *testing.T) {
	line := offerSDP[strings.Index(offerSDP, "m=application"):]
	_, err := parseSDP(offerSDP + strings.Repeat(line, maxLines))
	require.ErrorIs(t, err, errTooManyLines)
}

// What is no description is an error, and what is one stays one.
func FuzzSDP(f *testing.F) {
	f.Add(offerSDP)
	f.Add("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 0 a 0\r\na=simulcast:send \r\na=rtpmap:\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := parseSDP(text)
		if err != nil {
			return
		}
		d.lines()
		d.choose(line.best)
		out, err := d.String()
		if err != nil {
			return
		}
		_, _ = refuse(out, map[string]bool{"0": true})
	})
}
