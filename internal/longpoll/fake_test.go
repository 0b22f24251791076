package longpoll

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/stretchr/testify/require"
)

const root = "http://gw/janus"

// exchange is one call of a Doer. The test answers it.
type exchange struct {
	method, url, body string
	at                time.Time
	reply             chan<- reply
}

type reply struct {
	status int
	answer string
	err    error
}

func (x exchange) answer(status int, body string) { x.reply <- reply{status: status, answer: body} }

// server hands out the exchanges of a Conn, polls and others apart.
type server struct {
	polls, posts chan exchange
}

func newServer() *server {
	return &server{polls: make(chan exchange), posts: make(chan exchange)}
}

func (s *server) do(ctx context.Context, method, url string, body []byte) (int, []byte, error) {
	back := make(chan reply, 1)
	to := s.posts
	if strings.Contains(url, "maxev=") {
		to = s.polls
	}
	select {
	case to <- exchange{method, url, string(body), time.Now(), back}:
	case <-ctx.Done():
		return 0, nil, ctx.Err()
	}
	select {
	case r := <-back:
		return r.status, []byte(r.answer), r.err
	case <-ctx.Done():
		return 0, nil, ctx.Err()
	}
}

func open(t *testing.T, opts Options) (*Conn, *server) {
	s := newServer()
	c := Open(root, transport.Janus, opts, s.do)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c, s
}

func wantRead(t *testing.T, c *Conn, want string) {
	t.Helper()
	got, err := c.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, string(got))
}

// write starts a Write and returns where its error will be.
func write(ctx context.Context, c *Conn, m transport.Message) <-chan error {
	done := make(chan error, 1)
	go func() { done <- c.Write(ctx, m) }() // the caller waits for done
	return done
}

// script is a Doer that returns one reply after the other, at once, and then
// hangs.
type script struct {
	mu      sync.Mutex
	replies []reply
	calls   []exchange
}

func (s *script) do(ctx context.Context, method, url string, body []byte) (int, []byte, error) {
	s.mu.Lock()
	s.calls = append(s.calls, exchange{method: method, url: url, body: string(body), at: time.Now()})
	if len(s.replies) == 0 {
		s.mu.Unlock()
		<-ctx.Done()
		return 0, nil, ctx.Err()
	}
	r := s.replies[0]
	s.replies = s.replies[1:]
	s.mu.Unlock()
	return r.status, []byte(r.answer), r.err
}
