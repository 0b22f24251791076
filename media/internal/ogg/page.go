// Package ogg reads Opus packets from Ogg files (RFC 3533, RFC 7845): packets
// that span pages, many packets in one page, other streams beside. It trusts
// nothing it reads: memory is bounded and no input makes it panic.
package ogg

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Errors of a file that is not what it should be. A file that ends too early
// gives io.ErrUnexpectedEOF.
var (
	ErrFormat  = errors.New("not an Ogg file")
	ErrCorrupt = errors.New("corrupt Ogg file")
	ErrCodec   = errors.New("no Opus stream")
)

// Magic is how a file, and every page, begins.
const Magic = "OggS"

const (
	pageHeader = 27

	flagContinued = 1
	flagBegin     = 2
	flagEnd       = 4
)

// page is one page; its slices are valid until the next is read.
type page struct {
	flags   byte
	granule int64 // -1: no packet ends here
	serial  uint32
	lacing  []byte
	body    []byte
}

type pages struct {
	r     *bufio.Reader
	table *[256]uint32
	count int
	buf   [pageHeader + 255 + 255*255]byte
}

func newPages(r io.Reader) *pages {
	return &pages{r: bufio.NewReaderSize(r, 32<<10), table: crcTable()}
}

// next reads a page; io.EOF when there is none.
func (p *pages) next() (page, error) {
	head := p.buf[:pageHeader]
	if _, err := io.ReadFull(p.r, head); err != nil {
		if errors.Is(err, io.EOF) && p.count > 0 {
			return page{}, io.EOF
		}
		return page{}, p.fail(io.ErrUnexpectedEOF)
	}
	if string(head[:4]) != Magic {
		if p.count == 0 {
			return page{}, ErrFormat
		}
		return page{}, p.fail(fmt.Errorf("%w: no page where one should be", ErrCorrupt))
	}
	if head[4] != 0 {
		return page{}, p.fail(fmt.Errorf("%w: version %d", ErrCorrupt, head[4]))
	}
	segments := int(head[26])
	lacing := p.buf[pageHeader : pageHeader+segments]
	if _, err := io.ReadFull(p.r, lacing); err != nil {
		return page{}, p.fail(io.ErrUnexpectedEOF)
	}
	size := 0
	for _, n := range lacing {
		size += int(n)
	}
	start := pageHeader + segments
	body := p.buf[start : start+size]
	if _, err := io.ReadFull(p.r, body); err != nil {
		return page{}, p.fail(io.ErrUnexpectedEOF)
	}
	sum := binary.LittleEndian.Uint32(head[22:])
	clear(head[22:26])
	if p.crc(p.buf[:start+size]) != sum {
		return page{}, p.fail(fmt.Errorf("%w: checksum of a page", ErrCorrupt))
	}
	p.count++
	return page{
		flags:   head[5],
		granule: int64(binary.LittleEndian.Uint64(head[6:])),
		serial:  binary.LittleEndian.Uint32(head[14:]),
		lacing:  lacing,
		body:    body,
	}, nil
}

func (p *pages) fail(err error) error { return fmt.Errorf("page %d: %w", p.count+1, err) }

// crc is the checksum of RFC 3533 §6: 0x04c11db7, most significant bit first,
// nothing inverted. hash/crc32 has reflected ones only.
func (p *pages) crc(b []byte) uint32 {
	var sum uint32
	for _, c := range b {
		sum = sum<<8 ^ p.table[byte(sum>>24)^c]
	}
	return sum
}

func crcTable() *[256]uint32 {
	var t [256]uint32
	for i := range t {
		sum := uint32(i) << 24
		for range 8 {
			if sum&(1<<31) != 0 {
				sum = sum<<1 ^ 0x04c11db7
			} else {
				sum <<= 1
			}
		}
		t[i] = sum
	}
	return &t
}
