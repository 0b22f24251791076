package client

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRequestAnswers(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	request := func() <-chan result[Response] {
		return async(func() (Response, error) { return h.Request(t.Context(), map[string]int{"x": 1}, nil) })
	}

	t.Run("ack, then event", func(t *testing.T) {
		got := request()
		m := f.expect("message")
		require.JSONEq(t, `{"x":1}`, string(m.Body))
		f.ack(m)
		f.event(m, `{"ok":1}`)
		r := <-got
		require.NoError(t, r.err)
		require.True(t, r.value.Async)
		require.JSONEq(t, `{"ok":1}`, string(r.value.Data))
	})
	t.Run("event before ack", func(t *testing.T) {
		got := request()
		m := f.expect("message")
		f.event(m, `{"ok":2}`)
		f.ack(m)
		require.JSONEq(t, `{"ok":2}`, string((<-got).value.Data))
	})
	t.Run("synchronous", func(t *testing.T) {
		got := request()
		m := f.expect("message")
		f.send(`{"janus":"success","session_id":1,"sender":2,"transaction":%q,"plugindata":{"plugin":"p","data":{"list":[]}},"jsep":{"type":"answer","sdp":"v=0\r\n","e2ee":true}}`, m.Transaction)
		r := <-got
		require.NoError(t, r.err)
		require.False(t, r.value.Async)
		require.Equal(t, &JSEP{Type: "answer", SDP: "v=0\r\n", E2EE: true}, r.value.JSEP)
	})
	t.Run("refused by the gateway", func(t *testing.T) {
		got := request()
		f.refuse(f.expect("message"), 459)
		err := (<-got).err
		require.ErrorIs(t, err, HandleNotFound)
		require.NotErrorIs(t, err, SessionNotFound)
		var e *Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, Error{Op: "message", Code: 459, Reason: "because"}, *e)
	})
	t.Run("refused by the plugin", func(t *testing.T) {
		got := request()
		m := f.expect("message")
		f.ack(m)
		f.event(m, `{"error_code":426,"error":"no such room"}`)
		err := (<-got).err
		require.ErrorIs(t, err, PluginCode{"p", 426})
		require.NotErrorIs(t, err, PluginCode{"q", 426})
		require.EqualError(t, err, "p: no such room (error 426)")
	})
	t.Run("later events of the transaction", func(t *testing.T) {
		got := request()
		m := f.expect("message")
		f.event(m, `{"n":1}`)
		f.event(m, `{"n":2}`)
		require.JSONEq(t, `{"n":1}`, string((<-got).value.Data))
		ev, err := h.Next(t.Context())
		require.NoError(t, err)
		require.JSONEq(t, `{"n":2}`, string(ev.(*PluginEvent).Data))
		require.Equal(t, m.Transaction, ev.Base().Transaction)
	})
	t.Run("broken answer", func(t *testing.T) {
		got := request()
		m := f.expect("message")
		f.send(`{"janus":"event","session_id":1,"transaction":%q,"sender":2,"plugindata":{"plug`, m.Transaction)
		var e *ProtocolError
		require.ErrorAs(t, (<-got).err, &e)
	})
	t.Run("wrong kind of answer", func(t *testing.T) {
		got := request()
		f.send(`{"janus":"pong","session_id":1,"transaction":%q}`, f.expect("message").Transaction)
		var e *ProtocolError
		require.ErrorAs(t, (<-got).err, &e)
	})
	require.Zero(t, c.calls.pending())
}

func TestRequestUntil(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	final := func(r *Response) bool {
		var d struct{ Done bool }
		return json.Unmarshal(r.Data, &d) == nil && d.Done
	}
	got := async(func() (Response, error) { return h.RequestUntil(t.Context(), nil, nil, final) })
	m := f.expect("message")
	f.ack(m)
	f.event(m, `{"n":1}`)
	f.event(m, `{"n":2,"done":true}`)
	f.event(m, `{"n":3,"done":true}`)
	r := <-got
	require.NoError(t, r.err)
	require.JSONEq(t, `{"n":2,"done":true}`, string(r.value.Data))
	for _, want := range []string{`{"n":1}`, `{"n":3,"done":true}`} {
		ev, err := h.Next(t.Context())
		require.NoError(t, err)
		require.JSONEq(t, want, string(ev.(*PluginEvent).Data))
	}

	got = async(func() (Response, error) { return h.RequestUntil(t.Context(), nil, nil, final) })
	m = f.expect("message")
	f.event(m, `{"error_code":7,"error":"no"}`)
	require.ErrorIs(t, (<-got).err, PluginCode{"p", 7})
}

func TestSendReturnsOnAck(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	got := asyncErr(func() error { return h.Send(t.Context(), nil, nil) })
	m := f.expect("message")
	require.JSONEq(t, `{}`, string(m.Body))
	f.event(m, `{"early":true}`)
	f.ack(m)
	require.NoError(t, <-got)
	ev, err := h.Next(t.Context())
	require.NoError(t, err)
	require.JSONEq(t, `{"early":true}`, string(ev.(*PluginEvent).Data))

	got = asyncErr(func() error { return h.Send(t.Context(), nil, nil) })
	m = f.expect("message")
	f.send(`{"janus":"success","session_id":1,"sender":2,"transaction":%q,"plugindata":{"plugin":"p","data":{"error_code":5,"error":"x"}}}`, m.Transaction)
	require.ErrorIs(t, <-got, PluginCode{"p", 5})
}

func TestErrorWithoutTransaction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, quiet())
		h := f.handle(c, nil)
		one := asyncErr(func() error { return h.Send(t.Context(), nil, nil) })
		f.expect("message")
		f.send(`{"janus":"error","error":{"code":454,"reason":"bad JSON"}}`)
		require.ErrorIs(t, <-one, InvalidJSON, "the only request on its way is the one meant")

		one = asyncErr(func() error { return h.Send(t.Context(), nil, nil) })
		two := asyncErr(func() error { return h.Send(t.Context(), nil, nil) })
		a, b := f.expect("message"), f.expect("message")
		f.send(`{"janus":"error","session_id":1,"error":{"code":454,"reason":"bad JSON"}}`)
		ev, err := h.Session().Next(t.Context())
		require.NoError(t, err)
		require.ErrorIs(t, ev.(*GatewayError).Err, InvalidJSON, "with two on their way it is an event")
		f.ack(a)
		f.ack(b)
		require.NoError(t, <-one)
		require.NoError(t, <-two)
	})
}

func TestDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, quiet())
		h := f.handle(c, nil)
		start := time.Now()
		_, err := h.Request(t.Context(), nil, nil)
		require.ErrorIs(t, err, ErrTimeout)
		require.NotErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 10*time.Second, time.Since(start))
		late := f.expect("message")

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start = time.Now()
		_, err = h.Request(ctx, nil, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NotErrorIs(t, err, ErrTimeout)
		require.Equal(t, time.Minute, time.Since(start), "a caller's deadline replaces the default")
		f.expect("message")

		ctx, cancel = context.WithCancel(t.Context())
		got := async(func() (Response, error) { return h.Request(ctx, nil, nil) })
		f.expect("message")
		cancel()
		require.ErrorIs(t, (<-got).err, context.Canceled)
		_, err = h.Request(ctx, nil, nil)
		require.ErrorIs(t, err, context.Canceled, "nothing is sent for a context that has ended")
		require.Zero(t, c.calls.pending())

		// What comes too late is nobody's answer, not even that of the next request
		// in the same slot.
		got = async(func() (Response, error) { return h.Request(t.Context(), nil, nil) })
		m := f.expect("message")
		f.ack(late)
		f.refuse(late, 458)
		f.event(m, `{"right":true}`)
		r := <-got
		require.NoError(t, r.err)
		require.JSONEq(t, `{"right":true}`, string(r.value.Data))
	})
}

func TestBadArguments(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	var e *ArgumentError
	for _, body := range []any{[]int{1}, "text", json.RawMessage("[]"), json.RawMessage("{"), json.RawMessage("")} {
		_, err := h.Request(t.Context(), body, nil)
		require.ErrorAs(t, err, &e, "%v", body)
	}
	_, err := h.Request(t.Context(), func() {}, nil)
	require.Error(t, err)
	_, err = h.Session().Attach(t.Context(), "", nil)
	require.ErrorAs(t, err, &e)
	_, err = c.ClaimSession(t.Context(), 0)
	require.ErrorAs(t, err, &e)
	_, err = h.Session().Adopt(0, "p", nil)
	require.ErrorAs(t, err, &e)
	require.Zero(t, c.calls.pending())
}

func TestTrickle(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	a := Candidate{Candidate: "candidate:1 1 udp 1 10.0.0.1 5 typ host", SDPMid: "0"}
	for _, tt := range []struct {
		list      []Candidate
		one, many string
	}{
		{nil, `{"completed":true}`, ``},
		{[]Candidate{a}, `{"candidate":"candidate:1 1 udp 1 10.0.0.1 5 typ host","sdpMid":"0","sdpMLineIndex":0}`, ``},
		{[]Candidate{a, {Candidate: "b", SDPMLineIndex: 1}}, ``, `[{"candidate":"candidate:1 1 udp 1 10.0.0.1 5 typ host","sdpMid":"0","sdpMLineIndex":0},{"candidate":"b","sdpMLineIndex":1}]`},
	} {
		got := asyncErr(func() error { return h.Trickle(t.Context(), tt.list...) })
		m := f.expect("trickle")
		require.Equal(t, tt.one, string(m.Candidate))
		require.Equal(t, tt.many, string(m.Candidates))
		f.ack(m)
		require.NoError(t, <-got)
	}
}

func TestJSEPGoesOut(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	jsep := &JSEP{Type: "offer", SDP: "v=0\r\n", Trickle: new(false), RIDOrder: "lmh", ForceRelay: true, E2EE: true, SVC: []SVC{{MID: "1", Mode: "L3T3"}}}
	got := asyncErr(func() error { return h.Send(t.Context(), nil, jsep) })
	m := f.expect("message")
	require.Equal(t, jsep, m.JSEP)
	f.ack(m)
	require.NoError(t, <-got)
}

func TestLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, quiet())
		h := f.handle(c, nil)
		got := async(func() (Response, error) { return h.Request(t.Context(), nil, nil) })
		f.expect("message")
		f.conn.Close()
		err := (<-got).err
		require.ErrorIs(t, err, ErrOutcomeUnknown)
		require.NotErrorIs(t, err, ErrInterrupted)
		<-c.Done()
		require.ErrorIs(t, c.Err(), ErrClosed)
		require.ErrorContains(t, c.Err(), "connection lost")

		for _, next := range []Nexter{h, h.Session()} {
			ev, err := next.Next(t.Context())
			require.NoError(t, err)
			require.Error(t, ev.(*Interrupted).Err)
			_, err = next.Next(t.Context())
			require.ErrorIs(t, err, ErrClosed)
		}
		_, err = c.Ping(t.Context())
		require.ErrorIs(t, err, ErrInterrupted)
		require.NotErrorIs(t, err, ErrOutcomeUnknown)
		_, err = h.Request(t.Context(), nil, nil)
		require.ErrorIs(t, err, ErrClosed)
		<-h.Done()
		<-h.Session().Done()
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, &Options{KeepAlive: time.Minute})
		h := f.handle(c, nil)
		got := async(func() (Response, error) { return h.Request(t.Context(), nil, nil) })
		next := async(func() (Event, error) { return h.Next(t.Context()) })
		synctest.Wait()
		require.NoError(t, c.Close())
		require.NoError(t, c.Close())
		require.ErrorIs(t, (<-got).err, ErrClosed)
		require.ErrorIs(t, (<-next).err, ErrClosed)
		require.Equal(t, ErrClosed, c.Err())
		_, err := c.NewSession(t.Context())
		require.True(t, errors.Is(err, ErrClosed) && !errors.Is(err, ErrInterrupted))
	})
}
