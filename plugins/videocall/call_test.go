package videocall_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

func TestRegister(t *testing.T) {
	s := setUp(t)
	list, err := s.List(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"ann", "bob"}, list)
	require.NoError(t, s.Register(t.Context(), "ann"))
	require.Equal(t, []string{`{"request":"list"}`, `{"request":"register","username":"ann"}`}, s.sent(0))
	require.ErrorAs(t, s.Register(t.Context(), ""), new(*client.ArgumentError))
	s.plugin.reply("list", `{"list":5}`)
	_, err = s.List(t.Context())
	require.ErrorAs(t, err, new(*client.ProtocolError))
}

func TestSet(t *testing.T) {
	s := setUp(t)
	require.ErrorAs(t, s.Set(t.Context(), videocall.Config{}), new(*client.ArgumentError))
	require.NoError(t, s.Set(t.Context(), videocall.Config{
		Audio: new(false), Video: new(true), Bitrate: new(0), Record: new(true), Filename: new("f"),
		Substream: new(0), Temporal: new(1), Fallback: new(2)}))
	require.JSONEq(t, `{"request":"set","audio":false,"video":true,"bitrate":0,"record":true,"filename":"f","substream":0,"temporal":1,"fallback":2}`,
		s.sent(0)[0])
	s.plugin.refuses("set", refusedWith(videocall.ErrInvalidElement))
	require.ErrorIs(t, s.Set(t.Context(), videocall.Config{Audio: new(true)}), videocall.ErrInvalidElement)
}

func refusedWith(code client.PluginCode) error {
	return &client.PluginError{PluginCode: code, Reason: "no"}
}

func TestCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		p := &peer{}
		s.calls(p)
		require.Equal(t, []string{"offer false", "accept"}, p.log)
		require.Equal(t, []string{`{"request":"call","username":"bob"} offer`}, s.sent(0))
		require.ErrorAs(t, s.Call(t.Context(), "eve", p), new(*client.ArgumentError), "there is one")
		require.ErrorAs(t, s.Decline(t.Context(), ""), new(*client.ArgumentError))

		done := make(chan error)
		go func() { done <- s.End(t.Context(), "bye") }() // waited for below
		synctest.Wait()
		require.JSONEq(t, `{"request":"hangup","reason":"bye"}`, s.sent(1)[0])
		s.hangs()
		require.NoError(t, <-done)
		next[*client.Hangup](t, s)
		s.calls(&peer{})
	})
}

func TestAccept(t *testing.T) {
	s := setUp(t)
	p := &peer{}
	s.called(p)
	require.Equal(t, []string{"answer"}, p.log)
	require.Equal(t, []string{`{"request":"accept"} answer`}, s.sent(0))
	require.ErrorAs(t, s.Accept(t.Context(), &videocall.Incoming{JSEP: &client.JSEP{}}, p), new(*client.ArgumentError), "there is a call")
}

func TestAcceptFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		require.ErrorAs(t, s.Accept(t.Context(), nil, &peer{}), new(*client.ArgumentError))
		require.ErrorAs(t, s.Accept(t.Context(), &videocall.Incoming{}, &peer{}), new(*client.ArgumentError))
		never := &videocall.Incoming{JSEP: &client.JSEP{Type: "offer", SDP: description("his")}}
		require.ErrorIs(t, s.Accept(t.Context(), never, &peer{}), videocall.ErrNoCall, "the core says so")
		s.push(`{"event":"incomingcall","username":"bob"}`, &client.JSEP{Type: "offer", SDP: description("his")})
		in := next[*videocall.Incoming](t, s)
		require.ErrorAs(t, s.Accept(t.Context(), in, nil), new(*client.ArgumentError))
		require.ErrorIs(t, s.Accept(t.Context(), in, &peer{answerErr: errBroken}), errBroken)
		require.Len(t, s.sent(0), 1, "it rings on")
		require.NoError(t, s.Accept(t.Context(), in, &peer{}))
		hangUp := func() {
			require.NoError(t, s.Hangup(t.Context()))
			next[*client.Hangup](t, s)
		}
		again := func() *videocall.Incoming {
			s.push(`{"event":"incomingcall","username":"bob"}`, &client.JSEP{Type: "offer", SDP: description("his")})
			return next[*videocall.Incoming](t, s)
		}
		hangUp()
		in = again()
		s.plugin.refuses("accept", refusedWith(videocall.ErrNoCall))
		begin := time.Now()
		require.ErrorIs(t, s.Accept(t.Context(), in, &peer{}), videocall.ErrNoCall)
		hangUp()
		require.ErrorIs(t, s.Accept(t.Context(), in, &peer{}), videocall.ErrNoCall, "and nobody is asked any more")
		require.Zero(t, time.Since(begin))

		in = again()
		s.plugin.refuses("accept", refusedWith(videocall.ErrInvalidSDP))
		require.ErrorIs(t, s.Accept(t.Context(), in, &peer{}), videocall.ErrInvalidSDP)
		list := s.sent(0)
		require.Equal(t, "hangup", list[len(list)-1])
		next[*client.Hangup](t, s)
		s.plugin.refuses("accept", nil)
		s.called(&peer{})
	})
}

// TestCallFails leaves nothing behind: the gateway would answer the next offer
// with error 490.
func TestCallFails(t *testing.T) {
	for name, test := range map[string]struct {
		arrange func(*scene, *peer)
		want    error
		hangup  bool
	}{
		"no offer": {func(_ *scene, p *peer) { p.offerErr = errBroken }, errBroken, false},
		"busy": {func(s *scene, _ *peer) {
			s.plugin.reply("call", `{"event":"hangup","username":"ann","reason":"User busy"}`)
		},
			videocall.ErrBusy, true},
		"refused": {func(s *scene, _ *peer) { s.plugin.refuses("call", refusedWith(videocall.ErrNoSuchUsername)) },
			videocall.ErrNoSuchUsername, true},
		"refused by the core": {func(s *scene, _ *peer) { s.gw.Fail("message", client.UnknownJSEPType) }, client.UnknownJSEPType, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := setUp(t)
				p := &peer{}
				test.arrange(s, p)
				require.ErrorIs(t, s.Call(t.Context(), "bob", p), test.want)
				list := s.sent(0)
				require.Equal(t, test.hangup, len(list) > 0 && list[len(list)-1] == "hangup")
				s.plugin.refuses("call", nil)
				s.plugin.reply("call", `{"event":"calling"}`)
				require.NoError(t, s.Call(t.Context(), "bob", &peer{}))
			})
		})
	}
	s := setUp(t)
	require.ErrorAs(t, s.Call(t.Context(), "bob", nil), new(*client.ArgumentError))
	require.ErrorAs(t, s.Call(t.Context(), "", &peer{}), new(*client.ArgumentError))
	for _, absurd := range []string{`{"event":"dancing"}`, `{"event":5}`, `[]`} {
		s.plugin.reply("call", absurd)
		require.ErrorAs(t, s.Call(t.Context(), "bob", &peer{}), new(*client.ProtocolError))
	}
}

// TestCallUnanswered ends while the gateway still thinks about it.
func TestCallUnanswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		s.plugin.reply("call", "")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		require.ErrorIs(t, s.Call(ctx, "bob", &peer{}), context.DeadlineExceeded)
		require.LessOrEqual(t, time.Since(begin), 1500*time.Millisecond)
		require.ErrorIs(t, s.Call(t.Context(), "bob", &peer{}), client.ErrTimeout)
		s.plugin.reply("call", `{"event":"calling"}`)
		require.NoError(t, s.Call(t.Context(), "bob", &peer{}))
	})
}

// TestEnd waits no longer than it should.
func TestEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		begin := time.Now()
		require.NoError(t, s.End(t.Context(), ""), "without a call")
		require.Zero(t, time.Since(begin))
		require.JSONEq(t, `{"request":"hangup"}`, s.sent(0)[0])

		s.calls(&peer{})
		begin = time.Now()
		require.NoError(t, s.End(t.Context(), ""), "the core hangs up where the plugin does not")
		require.Equal(t, 2*time.Second, time.Since(begin))
		next[*client.Hangup](t, s)

		s.calls(&peer{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, s.End(ctx, ""), context.DeadlineExceeded)
		require.ErrorIs(t, s.Renegotiate(ctx), context.DeadlineExceeded)

		require.True(t, s.gw.ExpireSession(s.Session().ID()))
		next[*client.SessionTimeout](t, s)
		s.lost()
		next[*client.Resumed](t, s)
		require.NoError(t, s.End(t.Context(), ""), "the call went with the session")
		require.NoError(t, s.Session().Destroy(t.Context()))
		require.NoError(t, s.End(t.Context(), ""), "a handle that is gone is no error")
	})
}

// TestDecline declines a call that rings.
func TestDecline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		s.push(`{"event":"incomingcall","username":"bob"}`, &client.JSEP{Type: "offer", SDP: description("his")})
		next[*videocall.Incoming](t, s)
		require.ErrorAs(t, s.Call(t.Context(), "eve", &peer{}), new(*client.ArgumentError), "it rings")
		done := make(chan error)
		go func() { done <- s.Decline(t.Context(), "no") }() // waited for below
		synctest.Wait()
		require.JSONEq(t, `{"request":"hangup","reason":"no"}`, s.sent(0)[0])
		s.hangs()
		require.NoError(t, <-done)
		next[*client.Hangup](t, s)
		begin := time.Now()
		require.NoError(t, s.Call(t.Context(), "eve", &peer{}))
		require.Equal(t, 250*time.Millisecond, time.Since(begin), "the gateway gets a moment")
	})
}

// TestRestore takes the name again, which the gateway is late to forget.
func TestRestore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		require.NoError(t, s.Session().Rebuild(t.Context()))
		require.Empty(t, s.sent(0), "there was no name")
		next[*client.Resumed](t, s)
		require.NoError(t, s.Register(t.Context(), "ann"))
		s.plugin.refuses("register", refusedWith(videocall.ErrUsernameTaken))
		done := make(chan error)
		go func() { done <- s.Session().Rebuild(t.Context()) }() // waited for below
		<-time.After(300 * time.Millisecond)
		s.plugin.refuses("register", nil)
		require.NoError(t, <-done)
		require.NoError(t, next[*client.Resumed](t, s).Err)
		for _, body := range s.sent(0) {
			require.Equal(t, `{"request":"register","username":"ann"}`, body)
		}
	})
}

// TestRestoreSettings sends those of a call that has not begun, and no others.
func TestRestoreSettings(t *testing.T) {
	s := setUp(t)
	rebuild := func(calls ...func()) []string {
		from := len(s.sent(0))
		require.NoError(t, s.Session().Rebuild(t.Context()))
		for _, lost := range calls {
			lost()
		}
		require.NoError(t, next[*client.Resumed](t, s).Err)
		return s.sent(from)
	}
	require.NoError(t, s.Register(t.Context(), "ann"))
	require.NoError(t, s.Set(t.Context(), videocall.Config{Audio: new(true), Bitrate: new(1)}))
	require.NoError(t, s.Set(t.Context(), videocall.Config{Audio: new(false)}))
	want := []string{`{"request":"register","username":"ann"}`, `{"request":"set","audio":false,"bitrate":1}`}
	require.Equal(t, want, rebuild())
	require.Equal(t, want, rebuild(), "and again")
	s.calls(&peer{})
	require.Equal(t, want[:1], rebuild(s.lost), "the settings went with the call")
	require.ErrorAs(t, s.Renegotiate(t.Context()), new(*client.ArgumentError), "which is over")
	s.calls(&peer{})
}

// TestOwnHooks shows that a caller's decoder gets what is left, and its restorer
// runs.
func TestOwnHooks(t *testing.T) {
	type own struct{ client.EventBase }
	s := setUp(t)
	restored := 0
	mine, err := videocall.Attach(t.Context(), s.Session(), &client.AttachOptions{
		Decode:  func(ev *client.PluginEvent) client.Event { return &own{ev.EventBase} },
		Restore: func(context.Context, *client.Handle) error { restored++; return nil },
	})
	require.NoError(t, err)
	for _, event := range []string{"hangup", "unheard of"} {
		require.NoError(t, s.gw.Push(s.Session().ID(), mine.ID(), "event",
			map[string]any{"videocall": "event", "result": map[string]string{"event": event}}, nil))
	}
	next[*videocall.Ended](t, mine)
	next[*own](t, mine)
	require.NoError(t, s.Session().Rebuild(t.Context()))
	require.Equal(t, 1, restored)

	s.gw.Handle(videocall.Plugin, nil)
	_, err = videocall.Attach(t.Context(), s.Session(), nil)
	require.ErrorIs(t, err, client.PluginNotFound)
}
