//go:build !js

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1" // RFC 6455 wants it
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// serveStub answers like a gateway that has nothing to do. It frames by hand,
// so that it is faster than whoever is measured.
func serveStub(ctx context.Context) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("ws://%s/\n", l.Addr())
	// Ends with ctx, like the process.
	go func() {
		<-ctx.Done()
		_ = l.Close()
	}()
	for {
		conn, err := l.Accept()
		if err != nil {
			return nil //nolint:nilerr // the end of the listener is the end of the job
		}
		// One connection; it ends when the client leaves or the process ends.
		go func() {
			defer conn.Close()
			_ = (&stub{r: bufio.NewReaderSize(conn, 64<<10), w: bufio.NewWriterSize(conn, 64<<10)}).serve()
		}()
	}
}

type stub struct {
	r     *bufio.Reader
	w     *bufio.Writer
	id    uint64
	out   []byte
	rooms []byte
}

func (s *stub) serve() error {
	req, err := http.ReadRequest(s.r)
	if err != nil {
		return err
	}
	sum := sha1.Sum([]byte(req.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(s.w, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: janus-protocol\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
	s.rooms = roomList()
	var payload []byte
	for {
		if s.r.Buffered() == 0 {
			if err := s.w.Flush(); err != nil {
				return err
			}
		}
		op, data, err := readFrame(s.r, payload)
		if err != nil || op == 8 {
			return err
		}
		payload = data
		if op == 1 {
			s.answer(data)
		}
	}
}

// readFrame reads one unfragmented, masked frame into buf.
func readFrame(r *bufio.Reader, buf []byte) (op byte, data []byte, err error) {
	var head [8]byte
	if _, err = io.ReadFull(r, head[:2]); err != nil {
		return 0, nil, err
	}
	op = head[0] & 15
	n := uint64(head[1] & 127)
	switch n {
	case 126:
		_, err = io.ReadFull(r, head[:2])
		n = uint64(binary.BigEndian.Uint16(head[:2]))
	case 127:
		_, err = io.ReadFull(r, head[:8])
		n = binary.BigEndian.Uint64(head[:8])
	}
	if err != nil || n > 4<<20 {
		return 0, nil, fmt.Errorf("frame of %d bytes: %w", n, err)
	}
	var mask [4]byte
	if _, err = io.ReadFull(r, mask[:]); err != nil {
		return 0, nil, err
	}
	if uint64(cap(buf)) < n {
		buf = make([]byte, n)
	}
	data = buf[:n]
	if _, err = io.ReadFull(r, data); err != nil {
		return 0, nil, err
	}
	for i := range data {
		data[i] ^= mask[i&3]
	}
	return op, data, nil
}

func (s *stub) answer(data []byte) {
	var verb, txn, body []byte
	var session, handle uint64
	o := jsonscan.Open(data)
	for o.Next() {
		switch string(o.Key) {
		case "janus":
			verb, _ = jsonscan.String(o.Value())
		case "transaction":
			txn, _ = jsonscan.String(o.Value())
		case "session_id":
			session, _ = jsonscan.Uint(o.Value())
		case "handle_id":
			handle, _ = jsonscan.Uint(o.Value())
		case "body":
			body = o.Value()
		}
	}
	b := s.out[:0]
	switch string(verb) {
	case "create", "attach":
		s.id++
		b = fmt.Appendf(b, `{"janus":"success","transaction":"%s","data":{"id":%d}}`, txn, s.id)
	case "message":
		if n, _ := jsonscan.Uint(jsonscan.Get(body, "flood")); n > 0 {
			s.flood(int(n), body, session)
			return
		}
		b = fmt.Appendf(b, `{"janus":"success","session_id":%d,"transaction":"%s","sender":%d,"plugindata":`, session, txn, handle)
		b = append(append(b, s.rooms...), '}')
	case "info":
		b = fmt.Appendf(b, `{"janus":"server_info","transaction":"%s","session-timeout":60}`, txn)
	case "keepalive", "trickle":
		b = fmt.Appendf(b, `{"janus":"ack","session_id":%d,"transaction":"%s"}`, session, txn)
	default:
		b = fmt.Appendf(b, `{"janus":"success","session_id":%d,"transaction":"%s"}`, session, txn)
	}
	s.out = b
	s.frame(b)
}

// flood pushes n events, in turn to the handles from "first" on, as many as
// "handles" says.
func (s *stub) flood(n int, body []byte, session uint64) {
	first, _ := jsonscan.Uint(jsonscan.Get(body, "first"))
	handles, _ := jsonscan.Uint(jsonscan.Get(body, "handles"))
	data := smallEvent
	if string(jsonscan.Get(body, "large")) == "true" {
		data = largeEvent
	}
	b := s.out[:0]
	for i := range n {
		b = append(b[:0], `{"janus":"event","session_id":`...)
		b = strconv.AppendUint(b, session, 10)
		b = append(b, `,"sender":`...)
		b = strconv.AppendUint(b, first+uint64(i)%max(handles, 1), 10)
		b = append(b, data...)
		s.frame(b)
	}
	s.out = b
	_ = s.w.Flush()
}

func (s *stub) frame(b []byte) {
	_ = s.w.WriteByte(0x81)
	var head [9]byte
	switch n := len(b); {
	case n < 126:
		_ = s.w.WriteByte(byte(n))
	case n < 1<<16:
		head[0] = 126
		binary.BigEndian.PutUint16(head[1:], uint16(n))
		_, _ = s.w.Write(head[:3])
	default:
		head[0] = 127
		binary.BigEndian.PutUint64(head[1:], uint64(n))
		_, _ = s.w.Write(head[:9])
	}
	_, _ = s.w.Write(b)
}

// What the stub says: a list of 1.1 KB, events of 225 bytes and of 1.8 KB.
var (
	smallEvent = `,"plugindata":{"plugin":"janus.plugin.videoroom","data":{"videoroom":"talking","room":1234,"id":5678901234567890,"audio-level-dBov-avg":25.5}}}`
	largeEvent = `,"plugindata":{"plugin":"janus.plugin.videoroom","data":{"videoroom":"event","room":1234,"publishers":[` +
		strings.TrimSuffix(strings.Repeat(`{"id":5678901234567890,"display":"somebody in the room","talking":false,"streams":[{"type":"audio","mindex":0,"mid":"0","codec":"opus"},{"type":"video","mindex":1,"mid":"1","codec":"vp8","simulcast":true}]},`, 7), ",") + `]}}}`
)

func roomList() []byte {
	var b bytes.Buffer
	b.WriteString(`{"plugin":"janus.plugin.videoroom","data":{"videoroom":"success","list":[`)
	for i := range 4 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"room":%d,"description":"Demo room number %d","pin_required":false,"is_private":false,"max_publishers":6,"bitrate":128000,"fir_freq":10,"require_pvtid":false,"require_e2ee":false,"dummy_publisher":false,"notify_joining":false,"audiocodec":"opus","videocodec":"vp8","record":false}`, 1234+i, i)
	}
	b.WriteString(`]}}`)
	return b.Bytes()
}
