package codec

// VP8Keyframe reports whether frame is a keyframe (RFC 6386 §9.1).
func VP8Keyframe(frame []byte) bool { return len(frame) > 0 && frame[0]&1 == 0 }

// VP8Size returns the size of the picture of a keyframe.
func VP8Size(frame []byte) (width, height int, ok bool) {
	if len(frame) < 10 || !VP8Keyframe(frame) || frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a {
		return 0, 0, false
	}
	width = (int(frame[6]) | int(frame[7])<<8) & 0x3fff
	height = (int(frame[8]) | int(frame[9])<<8) & 0x3fff
	return width, height, width > 0 && height > 0
}

// VP8Descriptor is what is needed of the payload descriptor (RFC 7741 §4.2).
type VP8Descriptor struct {
	Start bool // of a frame
}

// VP8Payload splits an RTP payload into its descriptor and the rest.
func VP8Payload(p []byte) (d VP8Descriptor, rest []byte, ok bool) {
	if len(p) < 1 {
		return d, nil, false
	}
	d.Start = p[0]&0x10 != 0 && p[0]&0x07 == 0
	n := 1
	if p[0]&0x80 != 0 {
		if len(p) < 2 {
			return d, nil, false
		}
		ext := p[1]
		n = 2
		if ext&0x80 != 0 { // PictureID, one byte or two
			if len(p) <= n {
				return d, nil, false
			}
			if p[n]&0x80 != 0 {
				n++
			}
			n++
		}
		if ext&0x40 != 0 { // TL0PICIDX
			n++
		}
		if ext&0x30 != 0 { // TID, KEYIDX
			n++
		}
	}
	if len(p) <= n {
		return d, nil, false
	}
	return d, p[n:], true
}

// VP8Header is the size of the descriptor AppendVP8Header writes.
const VP8Header = 4

// AppendVP8Header appends a descriptor with a 15-bit PictureID.
func AppendVP8Header(b []byte, start bool, picture uint16) []byte {
	first := byte(0x80)
	if start {
		first |= 0x10
	}
	return append(b, first, 0x80, 0x80|byte(picture>>8), byte(picture))
}
