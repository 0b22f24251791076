// Package ivf reads IVF, the container of bare VP8, VP9 and AV1 frames. It
// trusts nothing it reads: memory is bounded and no input makes it panic.
//
// https://wiki.multimedia.cx/index.php/Duck_IVF
package ivf

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"time"
)

// Errors of a file that is not what it should be. A file that ends too early
// gives io.ErrUnexpectedEOF.
var (
	ErrFormat  = errors.New("not an IVF file")
	ErrCorrupt = errors.New("corrupt IVF file")
)

// Magic is how a file begins.
const Magic = "DKIF"

const (
	headerSize  = 32
	maxHeader   = 1 << 10
	frameHeader = 12
	maxFrame    = 8 << 20
	maxGap      = 24 * time.Hour // between frames; more is a broken timestamp
)

// Header describes the file. A frame's time is its timestamp times Scale/Rate
// seconds.
type Header struct {
	FourCC        string // "VP80", "VP90", "AV01", …
	Width, Height int
	Rate, Scale   uint32
	Frames        uint32 // zero when the writer did not know
}

// Frame is one encoded picture.
type Frame struct {
	Data []byte // valid until the next call of Next
	PTS  time.Duration
}

// Reader reads one file from its beginning to its end.
type Reader struct {
	r      *bufio.Reader
	header Header
	count  int
	last   time.Duration
	buf    []byte
}

// NewReader reads the header.
func NewReader(r io.Reader) (*Reader, error) {
	br := bufio.NewReaderSize(r, 32<<10)
	var h [headerSize]byte
	if _, err := io.ReadFull(br, h[:]); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("header: %w", err)
	}
	size := int(binary.LittleEndian.Uint16(h[6:]))
	switch {
	case string(h[:4]) != Magic:
		return nil, ErrFormat
	case size < headerSize || size > maxHeader:
		return nil, fmt.Errorf("%w: header of %d bytes", ErrCorrupt, size)
	}
	if _, err := br.Discard(size - headerSize); err != nil {
		return nil, fmt.Errorf("header: %w", io.ErrUnexpectedEOF)
	}
	head := Header{
		FourCC: string(h[8:12]),
		Width:  int(binary.LittleEndian.Uint16(h[12:])),
		Height: int(binary.LittleEndian.Uint16(h[14:])),
		Rate:   binary.LittleEndian.Uint32(h[16:]),
		Scale:  binary.LittleEndian.Uint32(h[20:]),
		Frames: binary.LittleEndian.Uint32(h[24:]),
	}
	if head.Rate == 0 || head.Scale == 0 {
		return nil, fmt.Errorf("%w: timebase %d/%d", ErrCorrupt, head.Scale, head.Rate)
	}
	return &Reader{r: br, header: head}, nil
}

// Header returns the header.
func (r *Reader) Header() Header { return r.header }

// Next returns the next frame; io.EOF after the last.
func (r *Reader) Next() (Frame, error) {
	var h [frameHeader]byte
	if _, err := io.ReadFull(r.r, h[:]); err != nil {
		if errors.Is(err, io.EOF) {
			return Frame{}, io.EOF
		}
		return Frame{}, r.fail(err)
	}
	size := binary.LittleEndian.Uint32(h[:])
	if size > maxFrame {
		return Frame{}, r.fail(fmt.Errorf("%w: frame of %d bytes", ErrCorrupt, size))
	}
	pts, ok := r.time(binary.LittleEndian.Uint64(h[4:]))
	if !ok || pts < r.last || pts-r.last > maxGap {
		return Frame{}, r.fail(fmt.Errorf("%w: timestamp out of order", ErrCorrupt))
	}
	if err := r.fill(int(size)); err != nil {
		return Frame{}, r.fail(err)
	}
	r.count++
	r.last = pts
	return Frame{Data: r.buf, PTS: pts}, nil
}

// fill reads n bytes into buf. It grows with what is really there, so that a
// size alone costs no memory.
func (r *Reader) fill(n int) error {
	const step = 256 << 10
	r.buf = r.buf[:0]
	for len(r.buf) < n {
		have := len(r.buf)
		want := min(n-have, max(step, cap(r.buf)-have))
		if cap(r.buf) < have+want {
			r.buf = append(r.buf, make([]byte, want)...)
		} else {
			r.buf = r.buf[:have+want]
		}
		if _, err := io.ReadFull(r.r, r.buf[have:]); err != nil {
			return io.ErrUnexpectedEOF
		}
	}
	return nil
}

func (r *Reader) fail(err error) error { return fmt.Errorf("frame %d: %w", r.count+1, err) }

// time converts a timestamp, if it fits a Duration.
func (r *Reader) time(ts uint64) (time.Duration, bool) {
	hi, lo := bits.Mul64(ts, uint64(r.header.Scale))
	if hi != 0 {
		return 0, false
	}
	hi, lo = bits.Mul64(lo, uint64(time.Second))
	if hi >= uint64(r.header.Rate) {
		return 0, false
	}
	ns, _ := bits.Div64(hi, lo, uint64(r.header.Rate))
	return time.Duration(ns), ns <= uint64(1<<62)
}
