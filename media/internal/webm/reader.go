package webm

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// Errors of a file that is not what it should be. A file that ends too early
// gives io.ErrUnexpectedEOF.
var (
	ErrFormat  = errors.New("not a WebM file")
	ErrCorrupt = errors.New("corrupt WebM file")
)

// Magic is how a file begins: the id of the EBML header.
const Magic = "\x1a\x45\xdf\xa3"

// id is an EBML element id with its length marker.
type id uint32

const (
	idEBML          id = 0x1a45dfa3
	idVoid          id = 0xec
	idSegment       id = 0x18538067
	idInfo          id = 0x1549a966
	idScale         id = 0x2ad7b1
	idDuration      id = 0x4489
	idTracks        id = 0x1654ae6b
	idEntry         id = 0xae
	idNumber        id = 0xd7
	idType          id = 0x83
	idCodec         id = 0x86
	idVideo         id = 0xe0
	idWidth         id = 0xb0
	idHeight        id = 0xba
	idCluster       id = 0x1f43b675
	idTimecode      id = 0xe7
	idSimpleBlock   id = 0xa3
	idBlockGroup    id = 0xa0
	idBlock         id = 0xa1
	idBlockDuration id = 0x9b
	idReference     id = 0xfb
	idCues          id = 0x1c53bb6b
	idChapters      id = 0x1043a770
	idCuePoint      id = 0xbb
)

func (i id) bytes() []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(i))
	for b[0] == 0 {
		b = b[1:]
	}
	return b
}

// Frame is one frame, without its data.
type Frame struct {
	Track    int // index in Reader.Tracks
	At       time.Duration
	Duration time.Duration // zero when the file does not say
	Keyframe bool
	Size     int
}

// Reader walks through a file without keeping it. The description is complete
// when Next returned its first frame, the cues when it returned io.EOF.
type Reader struct {
	Tracks   []Track
	Duration time.Duration
	Cues     int

	r       *bufio.Reader
	at      int64 // bytes read
	numbers []uint64
	scale   uint64
	raw     float64 // duration in units of scale
	time    uint64  // of the cluster
	group   *Frame  // the block group that is open
	open    []int64 // ends of the elements that are open; unknown: math.MaxInt64
}

const (
	maxTracks = 64
	maxString = 64
	unknown   = math.MaxInt64
)

// NewReader reads the header.
func NewReader(r io.Reader) (*Reader, error) {
	d := &Reader{r: bufio.NewReaderSize(r, 64<<10), scale: millisecond}
	e, size, err := d.element()
	if err != nil || e != idEBML || size == unknown {
		return nil, ErrFormat
	}
	if err := d.discard(size); err != nil {
		return nil, err
	}
	if e, size, err = d.element(); err != nil {
		return nil, d.fail(err)
	}
	if e != idSegment {
		return nil, d.fail(fmt.Errorf("%w: no segment", ErrCorrupt))
	}
	d.push(size)
	return d, nil
}

// Next returns the next frame; io.EOF after the last.
func (d *Reader) Next() (Frame, error) {
	for {
		if g := d.pop(); g != nil {
			return *g, nil
		}
		if len(d.open) == 0 {
			return Frame{}, io.EOF
		}
		e, size, err := d.element()
		if err == io.EOF { //nolint:errorlint // element returns io.EOF itself
			if d.bounded() {
				return Frame{}, d.fail(io.ErrUnexpectedEOF)
			}
			d.open = nil
			continue
		}
		if err != nil {
			return Frame{}, d.fail(err)
		}
		if size != unknown && d.at+size > d.open[len(d.open)-1] {
			return Frame{}, d.fail(fmt.Errorf("%w: element larger than what holds it", ErrCorrupt))
		}
		f, ok, err := d.take(e, size)
		if err != nil {
			return Frame{}, d.fail(err)
		}
		if ok {
			return f, nil
		}
	}
}

// take handles one element: enters it, reads it, or passes over it.
func (d *Reader) take(e id, size int64) (f Frame, ok bool, err error) {
	if size == unknown && e != idCluster || d.deep() {
		return f, false, fmt.Errorf("%w: element %x out of place", ErrCorrupt, uint32(e))
	}
	switch e {
	case idCluster:
		d.open = d.open[:1] // ends a cluster of unknown size
		d.time = 0
		d.push(size)
	case idInfo, idTracks, idVideo, idCues:
		d.push(size)
	case idBlockGroup:
		if d.group != nil {
			return f, false, fmt.Errorf("%w: block group in a block group", ErrCorrupt)
		}
		d.group = &Frame{Track: -1, Keyframe: true}
		d.push(size)
	case idEntry:
		if len(d.Tracks) == maxTracks {
			return f, false, fmt.Errorf("%w: more than %d tracks", ErrCorrupt, maxTracks)
		}
		d.Tracks = append(d.Tracks, Track{})
		d.numbers = append(d.numbers, 0)
		d.push(size)
	case idCuePoint:
		d.Cues++
		err = d.discard(size)
	case idSimpleBlock:
		return d.block(size)
	case idBlock:
		if f, ok, err = d.block(size); ok && d.group != nil {
			f.Duration, f.Keyframe = d.group.Duration, d.group.Keyframe
			*d.group = f
		}
		return f, false, err // handed out when the group ends
	default:
		err = d.value(e, size)
	}
	return f, false, err
}

// block reads a block's header and passes over its data.
func (d *Reader) block(size int64) (f Frame, ok bool, err error) {
	end := d.at + size
	number, _, err := d.vint(true)
	if err != nil {
		return f, false, err
	}
	var h [3]byte
	if err := d.full(h[:]); err != nil {
		return f, false, err
	}
	if d.at > end {
		return f, false, fmt.Errorf("%w: block of %d bytes", ErrCorrupt, size)
	}
	f = Frame{Track: -1, Size: int(end - d.at), Keyframe: h[2]&0x80 != 0}
	for i, n := range d.numbers {
		if n == number {
			f.Track = i
		}
	}
	if f.Track < 0 {
		return f, false, fmt.Errorf("%w: block of track %d, which is not described", ErrCorrupt, number)
	}
	units := float64(d.time) + float64(int16(binary.BigEndian.Uint16(h[:])))
	if f.At, ok = d.duration(units); !ok {
		return f, false, fmt.Errorf("%w: time of a block", ErrCorrupt)
	}
	return f, true, d.discard(end - d.at)
}

// duration converts units of scale.
func (d *Reader) duration(units float64) (time.Duration, bool) {
	ns := units * float64(d.scale)
	if math.IsNaN(ns) || math.Abs(ns) > 1<<62 {
		return 0, false
	}
	return time.Duration(ns), true
}
