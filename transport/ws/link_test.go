//go:build !js

package ws

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// socket records what one system call each would send. While gate is not nil a
// call waits there; a deadline does not end it.
type socket struct {
	net.Conn
	mu    sync.Mutex
	calls []string
	gate  chan struct{}
	once  sync.Once
	ended chan struct{}
}

func newSocket(gate chan struct{}) *socket { return &socket{gate: gate, ended: make(chan struct{})} }

func (s *socket) Write(p []byte) (int, error) {
	s.mu.Lock()
	s.calls = append(s.calls, string(p))
	s.mu.Unlock()
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-s.ended:
			return 0, net.ErrClosed
		}
	}
	return len(p), nil
}

func (s *socket) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.calls...)
}

func (s *socket) Read([]byte) (int, error)         { <-s.ended; return 0, io.EOF }
func (s *socket) SetWriteDeadline(time.Time) error { return nil }
func (s *socket) Close() error                     { s.once.Do(func() { close(s.ended) }); return nil }

func newTestLink(t *testing.T, s *socket) *link {
	l := newLink(s, time.Minute)
	l.socket = true
	t.Cleanup(func() { _ = l.Close(); l.wait() })
	return l
}

func put(t *testing.T, l *link, frame string) {
	require.NoError(t, l.begin(context.Background(), len(frame), nil))
	_, err := l.Write([]byte(frame))
	require.NoError(t, err)
	l.commit()
}

func TestLinkSequentialWritesAreOneCallEach(t *testing.T) {
	s := newSocket(nil)
	l := newTestLink(t, s)
	put(t, l, "one")
	require.Equal(t, []string{"one"}, s.seen(), "the call is made before commit returns")
	put(t, l, "two")
	require.Equal(t, []string{"one", "two"}, s.seen())
	require.False(t, l.busy)
}

func TestLinkCombinesWhatComesMeanwhile(t *testing.T) {
	gate := make(chan struct{})
	s := newSocket(gate)
	l := newTestLink(t, s)
	first := make(chan struct{})
	go func() { // owns the first call, waited for below
		defer close(first)
		put(t, l, "a")
	}()
	require.Eventually(t, func() bool { return len(s.seen()) == 1 }, 30*time.Second, time.Millisecond)
	for _, f := range []string{"b", "c", "d"} {
		put(t, l, f) // returns although the socket is taken
	}
	_, err := l.Write([]byte("pong"))
	require.NoError(t, err)
	gate <- struct{}{}
	<-first // the writer of the first message does not send the others'
	require.Eventually(t, func() bool { return len(s.seen()) == 2 }, 30*time.Second, time.Millisecond)
	require.Equal(t, []string{"a", "bcdpong"}, s.seen())
	gate <- struct{}{}
}

func TestLinkBoundsControlFrames(t *testing.T) {
	s := newSocket(make(chan struct{}))
	l := newTestLink(t, s)
	l.socket = false // the first frame goes to drain, which the gate stops
	pong := make([]byte, 131)
	var err error
	n := 0
	for ; err == nil && n < 10*maxControl/len(pong); n++ {
		_, err = l.Write(pong)
	}
	require.ErrorIs(t, err, errFlood)
	require.ErrorIs(t, l.cause(), errFlood)
	require.Greater(t, n, maxControl/len(pong))
}

func TestLinkBoundsPending(t *testing.T) {
	s := newSocket(make(chan struct{}))
	l := newTestLink(t, s)
	l.socket = false
	big := string(make([]byte, maxPending-10))
	put(t, l, big)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, l.begin(ctx, 20, nil), context.DeadlineExceeded)
	require.NoError(t, l.begin(t.Context(), 5, nil), "what fits still goes")
	l.commit()
	done := make(chan struct{})
	close(done)
	require.ErrorIs(t, l.begin(t.Context(), 20, done), net.ErrClosed)
	close(s.gate)
	require.NoError(t, l.begin(t.Context(), 20, nil), "there is room again")
	l.commit()
}
