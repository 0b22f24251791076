package client

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestCoreEvents(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	for _, tt := range []struct {
		fields string
		want   Event
	}{
		{`"janus":"webrtcup"`, &WebRTCUp{}},
		{`"janus":"ice-failed"`, &ICEFailed{}},
		{`"janus":"media","mid":"1","type":"video","receiving":false,"seconds":2,"substream":0`, &MediaState{MID: "1", Media: "video", Seconds: 2, Substream: new(0)}},
		{`"janus":"media","mid":"0","type":"audio","receiving":true`, &MediaState{MID: "0", Media: "audio", Receiving: true}},
		{`"janus":"slowlink","mid":"1","media":"video","uplink":true,"lost":7`, &SlowLink{MID: "1", Media: "video", Uplink: true, Lost: 7}},
		{`"janus":"hangup","reason":"DTLS alert"`, &Hangup{Reason: "DTLS alert"}},
		{`"janus":"trickle","candidate":{"candidate":"c","sdpMLineIndex":0}`, &RemoteCandidate{Candidate: &Candidate{Candidate: "c"}}},
		{`"janus":"trickle","candidate":{"completed":true}`, &RemoteCandidate{}},
		{`"janus":"event","plugindata":{"plugin":"p","data":{"a":1}},"jsep":{"type":"offer","sdp":"s"}`, &PluginEvent{Plugin: "p", Data: []byte(`{"a":1}`), JSEP: &JSEP{Type: "offer", SDP: "s"}}},
		{`"janus":"brandnew","x":1`, &PluginEvent{}},
	} {
		raw := fmt.Sprintf(`{%s,"session_id":1,"sender":2}`, tt.fields)
		f.send("%s", raw)
		ev, err := h.Next(t.Context())
		require.NoError(t, err)
		b := ev.Base()
		require.Equal(t, raw, string(b.Raw))
		require.EqualValues(t, 1, b.Session)
		require.EqualValues(t, 2, b.Handle)
		require.NotEmpty(t, b.Kind)
		b.Raw, b.Session, b.Handle, b.Kind = nil, 0, 0, ""
		require.Equal(t, tt.want, ev)
	}
}

func TestDecoder(t *testing.T) {
	type mine struct {
		EventBase
		A string
	}
	c, f := newFake(t, quiet())
	h := f.handle(c, &AttachOptions{Decode: func(ev *PluginEvent) Event {
		if string(ev.Data) == `{"a":"x"}` {
			return &mine{EventBase: ev.EventBase, A: "x"}
		}
		return nil
	}})
	f.send(`{"janus":"event","session_id":1,"sender":2,"plugindata":{"plugin":"p","data":{"a":"x"}}}`)
	f.send(`{"janus":"event","session_id":1,"sender":2,"plugindata":{"plugin":"p","data":{"a":"y"}}}`)
	ev, err := h.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, &mine{}, ev)
	ev, err = h.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, &PluginEvent{}, ev)
}

func TestDetachAndDestroy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, quiet())
		h := f.handle(c, nil)
		s := h.Session()
		other, err := s.Adopt(9, "p", nil)
		require.NoError(t, err)

		f.send(`{"janus":"event","session_id":1,"sender":2,"plugindata":{"plugin":"p","data":{}}}`)
		got := asyncErr(func() error { return h.Detach(t.Context()) })
		m := f.expect("detach")
		require.EqualValues(t, 2, m.Handle)
		f.send(`{"janus":"detached","session_id":1,"sender":2}`)
		f.send(`{"janus":"success","session_id":1,"transaction":%q}`, m.Transaction)
		require.NoError(t, <-got)
		require.NoError(t, h.Detach(t.Context()), "twice is fine")
		ev, err := h.Next(t.Context())
		require.NoError(t, err)
		require.IsType(t, &PluginEvent{}, ev, "what came before the end is still there")
		_, err = h.Next(t.Context())
		require.ErrorIs(t, err, ErrDetached, "our own detach is no event")
		_, err = h.Request(t.Context(), nil, nil)
		require.ErrorIs(t, err, ErrDetached)

		f.send(`{"janus":"detached","session_id":1,"sender":9}`)
		ev, err = other.Next(t.Context())
		require.NoError(t, err)
		require.IsType(t, &Detached{}, ev, "the gateway's own detach is one")
		_, err = other.Next(t.Context())
		require.ErrorIs(t, err, ErrDetached)
		require.NoError(t, other.Detach(t.Context()))

		third, err := s.Adopt(10, "p", nil)
		require.NoError(t, err)
		got = asyncErr(func() error { return s.Destroy(t.Context()) })
		f.refuse(f.expect("destroy"), 458)
		require.NoError(t, <-got, "a session that is gone is destroyed")
		require.NoError(t, s.Destroy(t.Context()))
		_, err = third.Next(t.Context())
		require.ErrorIs(t, err, ErrDestroyed)
		_, err = s.Next(t.Context())
		require.ErrorIs(t, err, ErrDestroyed)
		_, err = s.Attach(t.Context(), "p", nil)
		require.ErrorIs(t, err, ErrDestroyed)
		require.Empty(t, c.list())
	})
}

func TestDetachRefused(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	got := asyncErr(func() error { return h.Detach(t.Context()) })
	f.refuse(f.expect("detach"), 490)
	require.ErrorIs(t, <-got, UnknownError)
	f.send(`{"janus":"detached","session_id":1,"sender":2}`)
	ev, err := h.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, &Detached{}, ev)
}

func TestSessionTimeout(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	f.send(`{"janus":"timeout","session_id":1}`)
	f.send(`{"janus":"detached","session_id":1,"sender":2}`)
	for _, next := range []Nexter{h, h.Session()} {
		ev, err := next.Next(t.Context())
		require.NoError(t, err)
		require.IsType(t, &SessionTimeout{}, ev)
		_, err = next.Next(t.Context())
		require.ErrorIs(t, err, ErrDestroyed)
		require.ErrorIs(t, err, ErrSessionTimeout)
	}
	_, err := h.Request(t.Context(), nil, nil)
	require.ErrorIs(t, err, ErrSessionTimeout)
	require.NoError(t, c.Err(), "the connection goes on")
}

// TestEventRightAfterAttach: the handle is known before the goroutine that
// attached it runs again.
func TestEventRightAfterAttach(t *testing.T) {
	c, f := newFake(t, quiet())
	s := f.session(c)
	for id := uint64(2); id < 50; id++ {
		got := async(func() (*Handle, error) { return s.Attach(t.Context(), "p", nil) })
		f.success(f.expect("attach"), id)
		f.send(`{"janus":"event","session_id":1,"sender":%d,"plugindata":{"plugin":"p","data":{"id":%d}}}`, id, id)
		h := (<-got).value
		ev, err := h.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, id, ev.Base().Handle)
	}
}

func TestClaimAndAdopt(t *testing.T) {
	c, f := newFake(t, quiet())
	got := async(func() (*Session, error) { return c.ClaimSession(t.Context(), 1) })
	m := f.expect("claim")
	require.EqualValues(t, 1, m.Session)
	f.send(`{"janus":"success","session_id":1,"transaction":%q}`, m.Transaction)
	s := (<-got).value
	require.EqualValues(t, 1, s.ID())
	f.send(`{"janus":"webrtcup","session_id":1,"sender":7}`)
	ev, err := s.Next(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 7, ev.Base().Handle, "a handle nobody adopted shows on the session")
	h, err := s.Adopt(7, "p", nil)
	require.NoError(t, err)
	f.send(`{"janus":"webrtcup","session_id":1,"sender":7}`)
	ev, err = h.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, &WebRTCUp{}, ev)

	got = async(func() (*Session, error) { return c.ClaimSession(t.Context(), 5) })
	f.refuse(f.expect("claim"), 458)
	require.ErrorIs(t, (<-got).err, SessionNotFound)
}

// TestSlowConsumer: a stream nobody reads holds nobody up and says what it lost.
func TestSlowConsumer(t *testing.T) {
	c, f := newFake(t, &Options{KeepAlive: -1, EventBuffer: 10})
	h := f.handle(c, nil)
	for i := range 25 {
		f.send(`{"janus":"event","session_id":1,"sender":2,"plugindata":{"plugin":"p","data":{"i":%d}}}`, i)
	}
	got := async(func() (Response, error) { return h.Request(t.Context(), nil, nil) })
	f.event(f.expect("message"), `{}`)
	require.NoError(t, (<-got).err, "answers are never dropped")
	ev, err := h.Next(t.Context())
	require.NoError(t, err)
	require.Equal(t, 15, ev.(*Dropped).Count)
	ev, err = h.Next(t.Context())
	require.NoError(t, err)
	require.JSONEq(t, `{"i":15}`, string(ev.(*PluginEvent).Data))
}

func TestObserveAndPost(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	var seen []string
	stop := h.Observe(func(ev Event) bool {
		seen = append(seen, ev.Base().Kind)
		_, candidate := ev.(*RemoteCandidate)
		return candidate
	})
	f.send(`{"janus":"trickle","session_id":1,"sender":2,"candidate":{"completed":true}}`)
	f.send(`{"janus":"webrtcup","session_id":1,"sender":2}`)
	f.send(`{"janus":"event","session_id":1,"sender":2,"plugindata":{"plugin":"p","data":{}}}`)
	for _, want := range []Event{&WebRTCUp{}, &PluginEvent{}} {
		ev, err := h.Next(t.Context())
		require.NoError(t, err)
		require.IsType(t, want, ev)
	}
	require.Equal(t, []string{"trickle", "webrtcup"}, seen)
	stop()
	f.send(`{"janus":"trickle","session_id":1,"sender":2,"candidate":{"completed":true}}`)
	ev, err := h.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, &RemoteCandidate{}, ev)

	h.Post(&WebRTCUp{})
	ev, err = h.Next(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, ev.Base().Handle)
}

// TestMux: handlers run in order and call back into the client, which a
// callback on the read loop could not.
func TestMux(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	ctx, cancel := context.WithCancel(t.Context())
	var order []string
	var mux Mux
	On(&mux, func(ctx context.Context, ev *WebRTCUp) {
		_, err := h.Request(ctx, nil, nil)
		order = append(order, fmt.Sprint("up ", err))
	})
	On(&mux, func(_ context.Context, ev *Hangup) { order = append(order, "hangup "+ev.Reason) })
	On(&mux, func(context.Context, *Hangup) { cancel() })
	On(&mux, func(_ context.Context, ev Event) { order = append(order, ev.Base().Kind) })
	got := asyncErr(func() error { return mux.Run(ctx, h) })
	f.send(`{"janus":"webrtcup","session_id":1,"sender":2}`)
	f.send(`{"janus":"slowlink","session_id":1,"sender":2}`)
	f.send(`{"janus":"hangup","session_id":1,"sender":2,"reason":"x"}`)
	f.event(f.expect("message"), `{}`)
	require.ErrorIs(t, <-got, context.Canceled)
	require.Equal(t, []string{"up <nil>", "slowlink", "hangup x"}, order)
}

// TestHostileMessages: nothing the gateway says ends the connection or the
// process, and what makes no sense is shown to the trace.
func TestHostileMessages(t *testing.T) {
	ignored := make(chan string, 100)
	opts := quiet()
	opts.Trace = &Trace{Ignored: func(data []byte, reason string) { ignored <- reason }}
	c, f := newFake(t, opts)
	h := f.handle(c, nil)
	for _, bad := range []string{
		``, `null`, `[]`, `{`, `{}`, `{"janus":5}`, `{"janus":"event"}`, `{"janus":"event","session_id":"1"}`,
		`{"janus":"event","session_id":77,"sender":2}`, `{"janus":"event","session_id":1,"sender":77}`,
		`{"janus":"success","session_id":1,"transaction":"nobody"}`, `{"janus":"ack","session_id":1}`,
		`{"janus":"error","transaction":"nobody","error":null}`, `{"janus":"event","session_id":18446744073709551616}`,
	} {
		f.send("%s", bad)
		require.NotEmpty(t, <-ignored, bad)
	}
	for _, odd := range []string{
		`{"janus":"event","session_id":1,"sender":2}`, `{"janus":"event","session_id":1,"sender":2,"plugindata":[1]}`,
		`{"janus":"event","session_id":1,"sender":2,"plugindata":{"plugin":3,"data":"x"},"jsep":7}`,
		`{"janus":"media","session_id":1,"sender":2,"mid":4,"receiving":"maybe","seconds":-1}`,
		`{"janus":"trickle","session_id":1,"sender":2,"candidate":"x"}`,
	} {
		f.send("%s", odd)
		_, err := h.Next(t.Context())
		require.NoError(t, err, odd)
	}
	got := async(func() (*Handle, error) { return h.Session().Attach(t.Context(), "p", nil) })
	f.send(`{"janus":"success","transaction":%q,"data":{"id":"x"}}`, f.expect("attach").Transaction)
	var e *ProtocolError
	require.ErrorAs(t, (<-got).err, &e)
}
