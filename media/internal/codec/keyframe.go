package codec

import "strings"

// Names of the codecs of this package, as in an rtpmap.
const (
	VP8  = "VP8"
	VP9  = "VP9"
	H264 = "H264"
	Opus = "OPUS"
)

// Keyframe reports whether decoding can start at frame. Of a codec this package
// does not know every frame is one.
func Keyframe(name string, frame []byte) bool {
	switch strings.ToUpper(name) {
	case VP8:
		return VP8Keyframe(frame)
	case VP9:
		key, _, _, _ := VP9Keyframe(frame)
		return key
	case H264:
		return H264Keyframe(frame)
	default:
		return true
	}
}
