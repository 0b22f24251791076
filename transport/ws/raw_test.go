//go:build !js

package ws_test

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// rawServer does the handshake and hands the bare connection to serve, for
// peers that do what a WebSocket library would not, and for benchmarks, where
// the peer's allocations must not be counted.
func rawServer(t testing.TB, serve func(nc net.Conn, r *bufio.Reader)) (url string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	// It owns the listener and one connection after the other, ends with the
	// listener, and Cleanup waits.
	go func() {
		defer close(done)
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			r := bufio.NewReaderSize(nc, 64<<10)
			if upgrade(nc, r) == nil {
				serve(nc, r)
			}
			_ = nc.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return "ws://" + l.Addr().String()
}

func upgrade(w io.Writer, r *bufio.Reader) error {
	req, err := http.ReadRequest(r)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
		accept(req), req.Header.Get("Sec-WebSocket-Protocol"))
	return err
}

// accept computes the answer to the client's key, RFC 6455 section 1.3.
func accept(r *http.Request) string {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}
