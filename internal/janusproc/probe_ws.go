//go:build !js

package janusproc

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
)

// probeWS asks for info over a WebSocket. It speaks just enough of RFC 6455 for
// one question on loopback: a listener that accepts TCP may still be dead.
func (s *Server) probeWS(port int, protocol string) func(context.Context) error {
	return func(ctx context.Context) error {
		conn, err := dialProbe(ctx, "tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		// A text frame below 126 bytes, masked with zeros.
		frame := append([]byte{0x81, 0x80 | byte(len(infoRequest)), 0, 0, 0, 0}, infoRequest...)
		if _, err := fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"+
			"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"+
			"Sec-WebSocket-Protocol: %s\r\n\r\n", port, protocol); err != nil {
			return err
		}
		var buf []byte
		head, err := readUntil(conn, &buf, func(b []byte) int { return bytes.Index(b, []byte("\r\n\r\n")) + 4 })
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) {
			status, _, _ := bytes.Cut(head, []byte("\r\n"))
			return fmt.Errorf("handshake refused: %q", status)
		}
		if _, err := conn.Write(frame); err != nil {
			return err
		}
		// Janus sends what is long in several frames.
		var answer []byte
		for fin := false; !fin; {
			f, err := readUntil(conn, &buf, frameLen)
			if err != nil {
				return err
			}
			fin = f[0]&0x80 != 0
			answer = append(answer, f[headerLen(f):]...)
		}
		return s.checkName(answer)
	}
}

// readUntil reads into buf until it holds a whole, takes that off buf and
// returns it. size returns the length of the whole, or less than 4 while that
// cannot be told.
func readUntil(conn net.Conn, buf *[]byte, size func([]byte) int) ([]byte, error) {
	chunk := make([]byte, 8<<10)
	for {
		if n := size(*buf); n >= 4 && n <= len(*buf) {
			whole := (*buf)[:n]
			*buf = (*buf)[n:]
			return whole, nil
		}
		n, err := conn.Read(chunk)
		if err != nil {
			return nil, err
		}
		*buf = append(*buf, chunk[:n]...)
	}
}

// frameLen returns the length of the unmasked frame b begins with, or zero
// while that cannot be told.
func frameLen(b []byte) int {
	switch {
	case len(b) < 4:
		return 0
	case b[1] < 126:
		return headerLen(b) + int(b[1])
	case b[1] == 126:
		return headerLen(b) + int(binary.BigEndian.Uint16(b[2:]))
	default:
		return 0 // 64 KiB and more, or masked: no info answer
	}
}

// headerLen returns the length of the header of an unmasked frame.
func headerLen(b []byte) int {
	if b[1] < 126 {
		return 2
	}
	return 4
}
