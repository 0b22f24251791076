package client

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

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
	Janus       string          `json:"janus"`
	Transaction string          `json:"transaction"`
	Session     uint64          `json:"session_id"`
	Handle      uint64          `json:"handle_id"`
	Token       string          `json:"token"`
	APISecret   string          `json:"apisecret"`
	Plugin      string          `json:"plugin"`
	OpaqueID    string          `json:"opaque_id"`
	LoopIndex   *int            `json:"loop_index"`
	Body        json.RawMessage `json:"body"`
	JSEP        *JSEP           `json:"jsep"`
	Candidate   json.RawMessage `json:"candidate"`
	Candidates  json.RawMessage `json:"candidates"`
}

func newFake(t *testing.T, opts *Options) (*Client, *fake) {
	t.Helper()
	near, far := transport.Pipe()
	c := New(near, opts)
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		require.Zero(t, c.calls.pending(), "requests left in the table")
		far.Close()
	})
	return c, &fake{t, far}
}

func (f *fake) next() sent {
	f.t.Helper()
	data, err := f.conn.Read(context.Background())
	require.NoError(f.t, err)
	var m sent
	require.NoError(f.t, json.Unmarshal(data, &m), "%s", data)
	return m
}

// expect reads the next request, which must be op.
func (f *fake) expect(op string) sent {
	f.t.Helper()
	m := f.next()
	require.Equal(f.t, op, m.Janus)
	return m
}

func (f *fake) send(format string, args ...any) {
	f.t.Helper()
	require.NoError(f.t, f.conn.Write(context.Background(), transport.Message{Data: fmt.Appendf(nil, format, args...)}))
}

func (f *fake) success(m sent, id uint64) {
	f.t.Helper()
	f.send(`{"janus":"success","transaction":%q,"data":{"id":%d}}`, m.Transaction, id)
}

func (f *fake) ack(m sent) {
	f.t.Helper()
	f.send(`{"janus":"ack","session_id":%d,"transaction":%q}`, m.Session, m.Transaction)
}

func (f *fake) refuse(m sent, code int) {
	f.t.Helper()
	f.send(`{"janus":"error","session_id":%d,"transaction":%q,"error":{"code":%d,"reason":"because"}}`, m.Session, m.Transaction, code)
}

func (f *fake) event(m sent, data string) {
	f.t.Helper()
	f.send(`{"janus":"event","session_id":%d,"transaction":%q,"sender":%d,"plugindata":{"plugin":"p","data":%s}}`, m.Session, m.Transaction, m.Handle, data)
}

// result is what a call in the background returned.
type result[T any] struct {
	value T
	err   error
}

// async runs f in the background; the channel delivers what it returned.
func async[T any](f func() (T, error)) <-chan result[T] {
	ch := make(chan result[T], 1)
	go func() {
		v, err := f()
		ch <- result[T]{v, err}
	}()
	return ch
}

func asyncErr(f func() error) <-chan error {
	ch := make(chan error, 1)
	go func() { ch <- f() }()
	return ch
}

// session makes session 1.
func (f *fake) session(c *Client) *Session {
	f.t.Helper()
	got := async(func() (*Session, error) { return c.NewSession(f.t.Context()) })
	f.success(f.expect("create"), 1)
	r := <-got
	require.NoError(f.t, r.err)
	return r.value
}

// handle makes session 1 with handle 2. No keepalive may be on.
func (f *fake) handle(c *Client, opts *AttachOptions) *Handle {
	f.t.Helper()
	s := f.session(c)
	got := async(func() (*Handle, error) { return s.Attach(f.t.Context(), "p", opts) })
	f.success(f.expect("attach"), 2)
	r := <-got
	require.NoError(f.t, r.err)
	return r.value
}

// quiet are options without keepalives.
func quiet() *Options { return &Options{KeepAlive: -1} }
