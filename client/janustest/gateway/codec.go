//go:build !js

package gateway

import (
	"strings"

	"github.com/pion/webrtc/v4"
)

// codecs are those the gateway forwards, in the order in which it prefers them.
// It knows no retransmission format: what is asked for again comes as it was.
func codecs() []webrtc.RTPCodecParameters {
	list := []webrtc.RTPCodecParameters{
		audioCodec(webrtc.MimeTypeOpus, 48000, 2, "minptime=10;useinbandfec=1"),
		audioCodec(webrtc.MimeTypePCMU, 8000, 0, ""),
		audioCodec(webrtc.MimeTypePCMA, 8000, 0, ""),
		audioCodec(webrtc.MimeTypeG722, 8000, 0, ""),
		videoCodec(webrtc.MimeTypeVP8, ""),
		videoCodec(webrtc.MimeTypeVP9, "profile-id=0"),
		videoCodec(webrtc.MimeTypeH264, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
		videoCodec(webrtc.MimeTypeAV1, "level-idx=5;profile=0;tier=0"),
	}
	for i := range list {
		list[i].PayloadType = webrtc.PayloadType(96 + i)
	}
	return list
}

func audioCodec(mime string, rate uint32, channels uint16, fmtp string) webrtc.RTPCodecParameters {
	var c webrtc.RTPCodecParameters
	c.MimeType, c.ClockRate, c.Channels, c.SDPFmtpLine = mime, rate, channels, fmtp
	return c
}

func videoCodec(mime, fmtp string) webrtc.RTPCodecParameters {
	c := audioCodec(mime, 90000, 0, fmtp)
	c.RTCPFeedback = []webrtc.RTCPFeedback{
		{Type: webrtc.TypeRTCPFBGoogREMB},
		{Type: webrtc.TypeRTCPFBCCM, Parameter: "fir"},
		{Type: webrtc.TypeRTCPFBNACK},
		{Type: webrtc.TypeRTCPFBNACK, Parameter: "pli"},
	}
	return c
}

// kindOf says whether a codec is one of sound or of pictures.
func kindOf(mime string) webrtc.RTPCodecType {
	if strings.HasPrefix(mime, "audio/") {
		return webrtc.RTPCodecTypeAudio
	}
	return webrtc.RTPCodecTypeVideo
}

// codecNamed finds a codec by the name Janus gives it, such as "vp8". Its
// payload type is that of the gateway's own offers.
func codecNamed(name string) (webrtc.RTPCodecParameters, bool) {
	for _, c := range codecs() {
		if strings.EqualFold(codecName(c.MimeType), name) {
			return c, true
		}
	}
	return webrtc.RTPCodecParameters{}, false
}

// codecName is what Janus calls a codec.
func codecName(mime string) string {
	_, name, _ := strings.Cut(mime, "/")
	return strings.ToLower(name)
}
