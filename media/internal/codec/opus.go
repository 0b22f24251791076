// Package codec knows of each codec what has to be known without decoding:
// where decoding can start, how long a packet lasts, how large a picture is.
package codec

// OpusDuration returns the length of an Opus packet in samples at 48 kHz, and 0
// for what is none (RFC 6716 §3.1, §3.2.5: at most 120 ms).
func OpusDuration(p []byte) int {
	if len(p) == 0 {
		return 0
	}
	n := opusFrame(p[0] >> 3)
	switch p[0] & 3 {
	case 0:
	case 1, 2:
		n *= 2
	case 3:
		if len(p) < 2 {
			return 0
		}
		n *= int(p[1] & 0x3f)
	}
	if n > 5760 {
		return 0
	}
	return n
}

// opusFrame returns the samples of a frame by its configuration (RFC 6716
// table 2).
func opusFrame(config byte) int {
	switch {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		return [4]int{480, 960, 1920, 2880}[config&3]
	case config < 16: // hybrid: 10, 20 ms
		return [2]int{480, 960}[config&1]
	default: // CELT: 2.5, 5, 10, 20 ms
		return 120 << (config & 3)
	}
}
