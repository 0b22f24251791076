//go:build !js

package ws_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/ws"
	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

var request = []byte(`{"janus":"message","transaction":"0123456789abcdef","session_id":1234567890123456,"handle_id":6543210987654321,"body":{"request":"list"}}`)

// mirror sends every frame back unmasked, those that came together together. It
// allocates nothing once it has its buffer.
func mirror(w io.Writer, r *bufio.Reader) {
	out := make([]byte, 0, 64<<10)
	for {
		b, err := r.Peek(2)
		if err != nil || b[0]&0xf == 8 {
			return
		}
		first, n, skip := b[0], int(b[1]&0x7f), 2
		if n == 126 {
			if b, err = r.Peek(4); err != nil {
				return
			}
			n, skip = int(binary.BigEndian.Uint16(b[2:])), 4
		}
		if b, err = r.Peek(skip + 4 + n); err != nil {
			return
		}
		mask, body := b[skip:skip+4], b[skip+4:]
		out = append(out, first)
		if n < 126 {
			out = append(out, byte(n))
		} else {
			out = append(out, 126, byte(n>>8), byte(n))
		}
		for i, c := range body {
			out = append(out, c^mask[i&3])
		}
		_, _ = r.Discard(skip + 4 + n)
		if r.Buffered() == 0 || len(out) > 48<<10 {
			if _, err := w.Write(out); err != nil {
				return
			}
			out = out[:0]
		}
	}
}

type link interface {
	read() error
	write() error
}

type ours struct{ transport.Conn }

func (o ours) read() error { _, err := o.Read(context.Background()); return err }
func (o ours) write() error {
	return o.Write(context.Background(), transport.Message{Data: request})
}

// floor is the library alone, with a read buffer of its own as it has to be.
type floor struct {
	*websocket.Conn
	buf []byte
}

func (f *floor) read() error {
	_, r, err := f.Reader(context.Background())
	for err == nil {
		_, err = r.Read(f.buf)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (f *floor) write() error { return f.Write(context.Background(), websocket.MessageText, request) }

func benchLinks(b *testing.B, run func(b *testing.B, l link)) {
	url := rawServer(b, func(nc net.Conn, r *bufio.Reader) { mirror(nc, r) })
	b.Run("floor", func(b *testing.B) {
		c, _, err := websocket.Dial(context.Background(), url, &websocket.DialOptions{
			Subprotocols: []string{"janus-protocol"}, HTTPClient: &http.Client{Transport: &http.Transport{}},
		})
		require.NoError(b, err)
		defer c.CloseNow()
		run(b, &floor{c, make([]byte, 64<<10)})
	})
	b.Run("ws", func(b *testing.B) {
		c, err := (&ws.Dialer{}).Dial(context.Background(), url, transport.Janus)
		require.NoError(b, err)
		defer c.Close()
		run(b, ours{c})
	})
}

// BenchmarkRoundTrip writes one message and reads its echo.
func BenchmarkRoundTrip(b *testing.B) {
	benchLinks(b, func(b *testing.B, l link) {
		b.ReportAllocs()
		for b.Loop() {
			if err := l.write(); err != nil {
				b.Fatal(err)
			}
			if err := l.read(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkParallel has n goroutines each wait for an echo before they write
// again, and one that reads, as a client has.
func BenchmarkParallel(b *testing.B) {
	for _, n := range []int{4, 16, 256} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			benchLinks(b, func(b *testing.B, l link) {
				b.ReportAllocs()
				turn := make(chan struct{}, n)
				var wg sync.WaitGroup
				left := make(chan struct{}, b.N)
				for range b.N {
					left <- struct{}{}
				}
				close(left)
				b.ResetTimer()
				for range n {
					wg.Go(func() {
						for range left {
							if err := l.write(); err != nil {
								b.Error(err)
								return
							}
							<-turn
						}
					})
				}
				for range b.N {
					if err := l.read(); err != nil {
						b.Fatal(err)
					}
					turn <- struct{}{}
				}
				wg.Wait()
			})
		})
	}
}
