//go:build !js

package gateway

// vp8 says where the fields of a payload descriptor are (RFC 7741, section
// 4.2); -1 is nowhere.
type vp8 struct {
	key     bool // the packet begins a keyframe
	picture int  // one byte, or two if its highest bit is set
	tl0     int
	tid     int
}

// parseVP8 reads a descriptor; of one that is cut short it finds nothing.
func parseVP8(b []byte) vp8 {
	none := vp8{picture: -1, tl0: -1, tid: -1}
	d, n := none, 1
	if len(b) < 2 {
		return none
	}
	if b[0]&0x80 != 0 {
		x := b[1]
		n++
		if x&0x80 != 0 {
			d.picture = n
			if n >= len(b) {
				return none
			}
			n += 1 + int(b[n]>>7)
		}
		if x&0x40 != 0 {
			d.tl0 = n
			n++
		}
		if x&0x30 != 0 {
			if x&0x20 != 0 {
				d.tid = n
			}
			n++
		}
	}
	if n >= len(b) {
		return none
	}
	begins := b[0]&0x10 != 0 && b[0]&0x07 == 0
	d.key = begins && b[n]&1 == 0
	return d
}

// pictures numbers the pictures of changing streams as those of one.
type pictures struct {
	pictureBy uint16 // added to picture numbers
	tl0By     uint8
	picture   uint16 // the latest, as sent
	tl0       uint8
}

// rewrite changes the numbers in a payload. With fresh it begins another stream.
func (p *pictures) rewrite(b []byte, fresh bool) {
	d := parseVP8(b)
	if d.picture >= 0 {
		i, long := d.picture, b[d.picture]&0x80 != 0
		n := uint16(b[i] & 0x7f)
		if long {
			n = n<<8 | uint16(b[i+1])
		}
		if fresh {
			p.pictureBy = p.picture + 1 - n
		}
		p.picture = n + p.pictureBy
		if long {
			b[i], b[i+1] = 0x80|byte(p.picture>>8), byte(p.picture)
		} else {
			b[i] = byte(p.picture) & 0x7f
		}
	}
	if d.tl0 >= 0 {
		if fresh {
			p.tl0By = p.tl0 + 1 - b[d.tl0]
		}
		p.tl0 = b[d.tl0] + p.tl0By
		b[d.tl0] = p.tl0
	}
}
