package transporttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
)

func testEcho(t *testing.T, s *suite) {
	s.write(t, text("us", 1))
	s.wantReceive(t, text("us", 1))
	s.send(t, text("peer", 1))
	s.wantRead(t, text("peer", 1))
}

func testReadOrder(t *testing.T, s *suite) {
	const n = 500
	// It owns Send, ends after n messages, and is waited for.
	sent := make(chan error, 1)
	go func() {
		for i := range n {
			if err := s.peer.Send(t.Context(), text("peer", i)); err != nil {
				sent <- fmt.Errorf("message %d: %w", i, err)
				return
			}
		}
		sent <- nil
	}()
	for i := range n {
		s.wantRead(t, text("peer", i))
	}
	if err := <-sent; err != nil {
		t.Errorf("the peer cannot send: %v", err)
	}
}

func testWriteOrder(t *testing.T, s *suite) {
	const n = 500
	// It owns Write, ends after n messages, and is waited for.
	wrote := make(chan error, 1)
	go func() {
		for i := range n {
			if err := s.conn.Write(t.Context(), transport.Message{Session: 1, Data: text("us", i)}); err != nil {
				wrote <- fmt.Errorf("message %d: %w", i, err)
				return
			}
		}
		wrote <- nil
	}()
	for i := range n {
		s.wantReceive(t, text("us", i))
	}
	if err := <-wrote; err != nil {
		t.Errorf("Write: %v", err)
	}
}

// testManyWriters checks that nothing is lost, torn or doubled, and that each
// writer's messages keep their order.
func testManyWriters(t *testing.T, s *suite) {
	const writers, each = 32, 40
	var wg sync.WaitGroup
	errs := make([]error, writers)
	for w := range writers {
		// Each owns one series of messages, ends with it, and is waited for.
		wg.Go(func() {
			for i := range each {
				m := transport.Message{Session: 1, Handle: uint64(w), Data: text(fmt.Sprint("w", w), i)}
				if err := s.conn.Write(t.Context(), m); err != nil {
					errs[w] = err
					return
				}
			}
		})
	}
	next := map[string]int{}
	for range writers * each {
		got, err := s.peer.Receive(bounded(t))
		if err != nil {
			t.Fatalf("the peer misses messages: %v; it has %v", err, next)
		}
		var m struct {
			Who string `json:"who"`
			N   int    `json:"n"`
		}
		if err := json.Unmarshal(got, &m); err != nil {
			t.Fatalf("the peer got a torn message %s: %v", short(got), err)
		}
		if m.N != next[m.Who] {
			t.Fatalf("writer %s: the peer got message %d, want %d", m.Who, m.N, next[m.Who])
		}
		next[m.Who]++
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Errorf("Write: %v", err)
	}
}

func testBothWays(t *testing.T, s *suite) {
	const n = 200
	var wg sync.WaitGroup
	var writeErr, sendErr error
	// They own one direction each, end with it, and are waited for.
	wg.Go(func() {
		for i := 0; i < n && writeErr == nil; i++ {
			writeErr = s.conn.Write(t.Context(), transport.Message{Session: 1, Data: text("us", i)})
		}
	})
	wg.Go(func() {
		for i := 0; i < n && sendErr == nil; i++ {
			var got []byte
			if got, sendErr = s.peer.Receive(t.Context()); sendErr == nil {
				sendErr = s.peer.Send(t.Context(), got)
			}
		}
	})
	for i := range n {
		s.wantRead(t, text("us", i))
	}
	wg.Wait()
	if err := errors.Join(writeErr, sendErr); err != nil {
		t.Error(err)
	}
}

// testWriteTakesACopy checks that the bytes are the caller's after Write.
func testWriteTakesACopy(t *testing.T, s *suite) {
	const n = 50
	buf := text("us", 0)
	want := bytes.Clone(buf)
	for range n {
		copy(buf, want)
		s.write(t, buf)
		clear(buf)
	}
	for range n {
		s.wantReceive(t, want)
	}
}

// testReadLends checks that a message stays as it is until the next Read, even
// when more has arrived by then.
func testReadLends(t *testing.T, s *suite) {
	s.send(t, text("peer", 1))
	got, err := s.read(t)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	same(t, "Read", got, text("peer", 1))
	for i := 2; i < 10; i++ {
		s.send(t, text("eerp", i))
	}
	for i := range 50 { // traffic that gives a wrong transport time to read on
		s.write(t, text("us", i))
		s.wantReceive(t, text("us", i))
		same(t, "the slice of the last Read", got, text("peer", 1))
	}
	for i := 2; i < 10; i++ {
		s.wantRead(t, text("eerp", i))
	}
}

// testAnyInput checks that what is no JSON reaches the client, who has to
// decide, and does not touch the connection.
func testAnyInput(t *testing.T, s *suite) {
	inputs := []string{
		`{"janus":`, `{nonsense}`, `{"a":1}{"b":2}`, "{\"a\":\"\xff\xfe\"}", `{"janus":"ünï…"}`, `{}`,
	}
	if !s.limits.Objects {
		inputs = append(inputs, `nonsense`, `"text"`, `[`, `42`)
	}
	for _, data := range inputs {
		s.send(t, []byte(data))
		s.wantRead(t, []byte(data))
	}
	testEcho(t, s)
}
