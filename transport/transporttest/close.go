package transporttest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// readContext returns the context for a Read that only Close or loss can end.
func (s *suite) readContext(t *testing.T) context.Context {
	if s.background {
		return context.Background()
	}
	return bounded(t)
}

func testCloseUnblocksRead(t *testing.T, s *suite) {
	testEcho(t, s)
	// It owns one Read, which Close ends, and is waited for.
	read := make(chan error, 1)
	ctx := s.readContext(t)
	go func() {
		_, err := s.conn.Read(ctx)
		read <- err
	}()
	select {
	case err := <-read:
		t.Fatalf("Read of nothing returned: %v", err)
	case <-time.After(moment / 5): // it hangs by now, most likely
	}
	within(t, "Close", s.conn.Close)
	select {
	case err := <-read:
		if !errors.Is(err, transport.ErrClosed) {
			t.Errorf("Read: %v, want ErrClosed", err)
		}
	case <-time.After(patience):
		t.Fatal("Close did not unblock Read")
	}
}

func testCloseUnblocksWrite(t *testing.T, s *suite) {
	// Each owns one Close, which has to end the Write that waits. There is more
	// than one if the first begins just as a Write ends by itself.
	closed := make(chan error, 2)
	_, _, err := s.stuff(t, func(ctx context.Context) (context.Context, context.CancelFunc) {
		return ctx, after(moment, func() { closed <- s.conn.Close() })
	})
	if !errors.Is(err, transport.ErrClosed) {
		t.Errorf("Write: %v, want ErrClosed", err)
	}
	select {
	case err := <-closed:
		if err != nil {
			t.Errorf("Close: %v", err)
		}
	case <-time.After(patience):
		t.Fatal("Close did not return while the peer took nothing")
	}
}

func testCloseTwice(t *testing.T, s *suite) {
	// They own one Close each, and are waited for.
	closed := make(chan error, 4)
	for range cap(closed) {
		go func() { closed <- s.conn.Close() }()
	}
	for range cap(closed) {
		select {
		case err := <-closed:
			if err != nil {
				t.Errorf("Close: %v", err)
			}
		case <-time.After(patience):
			t.Fatal("one of several Close did not return")
		}
	}
	within(t, "Close once more", s.conn.Close)
}

func testUseAfterClose(t *testing.T, s *suite) {
	testEcho(t, s)
	within(t, "Close", s.conn.Close)
	for range 2 {
		if _, err := s.read(t); !errors.Is(err, transport.ErrClosed) {
			t.Errorf("Read after Close: %v, want ErrClosed", err)
		}
		err := s.conn.Write(bounded(t), transport.Message{Session: 1, Data: text("us", 2)})
		if !errors.Is(err, transport.ErrClosed) {
			t.Errorf("Write after Close: %v, want ErrClosed", err)
		}
	}
}

func testLoss(t *testing.T, s *suite) {
	testEcho(t, s)
	s.peer.Drop()
	first := s.wantLoss(t)
	for range 3 {
		if _, err := s.read(t); err == nil || err.Error() != first.Error() {
			t.Errorf("Read after the loss: %v, want the first error again: %v", err, first)
		}
	}
	// A transport may take a while to find that it cannot write either.
	end := time.Now().Add(patience)
	for {
		err := s.conn.Write(bounded(t), transport.Message{Session: 1, Data: text("us", 2)})
		if errors.Is(err, transport.ErrClosed) {
			t.Errorf("Write after the loss says that we closed the connection: %v", err)
		}
		if err != nil {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("Write after the loss still succeeds after %v", patience)
		}
	}
	within(t, "Close after the loss", s.conn.Close)
	if _, err := s.read(t); !errors.Is(err, transport.ErrClosed) {
		t.Errorf("Read after loss and Close: %v, want ErrClosed", err)
	}
}

// testLossUnblocksWrite loses the connection under a Write that waits.
func testLossUnblocksWrite(t *testing.T, s *suite) {
	_, _, err := s.stuff(t, func(ctx context.Context) (context.Context, context.CancelFunc) {
		stop := after(moment, s.peer.Drop)
		ctx, cancel := context.WithTimeout(ctx, patience)
		return ctx, func() { stop(); cancel() }
	})
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, transport.ErrClosed) {
		t.Errorf("Write: %v, want the loss of the connection", err)
	}
	_ = s.wantLoss(t)
}
