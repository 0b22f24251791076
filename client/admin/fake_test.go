package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

// fake is the gateway's end of a connection, moved by the test itself.
type fake struct {
	t    *testing.T
	conn transport.Conn
}

// sent is what the client sent.
type sent struct {
	Janus       string `json:"janus"`
	Transaction string `json:"transaction"`
	Secret      string `json:"admin_secret"`
	Session     uint64 `json:"session_id"`
	Handle      uint64 `json:"handle_id"`
	raw         string
}

func newFake(t *testing.T, opts *Options) (*Client, *fake) {
	t.Helper()
	near, far := transport.Pipe()
	c := New(&lender{Conn: near}, opts)
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		require.Empty(t, c.pending, "requests left in the table")
		far.Close()
	})
	return c, &fake{t, far}
}

// expect reads the next request, which must be op.
func (f *fake) expect(op string) sent {
	f.t.Helper()
	m, err := f.read()
	require.NoError(f.t, err)
	require.Equal(f.t, op, m.Janus)
	return m
}

// read reads the next request.
func (f *fake) read() (sent, error) {
	data, err := f.conn.Read(context.Background())
	if err != nil {
		return sent{}, err
	}
	m := sent{raw: string(data)}
	return m, json.Unmarshal(data, &m)
}

func (f *fake) send(format string, args ...any) {
	f.t.Helper()
	require.NoError(f.t, f.conn.Write(context.Background(), transport.Message{Data: fmt.Appendf(nil, format, args...)}))
}

// success answers m with further members, each with its comma before it.
func (f *fake) success(m sent, members string) {
	f.t.Helper()
	f.send(`{"janus":"success","transaction":%q%s}`, m.Transaction, members)
}

func (f *fake) refuse(m sent, code int) {
	f.t.Helper()
	f.send(`{"janus":"error","transaction":%q,"error":{"code":%d,"reason":"because"}}`, m.Transaction, code)
}

// async runs f in the background; the channel delivers what it returned.
func async(f func() error) <-chan error {
	ch := make(chan error, 1)
	go func() { ch <- f() }()
	return ch
}

// lender takes back what Read returned, as a connection may.
type lender struct {
	transport.Conn
	lent []byte
}

func (l *lender) Read(ctx context.Context) ([]byte, error) {
	clear(l.lent)
	data, err := l.Conn.Read(ctx)
	l.lent = data
	return data, err
}

// slowEnd is a connection whose Read takes a minute to notice its end.
type slowEnd struct{ transport.Conn }

func (s slowEnd) Read(ctx context.Context) ([]byte, error) {
	data, err := s.Conn.Read(ctx)
	if err != nil {
		time.Sleep(time.Minute) //nolint:forbidigo // virtual time
	}
	return data, err
}

// direct is a connection whose network brings the answers by itself, as HTTP
// does.
type direct struct {
	transport.Conn
	answer []byte
	err    error
}

func (d *direct) Exchange(context.Context, transport.Message) ([]byte, error) { return d.answer, d.err }
