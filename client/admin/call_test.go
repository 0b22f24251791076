package admin

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/longpoll"
	"github.com/bifrons-rtc/bifrons/transport"
)

func TestCall(t *testing.T) {
	c, f := newFake(t, &Options{Secret: `"q"`})
	got := async(func() error { return c.Call(t.Context(), Request{Name: "ping"}, nil) })
	m := f.expect("ping")
	require.Equal(t, `"q"`, m.Secret)
	require.NotContains(t, m.raw, "session_id")
	f.send(`{"janus":"pong","transaction":%q}`, m.Transaction)
	require.NoError(t, <-got)

	// Answers find their requests in any order.
	var first, second struct{ N uint64 }
	a := async(func() error { return c.Call(t.Context(), Request{Name: "first", Session: 7}, &first) })
	one := f.expect("first")
	b := async(func() error {
		return c.Call(t.Context(), Request{Name: "second", Session: math.MaxUint64, Handle: 9, Body: json.RawMessage(` { "x" : 1 } `)}, &second)
	})
	two := f.expect("second")
	require.Equal(t, []uint64{7, 0, math.MaxUint64, 9}, []uint64{one.Session, one.Handle, two.Session, two.Handle})
	require.True(t, strings.HasSuffix(two.raw, `,"x":1}`), two.raw)
	f.success(two, `,"n":18446744073709551615`)
	f.success(one, `,"n":1`)
	require.NoError(t, <-a)
	require.NoError(t, <-b)
	require.EqualValues(t, 1, first.N)
	require.EqualValues(t, uint64(math.MaxUint64), second.N)
}

func TestAnswersThatAreNone(t *testing.T) {
	var ignored []string
	c, f := newFake(t, &Options{Trace: &client.Trace{Ignored: func(data []byte, _ string) { ignored = append(ignored, string(data)) }}})
	strange := []string{`[]`, `{`, `null`, `{"janus":"success"}`, `{"janus":"success","transaction":5}`, `{"janus":"success","transaction":"nobody"}`, "\xff"}
	for _, data := range strange {
		f.send("%s", data)
	}
	for answer, want := range map[string]string{
		`{"transaction":%q}`:                                              "unexpected answer",
		`{"janus":5,"transaction":%q}`:                                    "unexpected answer",
		`{"janus":"ack","transaction":%q}`:                                "unexpected answer",
		`{"janus":"success","transaction":%q,"status":{},`:                "unexpected end",
		`{"janus":"error","transaction":%q}`:                              "unknown error (error 490)",
		`{"janus":"error","transaction":%q,"error":[]}`:                   "unknown error (error 490)",
		`{"janus":"error","transaction":%q,"error":{"code":"a"}}`:         "unknown error (error 490)",
		`{"janus":"error","transaction":%q,"error":{"code":999}}`:         "error 999",
		`{"janus":"success","transaction":%q}`:                            "unexpected end",
		`{"janus":"success","transaction":%q,"status":5}`:                 "",
		`{"janus":"success","transaction":%q,"status":{"log_level":[7]}}`: "",
	} {
		got := async(func() error { _, err := c.Status(t.Context()); return err })
		f.send(answer, f.expect("get_status").Transaction)
		err := <-got
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want, answer)
		if _, protocol := errors.AsType[*client.ProtocolError](err); !protocol {
			require.IsType(t, &client.Error{}, err)
		}
	}
	require.Equal(t, strange, ignored)
}

// TestLists reads answers whose lists are not what they should be.
func TestLists(t *testing.T) {
	c, f := newFake(t, nil)
	answers := []string{``, `,"sessions":null,"handles":null,"loops":null,"data":null,"response":null`,
		`,"sessions":{},"handles":5,"loops":[5,null],"data":[],"response":[]`, `,"data":{"tokens":[null,5],"plugins":[5,null]}`}
	for op, call := range map[string]func(context.Context) error{
		"list_sessions":  func(ctx context.Context) error { _, err := c.ListSessions(ctx); return err },
		"list_handles":   func(ctx context.Context) error { _, err := c.ListHandles(ctx, 1); return err },
		"loops_info":     func(ctx context.Context) error { _, err := c.LoopsInfo(ctx); return err },
		"list_tokens":    func(ctx context.Context) error { _, err := c.ListTokens(ctx); return err },
		"add_token":      func(ctx context.Context) error { _, err := c.AddToken(ctx, "t"); return err },
		"message_plugin": func(ctx context.Context) error { _, err := c.MessagePlugin(ctx, "p", nil); return err },
	} {
		for _, answer := range answers {
			got := async(func() error { return call(t.Context()) })
			f.success(f.expect(op), answer)
			require.NoError(t, <-got, "%s: %s", op, answer)
		}
	}
}

func TestEndOfACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, nil)
		// Our own timeout, with and without patience for the gateway's resolver.
		for op, call := range map[string]func() error{
			"get_status":      func() error { _, err := c.Status(t.Context()); return err },
			"resolve_address": func() error { _, err := c.ResolveAddress(t.Context(), "h"); return err },
		} {
			start := time.Now()
			got := async(call)
			late := f.expect(op)
			err := <-got
			require.ErrorIs(t, err, client.ErrTimeout)
			require.NotErrorIs(t, err, context.DeadlineExceeded)
			want := defaultRequestTimeout
			if op == "resolve_address" {
				want = slowTimeout
			}
			require.Equal(t, want, time.Since(start))
			f.success(late, "") // nobody waits for it any more
		}
		// The caller's.
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		got := async(func() error { _, err := c.Status(ctx); return err })
		f.expect("get_status")
		require.ErrorIs(t, <-got, context.DeadlineExceeded)
		require.Equal(t, time.Minute, time.Since(start))
		require.ErrorIs(t, c.Call(ctx, Request{Name: "ping"}, nil), context.DeadlineExceeded)
		// The connection's, after which nothing begins.
		got = async(func() error { _, err := c.Status(t.Context()); return err })
		f.expect("get_status")
		require.NoError(t, f.conn.Close())
		err := <-got
		require.ErrorIs(t, err, client.ErrOutcomeUnknown)
		require.ErrorIs(t, err, client.ErrClosed)
		<-c.Done()
		require.ErrorIs(t, c.Err(), client.ErrClosed)
		require.ErrorContains(t, c.Err(), "lost")
		_, err = c.Ping(t.Context())
		require.ErrorIs(t, err, client.ErrInterrupted)
	})
}

func TestNoTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, &Options{RequestTimeout: -1})
		got := async(func() error { _, err := c.Ping(t.Context()); return err })
		m := f.expect("ping")
		time.Sleep(time.Hour) //nolint:forbidigo // virtual time
		f.success(m, "")
		require.NoError(t, <-got)
	})
}

func TestClose(t *testing.T) {
	c, f := newFake(t, nil)
	require.NoError(t, c.Err())
	got := async(func() error { _, err := c.Status(t.Context()); return err })
	f.expect("get_status")
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-got, client.ErrClosed)
	require.NoError(t, c.Close())
	require.Equal(t, client.ErrClosed, c.Err())
	_, err := c.Status(t.Context())
	require.ErrorIs(t, err, client.ErrClosed)
}

func TestCloseWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := transport.Pipe()
		defer far.Close()
		c := New(slowEnd{near}, nil)
		start := time.Now()
		require.NoError(t, c.Close())
		require.Equal(t, time.Minute, time.Since(start))
	})
}

// TestExplain is what makes a refusal clear: another request shows which API it
// is and whether the secret is right.
func TestExplain(t *testing.T) {
	c, f := newFake(t, nil)
	call := func() <-chan error { return async(func() error { return c.SetLibniceDebug(t.Context(), true) }) }

	got := call()
	f.refuse(f.expect("set_libnice_debug"), 457)
	f.success(f.expect("get_status"), "")
	err := <-got
	var gone *RemovedError
	require.ErrorAs(t, err, &gone)
	require.Equal(t, "1.3.2", gone.Since)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.ErrorIs(t, err, client.InvalidRequestPath)
	require.ErrorContains(t, err, "set_libnice_debug")
	require.ErrorContains(t, err, "1.3.2")
	require.Nil(t, removed["set_libnice_debug"].Err)

	for _, test := range []struct {
		code, status int // of the request, and of the one that explains it
		hint         string
	}{{457, 457, "client API"}, {453, 457, "client API"}, {403, 457, "client API"}, {403, 403, "Options.Secret"}, {457, 490, "because"}} {
		got := call()
		f.refuse(f.expect("set_libnice_debug"), test.code)
		f.refuse(f.expect("get_status"), test.status)
		err := <-got
		require.ErrorIs(t, err, client.Code(test.code))
		require.ErrorContains(t, err, test.hint)
		require.NotErrorIs(t, err, errors.ErrUnsupported)
	}
	// What has nothing to explain costs no request, nor does get_status itself.
	got = call()
	f.refuse(f.expect("set_libnice_debug"), 490)
	require.ErrorIs(t, <-got, client.UnknownError)
	got = async(func() error { _, err := c.Status(t.Context()); return err })
	f.refuse(f.expect("get_status"), 403)
	require.ErrorContains(t, <-got, "Options.Secret")
	// Without an answer to it, the refusal stands.
	got = call()
	f.refuse(f.expect("set_libnice_debug"), 457)
	f.expect("get_status")
	require.NoError(t, f.conn.Close())
	require.ErrorIs(t, <-got, client.InvalidRequestPath)
}

// TestExchange has no connection, as over HTTP.
func TestExchange(t *testing.T) {
	near, far := transport.Pipe()
	defer far.Close()
	d := &direct{Conn: near}
	c := New(d, nil)
	defer c.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	call := func() error { return c.Call(ctx, Request{Name: "list_sessions"}, nil) }
	d.answer = []byte(`{"janus":"error","error":{"code":454,"reason":"no transaction: none was read"}}`)
	require.ErrorIs(t, call(), client.InvalidJSON)
	d.answer = nil
	require.ErrorIs(t, call(), client.ErrOutcomeUnknown)
	for _, test := range []struct{ err, want error }{
		{transport.ErrUncertain, client.ErrOutcomeUnknown},
		{transport.ErrClosed, client.ErrInterrupted},
		{&transport.CloseError{Code: 1006}, client.ErrInterrupted},
		{longpoll.ErrNotSent, client.ErrInterrupted},
	} {
		d.err = test.err
		require.ErrorIs(t, call(), test.want)
		require.ErrorIs(t, call(), test.err)
	}
	d.err = &transport.StatusError{Code: 413}
	require.ErrorIs(t, call(), d.err)
	require.NotErrorIs(t, call(), client.ErrInterrupted, "the connection is not at fault")
	cancel()
	d.err = context.Canceled
	require.ErrorIs(t, call(), context.Canceled)
}

func TestTraceHasNoSecrets(t *testing.T) {
	var seen []string
	note := func(data []byte) { seen = append(seen, string(data)) }
	c, f := newFake(t, &Options{Secret: "CANARY", Trace: &client.Trace{Sent: note, Received: note}})
	got := async(func() error { _, err := c.AddToken(t.Context(), "CANARY"); return err })
	f.success(f.expect("add_token"), `,"data":{"tokens":[{"token":"CANARY"}],"plugins":[]}`)
	require.NoError(t, <-got)
	require.Len(t, seen, 2)
	require.NotContains(t, strings.Join(seen, ""), "CANARY")
	require.Contains(t, seen[0], "add_token")
}
