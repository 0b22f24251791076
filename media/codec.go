package media

import "strings"

// Codecs by MIME type, as in the IANA registry of RTP payload formats. Files
// hold VP8 and Opus, a recording holds VP8, VP9 and Opus, samples may be any.
const (
	VP8  = "video/VP8"
	VP9  = "video/VP9"
	H264 = "video/H264"
	Opus = "audio/opus"
)

// Codec names an encoding. MIME is enough: the zero of every other field means
// what the MIME type says.
type Codec struct {
	MIME      string // e.g. [VP8]
	Kind      Kind
	ClockRate int    // of RTP timestamps, in Hz
	Channels  int    // audio only
	FMTP      string // format parameters, as in the SDP
}

// known holds what the MIME type alone says.
func known() []Codec {
	return []Codec{
		{MIME: Opus, Kind: Audio, ClockRate: 48000, Channels: 2, FMTP: "minptime=10;useinbandfec=1"},
		{MIME: VP8, Kind: Video, ClockRate: 90000},
		{MIME: VP9, Kind: Video, ClockRate: 90000, FMTP: "profile-id=0"},
		{MIME: H264, Kind: Video, ClockRate: 90000, FMTP: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"},
	}
}

// Name returns the codec's name without its kind, as in an rtpmap: "VP8".
func (c Codec) Name() string {
	_, name, found := strings.Cut(c.MIME, "/")
	if !found {
		return c.MIME
	}
	return name
}

// complete returns c with its zero fields filled in, and whether its MIME type
// is one this package can send.
func (c Codec) complete() (Codec, bool) {
	for _, k := range known() {
		if !strings.EqualFold(k.MIME, c.MIME) {
			continue
		}
		c.MIME, c.Kind, c.ClockRate = k.MIME, k.Kind, k.ClockRate
		if c.Channels == 0 {
			c.Channels = k.Channels
		}
		if c.FMTP == "" {
			c.FMTP = k.FMTP
		}
		return c, true
	}
	return c, false
}
