package transporttest

import (
	"errors"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
)

// testLargeRead reads every size at which framing changes, up to the limit, and
// small messages in between.
func testLargeRead(t *testing.T, s *suite) {
	sizes := []int{100, 125, 126, 127, 4095, 4096, 4097, 65535, 65536, 65537, 1 << 20}
	if s.limits.Read > 0 {
		sizes = append(sizes, s.limits.Read-1, s.limits.Read)
	}
	for _, size := range sizes {
		if s.limits.Read > 0 && size > s.limits.Read {
			continue
		}
		// It owns one Send, which may need the Read below; it is waited for.
		sent := make(chan error, 1)
		go func() { sent <- s.peer.Send(t.Context(), filled(size)) }()
		s.wantRead(t, filled(size))
		if err := <-sent; err != nil {
			t.Fatalf("the peer cannot send %d bytes: %v", size, err)
		}
		s.send(t, text("small", size))
		s.wantRead(t, text("small", size))
	}
}

func testTooLarge(t *testing.T, s *suite) {
	if s.limits.Read == 0 {
		return // the transport has none
	}
	// It owns one Send, which may fail when the connection ends under it, and
	// is waited for.
	sent := make(chan error, 1)
	go func() { sent <- s.peer.Send(t.Context(), filled(s.limits.Read+1)) }()
	err := s.wantLoss(t)
	var large *transport.TooLargeError
	if !errors.As(err, &large) {
		t.Fatalf("Read of %d bytes: %v, want *TooLargeError", s.limits.Read+1, err)
	}
	if large.Limit != int64(s.limits.Read) {
		t.Errorf("the error names a limit of %d bytes, want %d", large.Limit, s.limits.Read)
	}
	if _, again := s.read(t); again == nil || again.Error() != err.Error() {
		t.Errorf("Read after that: %v, want the same error", again)
	}
	within(t, "Close", s.conn.Close)
	if err := <-sent; err != nil {
		t.Logf("as it may, the peer could not send it all: %v", err)
	}
}

func testLargeWrite(t *testing.T, s *suite) {
	sizes := []int{100, 125, 126, 127, 4090, 4096, 4097, 65535, 65536, 65537, 1 << 20}
	if s.limits.Write > 0 {
		sizes = append(sizes, s.limits.Write-1, s.limits.Write)
	}
	for _, size := range sizes {
		if s.limits.Write > 0 && size > s.limits.Write {
			continue
		}
		// It owns one Write, which may need the Receive below; it is waited for.
		wrote := make(chan error, 1)
		go func() {
			wrote <- s.conn.Write(t.Context(), transport.Message{Session: 1, Data: filled(size)})
		}()
		s.wantReceive(t, filled(size))
		if err := <-wrote; err != nil {
			t.Fatalf("Write of %d bytes: %v", size, err)
		}
	}
	if s.limits.Write > 0 {
		err := s.conn.Write(bounded(t), transport.Message{Session: 1, Data: filled(s.limits.Write + 1)})
		if err == nil {
			t.Errorf("Write of %d bytes succeeded, above the limit of %d", s.limits.Write+1, s.limits.Write)
		}
		testEcho(t, s)
	}
}
