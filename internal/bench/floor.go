//go:build !js

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"sync"

	"github.com/coder/websocket"
)

// floor is the least a program can do: a WebSocket and bytes.
type floor struct {
	conn *websocket.Conn
	buf  bytes.Buffer
}

func dialFloor(ctx context.Context, url string) (*floor, error) {
	conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"janus-protocol"}}) //nolint:bodyclose // the body of a WebSocket handshake is none
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(4 << 20)
	return &floor{conn: conn}, nil
}

func (f *floor) write(ctx context.Context, data []byte) error {
	return f.conn.Write(ctx, websocket.MessageText, data)
}

// read returns the next message, valid until the next read.
func (f *floor) read(ctx context.Context) ([]byte, error) {
	_, r, err := f.conn.Reader(ctx)
	if err != nil {
		return nil, err
	}
	f.buf.Reset()
	if _, err := io.Copy(&f.buf, r); err != nil {
		return nil, err
	}
	return f.buf.Bytes(), nil
}

func (f *floor) close() { _ = f.conn.CloseNow() }

// muxFloor adds one reader and a table of waiters. A transaction is the number
// of its waiter, found by a search for the field's name.
type muxFloor struct {
	*floor
	mu      sync.Mutex
	free    []int
	waiters []chan struct{}
	done    chan struct{}
}

func dialMux(ctx context.Context, url string, most int) (*muxFloor, error) {
	f, err := dialFloor(ctx, url)
	if err != nil {
		return nil, err
	}
	m := &muxFloor{floor: f, done: make(chan struct{})}
	for i := range most {
		m.free = append(m.free, i)
		m.waiters = append(m.waiters, make(chan struct{}, 1))
	}
	// The reader owns f.read; it ends when the connection does, and close waits.
	go func() {
		defer close(m.done)
		for {
			data, err := f.read(context.Background())
			if err != nil {
				return
			}
			if bytes.Contains(data[:min(len(data), 20)], []byte(`"ack"`)) {
				continue
			}
			key := []byte(`"transaction":"`)
			i := bytes.Index(data, key)
			if i < 0 {
				continue
			}
			rest := data[i+len(key):]
			n, err := strconv.Atoi(string(rest[:bytes.IndexByte(rest, '"')]))
			if err == nil && n < len(m.waiters) {
				m.waiters[n] <- struct{}{}
			}
		}
	}()
	return m, nil
}

// roundTrip sends head, a transaction and tail, and waits for the answer.
func (m *muxFloor) roundTrip(ctx context.Context, head, tail string) error {
	m.mu.Lock()
	n := m.free[len(m.free)-1]
	m.free = m.free[:len(m.free)-1]
	m.mu.Unlock()
	buf := make([]byte, 0, 256)
	buf = append(buf, head...)
	buf = strconv.AppendInt(buf, int64(n), 10)
	buf = append(buf, tail...)
	if err := m.write(ctx, buf); err != nil {
		return err
	}
	select {
	case <-m.waiters[n]:
	case <-m.done:
		return fmt.Errorf("the connection ended")
	}
	m.mu.Lock()
	m.free = append(m.free, n)
	m.mu.Unlock()
	return nil
}

func (m *muxFloor) close() {
	m.floor.close()
	<-m.done
}
