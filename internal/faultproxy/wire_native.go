//go:build !js

package faultproxy

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

const maxFrame = 16 << 20 // bytes, what Janus takes

var errTooLarge = errors.New("faultproxy: frame larger than 16 MiB")

// readFrame reads the next frame of a WebSocket.
func readFrame(r io.Reader) (frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	f := frame{first: head[0], masked: head[1]&maskedBit != 0}
	size := uint64(head[1] &^ maskedBit)
	var long [8]byte
	switch size {
	case len16:
		if _, err := io.ReadFull(r, long[6:]); err != nil {
			return frame{}, err
		}
		size = binary.BigEndian.Uint64(long[:])
	case len64:
		if _, err := io.ReadFull(r, long[:]); err != nil {
			return frame{}, err
		}
		size = binary.BigEndian.Uint64(long[:])
	}
	if size > maxFrame {
		return frame{}, errTooLarge
	}
	if f.masked {
		if _, err := io.ReadFull(r, f.mask[:]); err != nil {
			return frame{}, err
		}
	}
	f.payload = make([]byte, size)
	if _, err := io.ReadFull(r, f.payload); err != nil {
		return frame{}, err
	}
	f.xor(f.payload)
	return f, nil
}

// head copies an HTTP head, up to and with the empty line.
func head(w io.Writer, r *bufio.Reader) error {
	for n := 0; ; {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if n += len(line); n > 64<<10 {
			return errTooLarge
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
		if len(line) <= 2 {
			return nil
		}
	}
}
