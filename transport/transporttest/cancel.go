package transporttest

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// testCancelledBefore checks that a context that has ended does nothing.
func testCancelledBefore(t *testing.T, s *suite) {
	if _, err := s.conn.Read(cancelled()); !errors.Is(err, context.Canceled) {
		t.Errorf("Read with a cancelled context: %v, want context.Canceled", err)
	}
	err := s.conn.Write(cancelled(), transport.Message{Session: 1, Data: text("never", 1)})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Write with a cancelled context: %v, want context.Canceled", err)
	}
	if errors.Is(err, transport.ErrUncertain) {
		t.Error("Write with a cancelled context is not certain that it sent nothing")
	}
	testEcho(t, s)
}

func testCancelledRead(t *testing.T, s *suite) {
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), moment/5)
		_, err := s.conn.Read(ctx)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("Read of nothing: %v, want context.DeadlineExceeded", err)
		}
	}
	testEcho(t, s)
	s.send(t, text("peer", 2))
	s.wantRead(t, text("peer", 2))
}

// testCancelledReads cancels reads at every possible moment while messages
// arrive: all of them have to come out, once and in order.
func testCancelledReads(t *testing.T, s *suite) {
	const n = 300
	// It owns Send, ends after n messages, and is waited for.
	sent := make(chan error, 1)
	go func() {
		for i := range n {
			if err := s.peer.Send(t.Context(), text("peer", i)); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	end := time.Now().Add(patience)
	for got, try := 0, 0; got < n; try++ {
		if time.Now().After(end) {
			t.Fatalf("Read returned %d of %d messages within %v", got, n, patience)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		// It owns one cancellation, ends with it, and is waited for.
		wg.Go(func() {
			for range try % 7 {
				runtime.Gosched()
			}
			cancel()
		})
		b, err := s.conn.Read(ctx)
		wg.Wait()
		if runtime.GOOS == "js" {
			<-time.After(time.Millisecond) // nothing arrives while a goroutine can run
		}
		switch {
		case err == nil:
			same(t, "Read", b, text("peer", got))
			got++
		case !errors.Is(err, context.Canceled):
			t.Fatalf("Read: %v, want context.Canceled", err)
		}
	}
	if err := <-sent; err != nil {
		t.Errorf("the peer cannot send: %v", err)
	}
}

// stuff writes messages that nobody receives until one Write has to wait, and
// returns how many went out and that Write's error. It gives up on transports
// that take 256 MiB.
func (s *suite) stuff(t *testing.T, stop func(ctx context.Context) (context.Context, context.CancelFunc)) (int, []byte, error) {
	t.Helper()
	data := filled(64 << 10)
	if s.limits.Write > 0 && s.limits.Write < len(data) {
		data = filled(s.limits.Write)
	}
	for i := range 256 << 20 / len(data) {
		ctx, cancel := stop(t.Context())
		err := s.conn.Write(ctx, transport.Message{Session: 1, Data: data})
		cancel()
		if err != nil {
			return i, data, err
		}
	}
	t.Skip("this transport takes everything: Write never waits")
	return 0, nil, nil
}

// testCancelledWrite stuffs the connection, cancels the Write that waits, and
// checks that exactly what was accepted arrives.
func testCancelledWrite(t *testing.T, s *suite) {
	accepted, data, err := s.stuff(t, func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, moment)
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Write that waits: %v, want context.DeadlineExceeded", err)
	}
	for range accepted {
		s.wantReceive(t, data)
	}
	// It owns one Write, which has room now; it is waited for.
	wrote := make(chan error, 1)
	go func() {
		wrote <- s.conn.Write(t.Context(), transport.Message{Session: 1, Data: text("us", 1)})
	}()
	got, rerr := s.peer.Receive(bounded(t))
	if rerr == nil && string(got) == string(data) && errors.Is(err, transport.ErrUncertain) {
		got, rerr = s.peer.Receive(bounded(t)) // as that Write said, it may have arrived
	}
	if rerr != nil {
		t.Fatalf("the peer received nothing after a cancelled Write: %v", rerr)
	}
	same(t, "the peer", got, text("us", 1))
	if err := <-wrote; err != nil {
		t.Errorf("Write: %v", err)
	}
	s.send(t, text("peer", 1))
	s.wantRead(t, text("peer", 1))
}
