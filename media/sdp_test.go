package media

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const testOffer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=rtpmap:96 opus/48000/2\r\na=sendrecv\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 97 98\r\na=mid:1\r\na=rtpmap:97 VP8/90000\r\na=rtpmap:98 VP9/90000\r\n" +
	"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\na=max-message-size:262144\r\n"

func TestSections(t *testing.T) {
	require.Equal(t, []section{
		{kind: "audio", mid: "0", port: 9, codecs: []string{"opus"}, maxMessage: -1},
		{kind: "video", mid: "1", port: 9, codecs: []string{"VP8", "VP9"}, maxMessage: -1},
		{kind: "application", mid: "2", port: 9, maxMessage: 262144},
	}, sections(testOffer))
	require.Empty(t, sections(""))
	require.Len(t, sections(strings.Repeat("m=\n", 10_000)), maxSections)
}

func TestMaxMessageSize(t *testing.T) {
	require.Equal(t, 262144, maxMessageSize(testOffer))
	require.Equal(t, 65536, maxMessageSize(strings.Replace(testOffer, "a=max", "a=x", 1)))
	require.Equal(t, 65536, maxMessageSize(strings.Replace(testOffer, "262144", "-5", 1)))
	require.Equal(t, 0, maxMessageSize(strings.Replace(testOffer, "262144", "0", 1)))
}

func TestRefused(t *testing.T) {
	change := func(old, with string) string { return strings.Replace(testOffer, old, with, 1) }
	require.NoError(t, refused(testOffer, testOffer))
	require.NoError(t, refused(testOffer, change("a=rtpmap:98 VP9/90000\r\n", "")))
	require.NoError(t, refused(testOffer, change("opus", "OPUS")))
	require.NoError(t, refused(change("m=audio 9", "m=audio 0"), change("m=audio 9", "m=audio 0")), "it was not wanted")
	require.NoError(t, refused(testOffer, ""), "what is no answer is for others to tell")

	var e *CodecError
	require.ErrorAs(t, refused(testOffer, change("m=video 9", "m=video 0")), &e)
	require.Equal(t, "video", e.Kind.String())
	require.Equal(t, "1", e.MID)
	require.Equal(t, "VP8, VP9", e.Codec)
	require.ErrorAs(t, refused(testOffer, change("a=rtpmap:96 opus/48000/2\r\n", "")), &e)
	require.Equal(t, Audio, e.Kind)
	require.ErrorAs(t, refused(testOffer, change("m=application 9", "m=application 0")), &e)
	require.Zero(t, e.Kind)
	err := refused(testOffer, strings.ReplaceAll(testOffer, " 9 ", " 0 "))
	require.Len(t, strings.Split(err.Error(), "\n"), 3)
}

func FuzzSections(f *testing.F) {
	f.Add(testOffer, testOffer)
	f.Add("m=audio 0/2 x", "a=mid:\nm=\r\n")
	f.Fuzz(func(t *testing.T, offer, answer string) {
		for _, s := range sections(offer) {
			require.GreaterOrEqual(t, s.maxMessage, -1)
		}
		_ = refused(offer, answer)
		_ = unchanged(offer, answer, offer, len(offer)%2 == 0)
		require.GreaterOrEqual(t, maxMessageSize(offer), 0)
	})
}
