package transporttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

const (
	patience = 30 * time.Second       // for what has to happen
	moment   = 100 * time.Millisecond // for what must not happen
)

// suite is one connection and the ends of it.
type suite struct {
	conn       transport.Conn
	peer       Peer
	limits     Limits
	background bool // reads get a context that cannot end
}

// read reads with the kind of context that is under test.
func (s *suite) read(t *testing.T) ([]byte, error) {
	if !s.background {
		return s.conn.Read(bounded(t))
	}
	// A Read that hangs has to end for the test to fail.
	defer after(patience, func() {
		t.Errorf("Read did not return within %v", patience)
		_ = s.conn.Close()
	})()
	return s.conn.Read(context.Background())
}

// after calls f when d has passed, unless stop is called before; stop waits for f
// if that has begun.
func after(d time.Duration, f func()) (stop func()) {
	done := make(chan struct{})
	timer := time.AfterFunc(d, func() {
		defer close(done)
		f()
	})
	return func() {
		if !timer.Stop() {
			<-done
		}
	}
}

// bounded returns a context that ends the test's patience. Its Done channel is
// not nil, so reads take the path that can be cancelled.
func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// within fails the test when f takes longer than patience. It is for calls that
// have no context, or must return without one.
func within(t *testing.T, what string, f func() error) {
	t.Helper()
	// It owns the call, ends with it, and is waited for below.
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	case <-time.After(patience):
		t.Fatalf("%s did not return within %v", what, patience)
	}
}

// text makes the n-th message. It is a JSON object, as every message is.
func text(who string, n int) []byte {
	return []byte(`{"janus":"event","session_id":1,"who":"` + who + `","n":` + strconv.Itoa(n) + `}`)
}

// filled makes a message of exactly size bytes.
func filled(size int) []byte {
	const head, tail = `{"janus":"event","session_id":1,"pad":"`, `"}`
	b := make([]byte, 0, size)
	b = append(b, head...)
	for i := 0; len(b) < size-len(tail); i++ {
		b = append(b, 'a'+byte(i*7%26))
	}
	return append(b, tail...)
}

func (s *suite) write(t *testing.T, data []byte) {
	t.Helper()
	if err := s.conn.Write(bounded(t), transport.Message{Session: 1, Data: data}); err != nil {
		t.Fatalf("Write: %v", err)
	}
}

func (s *suite) send(t *testing.T, data []byte) {
	t.Helper()
	if err := s.peer.Send(bounded(t), data); err != nil {
		t.Fatalf("the peer cannot send: %v", err)
	}
}

func (s *suite) wantRead(t *testing.T, want []byte) {
	t.Helper()
	got, err := s.read(t)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	same(t, "Read", got, want)
}

func (s *suite) wantReceive(t *testing.T, want []byte) {
	t.Helper()
	got, err := s.peer.Receive(bounded(t))
	if err != nil {
		t.Fatalf("the peer received nothing: %v", err)
	}
	same(t, "the peer", got, want)
}

func same(t *testing.T, who string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Fatalf("%s got %s, want %s", who, short(got), short(want))
	}
}

func short(b []byte) string {
	if len(b) > 80 {
		return fmt.Sprintf("%q... (%d bytes)", b[:80], len(b))
	}
	return strconv.Quote(string(b))
}

// wantLoss reads until the connection is lost and returns how.
func (s *suite) wantLoss(t *testing.T) error {
	t.Helper()
	_, err := s.read(t)
	switch {
	case err == nil:
		t.Fatal("Read returned a message, want the loss of the connection")
	case errors.Is(err, context.DeadlineExceeded):
		t.Fatalf("Read did not notice the loss of the connection within %v", patience)
	case errors.Is(err, transport.ErrClosed):
		t.Fatalf("Read says that we closed the connection, and we did not: %v", err)
	}
	return err
}
