package codec

// VP9Keyframe reports whether frame is a keyframe, and the size of its picture
// where the header holds it (VP9 bitstream specification §6.2). ok is false for
// what is no VP9 frame.
func VP9Keyframe(frame []byte) (key bool, width, height int, ok bool) {
	b := bits{data: frame}
	if b.take(2) != 2 { // frame_marker
		return false, 0, 0, false
	}
	profile := b.take(1) | b.take(1)<<1
	if profile == 3 {
		b.take(1)
	}
	if b.take(1) == 1 { // show_existing_frame
		return false, 0, 0, !b.short
	}
	key = b.take(1) == 0
	b.take(2) // show_frame, error_resilient_mode
	if !key || b.take(24) != 0x498342 {
		return false, 0, 0, !b.short && !key
	}
	if profile >= 2 {
		b.take(1) // ten_or_twelve_bit
	}
	if space := b.take(3); space != 7 {
		b.take(1) // color_range
		if profile&1 == 1 {
			b.take(3)
		}
	} else if profile&1 == 1 {
		b.take(1)
	}
	width, height = int(b.take(16))+1, int(b.take(16))+1
	if b.short {
		return false, 0, 0, false
	}
	return true, width, height, true
}

// bits reads from the most significant bit on.
type bits struct {
	data  []byte
	at    int
	short bool // more was asked for than there is
}

func (b *bits) take(n int) (v uint32) {
	for range n {
		i := b.at >> 3
		if i >= len(b.data) {
			b.short = true
			return 0
		}
		v = v<<1 | uint32(b.data[i]>>(7-b.at&7)&1)
		b.at++
	}
	return v
}
