package media

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUnchanged keeps what was agreed on, and lets what is new rest.
func TestUnchanged(t *testing.T) {
	const transport = "a=ice-ufrag:u\r\na=ice-pwd:p\r\na=fingerprint:sha-256 00\r\n"
	before := "v=0\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\n" + transport +
		"a=setup:actpass\r\na=mid:0\r\na=rtpmap:96 opus/48000/2\r\na=sendrecv\r\n"
	offer := testOffer + "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=ice-ufrag:ours\r\na=mid:3\r\na=rid:h send\r\na=rid:l send\r\n" +
		"a=simulcast:send h;l\r\na=sendonly\r\na=ssrc:1 cname:x\r\n"
	for ours, role := range map[string]string{"a=setup:active\r\n": "passive", "a=setup:passive\r\n": "active"} {
		agreed := strings.Replace(before, "actpass", role, 1)
		kept := transport + "a=setup:" + role + "\r\n"
		require.Equal(t, strings.Replace(agreed, "BUNDLE 0", "BUNDLE 0 1 2 3", 1)+
			"m=video 9 UDP/TLS/RTP/SAVPF 97 98\r\nc=IN IP4 0.0.0.0\r\n"+kept+"a=inactive\r\na=mid:1\r\n"+
			"a=rtpmap:97 VP8/90000\r\na=rtpmap:98 VP9/90000\r\n"+
			"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n"+kept+"a=mid:2\r\na=max-message-size:262144\r\n"+
			"m=video 9 UDP/TLS/RTP/SAVPF 97\r\nc=IN IP4 0.0.0.0\r\n"+kept+"a=inactive\r\na=mid:3\r\n"+
			"a=rid:h recv\r\na=rid:l recv\r\na=simulcast:recv h;l\r\n", unchanged(offer, before, ours, true))
		require.Equal(t, agreed, unchanged(before, before, ours, true), "nothing is new")
		bare := unchanged(offer, before, ours, false)
		require.Contains(t, bare, "m=video 9 UDP/TLS/RTP/SAVPF 0\r\n")
		require.Contains(t, bare, "webrtc-datachannel\r\n")
		require.NotContains(t, bare, "VP8")
	}
}
