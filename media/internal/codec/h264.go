package codec

import "bytes"

// H264Keyframe reports whether an access unit in Annex B format holds an IDR
// picture or the parameters one needs (H.264 table 7-1).
func H264Keyframe(unit []byte) bool {
	for {
		i := bytes.Index(unit, []byte{0, 0, 1})
		if i < 0 || i+3 >= len(unit) {
			return false
		}
		if t := unit[i+3] & 0x1f; t == 5 || t == 7 {
			return true
		}
		unit = unit[i+3:]
	}
}
