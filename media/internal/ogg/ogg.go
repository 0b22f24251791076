package ogg

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/media/internal/codec"
)

const (
	rate      = 48000 // of granule positions, whatever the input was
	maxPacket = 64 << 10
	maxGap    = 24 * time.Hour // in a stream; more is a broken granule position
)

// Header is what OpusHead says (RFC 7845 §5.1).
type Header struct {
	Channels int
	PreSkip  int // samples at 48 kHz
	Rate     int // of the input, for information
}

// Packet is one Opus packet.
type Packet struct {
	Data     []byte // valid until the next call of Next
	PTS      time.Duration
	Duration time.Duration
}

// Reader reads the first Opus stream of one file.
type Reader struct {
	pages  *pages
	header Header
	serial uint32
	ready  [][]byte // whole packets of the current page
	tags   bool     // OpusTags was passed
	ended  bool

	partial bool   // the last packet of the page goes on in the next
	skip    bool   // and is not wanted
	start   []byte // its start

	based bool
	base  int64 // sample the stream starts at
	next  int64 // sample the next packet starts at, counted from base
}

// NewReader reads until the header of the first Opus stream.
func NewReader(r io.Reader) (*Reader, error) {
	d := &Reader{pages: newPages(r)}
	var others []string
	for {
		p, err := d.pages.next()
		if err != nil && err != io.EOF { //nolint:errorlint // next returns io.EOF itself
			return nil, err
		}
		// Every stream begins before any goes on (RFC 3533 §4).
		if err != nil || p.flags&flagBegin == 0 {
			if len(others) > 0 {
				return nil, fmt.Errorf("%w, but %s", ErrCodec, strings.Join(others, ", "))
			}
			return nil, ErrCodec
		}
		name := identify(p.body)
		if name != "Opus" {
			if len(others) < 4 {
				others = append(others, name)
			}
			continue
		}
		if d.header, err = parseHead(p.body); err != nil {
			return nil, err
		}
		d.serial = p.serial
		return d, nil
	}
}

// Header returns the header.
func (d *Reader) Header() Header { return d.header }

// Next returns the next packet; io.EOF after the last.
func (d *Reader) Next() (Packet, error) {
	for {
		for len(d.ready) > 0 {
			data := d.ready[0]
			d.ready = d.ready[1:]
			n := codec.OpusDuration(data)
			if n == 0 {
				return Packet{}, d.pages.fail(fmt.Errorf("%w: not an Opus packet", ErrCorrupt))
			}
			start := d.next
			d.next += int64(n)
			return Packet{Data: data, PTS: samples(start), Duration: samples(int64(n))}, nil
		}
		if d.ended {
			return Packet{}, io.EOF
		}
		p, err := d.pages.next()
		if err == io.EOF { //nolint:errorlint // next returns io.EOF itself
			if d.partial {
				return Packet{}, fmt.Errorf("last packet: %w", io.ErrUnexpectedEOF)
			}
			return Packet{}, io.EOF // cut at a page: a live recording ends so
		}
		if err != nil {
			return Packet{}, err
		}
		if p.serial != d.serial {
			continue
		}
		if err := d.split(p); err != nil {
			return Packet{}, err
		}
	}
}

// split cuts a page into packets.
func (d *Reader) split(p page) error {
	d.ended = p.flags&flagEnd != 0
	switch continued := p.flags&flagContinued != 0; {
	case continued && !d.partial:
		d.partial, d.skip = true, true // its start was cut off
	case !continued && d.partial:
		return d.pages.fail(fmt.Errorf("%w: a packet does not go on", ErrCorrupt))
	}
	d.ready = d.ready[:0]
	from, at := 0, 0
	for _, n := range p.lacing {
		at += int(n)
		if n == 255 {
			continue
		}
		if err := d.finish(p.body[from:at]); err != nil {
			return err
		}
		from = at
	}
	if n := len(p.lacing); n > 0 && p.lacing[n-1] == 255 {
		if err := d.keep(p.body[from:at]); err != nil {
			return err
		}
	}
	return d.place(p)
}

// finish ends the packet whose last part is b.
func (d *Reader) finish(b []byte) error {
	drop := !d.tags // the packet after the header is OpusTags
	d.tags = true
	if d.partial {
		if err := d.keep(b); err != nil {
			return err
		}
		drop, b = drop || d.skip, d.start
		d.partial, d.skip, d.start = false, false, nil
	}
	if !drop && len(b) > 0 {
		d.ready = append(d.ready, b)
	}
	return nil
}

// keep adds b to the packet that goes on.
func (d *Reader) keep(b []byte) error {
	d.partial = true
	d.skip = d.skip || !d.tags // pictures can make OpusTags huge
	if d.skip {
		return nil
	}
	if len(d.start)+len(b) > maxPacket {
		return d.pages.fail(fmt.Errorf("%w: packet of more than %d bytes", ErrCorrupt, maxPacket))
	}
	d.start = append(d.start, b...)
	return nil
}

// place looks at the granule position, the sample the last packet of the page
// ends at. It shows a stream that does not start at zero, which is moved there,
// and holes, which stay.
func (d *Reader) place(p page) error {
	if p.granule < 0 || len(d.ready) == 0 {
		return nil
	}
	start := p.granule
	for _, b := range d.ready {
		start -= int64(codec.OpusDuration(b))
	}
	if !d.based {
		d.based = true
		if !d.ended { // the last page is trimmed and says less
			d.base = max(0, start)
		}
		return nil
	}
	gap := start - d.base - d.next
	if gap > int64(maxGap/time.Second*rate) {
		return d.pages.fail(fmt.Errorf("%w: granule position", ErrCorrupt))
	}
	if gap > 0 {
		d.next += gap
	}
	return nil
}

// samples converts a number of samples.
func samples(n int64) time.Duration {
	return time.Duration(n/rate)*time.Second + time.Duration(n%rate)*time.Second/rate
}

func parseHead(b []byte) (Header, error) {
	if len(b) < 19 || b[8]>>4 != 0 {
		return Header{}, fmt.Errorf("%w: OpusHead", ErrCorrupt)
	}
	h := Header{
		Channels: int(b[9]),
		PreSkip:  int(binary.LittleEndian.Uint16(b[10:])),
		Rate:     int(binary.LittleEndian.Uint32(b[12:])),
	}
	if family := b[18]; family != 0 || h.Channels < 1 || h.Channels > 2 {
		return Header{}, fmt.Errorf("%w that is mono or stereo: %d channels", ErrCodec, h.Channels)
	}
	return h, nil
}

// identify names the codec of a stream by its first packet.
func identify(b []byte) string {
	for _, k := range []struct{ start, name string }{
		{"OpusHead", "Opus"},
		{"\x01vorbis", "Vorbis"},
		{"\x7fFLAC", "FLAC"},
		{"Speex   ", "Speex"},
		{"\x80theora", "Theora"},
		{"fishead\x00", "Skeleton"},
	} {
		if strings.HasPrefix(string(b[:min(len(b), 16)]), k.start) {
			return k.name
		}
	}
	return "an unknown codec"
}
