package webm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"strings"
)

// value reads what is wanted of the plain elements, and passes over the rest.
func (d *Reader) value(e id, size int64) error {
	switch e {
	case idScale, idTimecode, idBlockDuration, idNumber, idType, idWidth, idHeight:
		v, err := d.uint(size)
		if err != nil {
			return err
		}
		return d.number(e, v)
	case idDuration:
		v, err := d.float(size)
		if err != nil {
			return err
		}
		d.raw = v
		return d.times()
	case idCodec:
		return d.codec(size)
	case idReference:
		if d.group != nil {
			d.group.Keyframe = false
		}
	}
	return d.discard(size)
}

func (d *Reader) number(e id, v uint64) error {
	switch e {
	case idScale:
		d.scale = v
		return d.times()
	case idTimecode:
		d.time = v
	case idBlockDuration:
		if d.group != nil {
			d.group.Duration, _ = d.duration(float64(v))
		}
	}
	if len(d.Tracks) == 0 {
		return nil
	}
	switch t := &d.Tracks[len(d.Tracks)-1]; e {
	case idNumber:
		d.numbers[len(d.numbers)-1] = v
	case idType:
		t.Video = v == typeVideo
	case idWidth:
		t.Width = int(v & math.MaxInt32)
	case idHeight:
		t.Height = int(v & math.MaxInt32)
	}
	return nil
}

// codec reads a codec id, such as "V_VP8".
func (d *Reader) codec(size int64) error {
	if size > maxString {
		return fmt.Errorf("%w: codec id of %d bytes", ErrCorrupt, size)
	}
	b := make([]byte, size)
	if err := d.full(b); err != nil {
		return err
	}
	if len(d.Tracks) > 0 {
		_, d.Tracks[len(d.Tracks)-1].Codec, _ = strings.Cut(strings.TrimRight(string(b), "\x00"), "_")
	}
	return nil
}

// times converts the duration, which may come before its unit.
func (d *Reader) times() error {
	v, ok := d.duration(d.raw)
	if !ok || v < 0 || d.scale == 0 {
		return fmt.Errorf("%w: duration", ErrCorrupt)
	}
	d.Duration = v
	return nil
}

// element reads an id and a size; io.EOF when there is none.
func (d *Reader) element() (e id, size int64, err error) {
	v, n, err := d.vint(false)
	if err != nil {
		return 0, 0, err
	}
	if n > 4 {
		return 0, 0, fmt.Errorf("%w: element id", ErrCorrupt)
	}
	e = id(v)
	v, n, err = d.vint(true)
	switch {
	case errors.Is(err, io.EOF):
		return 0, 0, io.ErrUnexpectedEOF
	case err != nil:
		return 0, 0, err
	case v == 1<<(7*n)-1:
		return e, unknown, nil
	case v > 1<<50:
		return 0, 0, fmt.Errorf("%w: element of %d bytes", ErrCorrupt, v)
	}
	return e, int64(v), nil
}

// vint reads a number of variable length, and its length; mask drops the marker.
func (d *Reader) vint(mask bool) (v uint64, n int, err error) {
	first, err := d.r.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	d.at++
	n = bits.LeadingZeros8(first) + 1
	if n > 8 {
		return 0, 0, fmt.Errorf("%w: number of more than 8 bytes", ErrCorrupt)
	}
	v = uint64(first)
	if mask {
		v &= 1<<(8-n) - 1
	}
	for range n - 1 {
		b, err := d.r.ReadByte()
		if err != nil {
			return 0, 0, io.ErrUnexpectedEOF
		}
		d.at++
		v = v<<8 | uint64(b)
	}
	return v, n, nil
}

func (d *Reader) uint(size int64) (v uint64, err error) {
	if size > 8 {
		return 0, fmt.Errorf("%w: number of %d bytes", ErrCorrupt, size)
	}
	var b [8]byte
	if err := d.full(b[8-size:]); err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(b[:]), nil
}

func (d *Reader) float(size int64) (float64, error) {
	v, err := d.uint(size)
	switch {
	case err != nil:
		return 0, err
	case size == 4:
		return float64(math.Float32frombits(uint32(v))), nil
	case size == 8:
		return math.Float64frombits(v), nil
	default:
		return 0, fmt.Errorf("%w: float of %d bytes", ErrCorrupt, size)
	}
}

func (d *Reader) full(b []byte) error {
	n, err := io.ReadFull(d.r, b)
	d.at += int64(n)
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (d *Reader) discard(n int64) error {
	m, err := io.CopyN(io.Discard, d.r, n)
	d.at += m
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// push opens an element of size bytes.
func (d *Reader) push(size int64) {
	end := int64(unknown)
	if size != unknown {
		end = d.at + size
	}
	d.open = append(d.open, end)
}

// deep reports whether elements are nested deeper than in any real file.
func (d *Reader) deep() bool { return len(d.open) > 8 }

// pop closes the elements that end here, and returns a block group's frame.
func (d *Reader) pop() (group *Frame) {
	for len(d.open) > 0 && d.at >= d.open[len(d.open)-1] {
		d.open = d.open[:len(d.open)-1]
		if d.group != nil {
			group, d.group = d.group, nil
			if group.Track < 0 {
				group = nil
				continue
			}
			return group
		}
	}
	return nil
}

// bounded reports whether an element that is open should have had more.
func (d *Reader) bounded() bool {
	for _, end := range d.open {
		if end != unknown {
			return true
		}
	}
	return false
}

func (d *Reader) fail(err error) error { return fmt.Errorf("byte %d: %w", d.at, err) }
