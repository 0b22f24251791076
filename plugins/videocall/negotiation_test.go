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

func offer() *client.JSEP  { return &client.JSEP{Type: "offer", SDP: description("his")} }
func answer() *client.JSEP { return &client.JSEP{Type: "answer", SDP: description("his")} }

// updated has the other side send a description of the call.
func (s *scene) updated(j *client.JSEP) error {
	s.t.Helper()
	s.push(`{"event":"update"}`, j)
	return next[*videocall.Updated](s.t, s).Err
}

func TestRenegotiate(t *testing.T) {
	for name, begin := range map[string]func(*scene, *peer){"caller": (*scene).calls, "callee": (*scene).called} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t)
			p := &peer{}
			require.ErrorAs(t, s.Renegotiate(t.Context()), new(*client.ArgumentError), "there is no call")
			begin(s, p)
			p.log = nil
			require.NoError(t, s.Renegotiate(t.Context()))
			require.NoError(t, s.updated(answer()))
			require.NoError(t, s.Restart(t.Context()))
			require.NoError(t, s.updated(answer()))
			require.NoError(t, s.updated(offer()))
			require.Equal(t, []string{"offer false", "accept", "offer true", "accept", "answer"}, p.log)
			require.Equal(t, []string{`{"request":"set"} offer`, `{"request":"set","restart":true} offer`, `{"request":"set"} answer`}, s.sent(1))
		})
	}
}

// TestRenegotiateTwice makes the second offer when the first is answered, also
// the first of all.
func TestRenegotiateTwice(t *testing.T) {
	s := setUp(t)
	p := &peer{}
	require.NoError(t, s.Call(t.Context(), "bob", p))
	require.NoError(t, s.Renegotiate(t.Context()), "it rings")
	require.Equal(t, []string{"offer false"}, p.log)
	s.push(`{"event":"accepted","username":"bob"}`, answer())
	require.NoError(t, next[*videocall.Accepted](t, s).Err)
	require.Equal(t, []string{"offer false", "accept", "offer false"}, p.log)
	p.log = nil
	require.NoError(t, s.Restart(t.Context()))
	require.NoError(t, s.Renegotiate(t.Context()))
	require.Empty(t, p.log)
	require.NoError(t, s.updated(answer()))
	require.Equal(t, []string{"accept", "offer true"}, p.log, "both at once")
	require.NoError(t, s.Renegotiate(t.Context()))
	require.NoError(t, s.updated(answer()))
	require.Equal(t, []string{"accept", "offer true", "accept", "offer false"}, p.log, "and no restart again")
	require.NoError(t, s.updated(answer()))
	require.Len(t, p.log, 5)
}

func TestRenegotiateFails(t *testing.T) {
	s := setUp(t)
	p := &peer{}
	s.calls(p)
	p.offerErr = errBroken
	require.ErrorIs(t, s.Renegotiate(t.Context()), errBroken)
	p.offerErr = nil
	s.plugin.refuses("set", refusedWith(videocall.ErrUnknown))
	require.ErrorIs(t, s.Renegotiate(t.Context()), videocall.ErrUnknown)
	s.plugin.refuses("set", nil)
	require.NoError(t, s.Renegotiate(t.Context()), "the call goes on")
	p.acceptErr = errBroken
	require.ErrorIs(t, s.updated(answer()), errBroken)
	p.acceptErr, p.answerErr = nil, errBroken
	require.NoError(t, s.updated(answer()))
	require.ErrorIs(t, s.updated(offer()), errBroken)
	p.answerErr = nil
	s.plugin.refuses("set", refusedWith(videocall.ErrUnknown))
	require.ErrorIs(t, s.updated(offer()), videocall.ErrUnknown)
}

// TestGlare has both sides offer at once.
func TestGlare(t *testing.T) {
	s := setUp(t)
	p := &peer{}
	s.calls(p)
	p.log = nil
	require.NoError(t, s.Renegotiate(t.Context()))
	require.ErrorIs(t, s.updated(offer()), videocall.ErrGlare, "the caller's counts")
	require.NoError(t, s.updated(answer()))
	require.NoError(t, s.updated(offer()), "and theirs comes again")
	require.Equal(t, []string{"offer false", "accept", "answer"}, p.log)

	s = setUp(t)
	p = &peer{}
	s.called(p)
	p.log = nil
	require.NoError(t, s.Restart(t.Context()))
	require.NoError(t, s.updated(offer()), "the callee gives in")
	require.Equal(t, []string{"offer true", "answer", "offer true"}, p.log, "and offers again")
	require.NoError(t, s.updated(answer()))
	require.NoError(t, s.Renegotiate(t.Context()))
	p.answerErr = errBroken
	require.ErrorIs(t, s.updated(offer()), errBroken, "a peer that does not give up its offer")
	p.answerErr = nil
	require.NoError(t, s.updated(answer()))
}

// TestStaleDescriptions reads descriptions of a call that has ended, while there
// is another.
func TestStaleDescriptions(t *testing.T) { synctest.Test(t, testStaleDescriptions) }

func testStaleDescriptions(t *testing.T) {
	s := setUp(t)
	require.NoError(t, s.Call(t.Context(), "bob", &peer{}))
	s.push(`{"event":"accepted","username":"bob"}`, answer())
	s.push(`{"event":"update"}`, offer())
	s.push(`{"event":"incomingcall","username":"eve"}`, offer())
	require.NoError(t, s.Hangup(t.Context()))
	synctest.Wait() // until the event has come
	p := &peer{}
	require.NoError(t, s.Call(t.Context(), "eve", p))
	require.ErrorIs(t, next[*videocall.Accepted](t, s).Err, videocall.ErrNoCall)
	require.ErrorIs(t, next[*videocall.Updated](t, s).Err, videocall.ErrNoCall)
	next[*videocall.Incoming](t, s)
	next[*client.Hangup](t, s)
	require.Equal(t, []string{"offer false"}, p.log)
	s.push(`{"event":"accepted","username":"eve"}`, answer())
	require.NoError(t, next[*videocall.Accepted](t, s).Err)
	require.Equal(t, []string{"offer false", "accept"}, p.log)
}

// TestDroppedMark loses the mark of the end of a call, and everything else.
func TestDroppedMark(t *testing.T) {
	s := setUp(t)
	h, err := videocall.Attach(t.Context(), s.Session(), &client.AttachOptions{EventBuffer: 2})
	require.NoError(t, err)
	s.Handle = h
	require.NoError(t, h.Call(t.Context(), "bob", &peer{}))
	s.hangs()
	for range 5 {
		s.push(`{"event":"hangup"}`, nil)
	}
	_, err = h.List(t.Context()) // all that came before is there
	require.NoError(t, err)
	next[*client.Dropped](t, h)
	next[*videocall.Ended](t, h)
	next[*videocall.Ended](t, h)
	s.calls(&peer{})
}

// TestNextGoesOn ends the context of Next while it answers.
func TestNextGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		s.called(&peer{})
		s.push(`{"event":"update"}`, offer())
		synctest.Wait()
		s.gw.Delay(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		ev, err := s.Next(ctx)
		require.NoError(t, err)
		require.NoError(t, ev.(*videocall.Updated).Err)
		require.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
		_, err = s.Next(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)

		s.gw.Delay(0)
		<-time.After(2 * time.Second) // until what was held back is there
		s.push(`{"event":"update"}`, offer())
		synctest.Wait()
		s.gw.Silence("event")
		begin := time.Now()
		require.ErrorIs(t, next[*videocall.Updated](t, s).Err, context.DeadlineExceeded)
		require.Equal(t, 10*time.Second, time.Since(begin))
	})
}

// TestCallsFromTheLoop makes every call from within the handling of an event.
func TestCallsFromTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		s.push(`{"event":"incomingcall","username":"bob"}`, offer())
		for ev, err := range s.Events(t.Context()) {
			require.NoError(t, err)
			switch ev := ev.(type) {
			case *videocall.Incoming:
				require.NoError(t, s.Accept(t.Context(), ev, &peer{}))
				require.NoError(t, s.Renegotiate(t.Context()))
				s.push(`{"event":"update"}`, answer())
			case *videocall.Updated:
				require.NoError(t, s.Set(t.Context(), videocall.Config{Audio: new(false)}))
				go s.hangs()
				require.NoError(t, s.End(t.Context(), ""))
			case *client.Hangup:
				return
			}
		}
	})
}

// TestHostileDescriptions gets descriptions that fit nothing.
func TestHostileDescriptions(t *testing.T) {
	s := setUp(t)
	push := func(j *client.JSEP) {
		for _, result := range []string{`{"event":"update"}`, `{"event":"accepted"}`, `{"event":"incomingcall"}`, `{"event":"hangup"}`} {
			s.push(result, j)
		}
	}
	odd := []*client.JSEP{{}, {Type: "pranswer", SDP: "v=0"}, {Type: "offer"}, {Type: "answer", SDP: "\x00"}}
	for _, j := range odd {
		push(j)
	}
	for range odd {
		require.ErrorIs(t, next[*videocall.Updated](t, s).Err, videocall.ErrNoCall, "there is none")
		require.ErrorIs(t, next[*videocall.Accepted](t, s).Err, videocall.ErrNoCall)
		next[*videocall.Incoming](t, s)
		next[*client.PluginEvent](t, s)
	}
	require.Empty(t, s.sent(0))

	s = setUp(t)
	p := &peer{acceptErr: errBroken, answerErr: errBroken}
	s.called(&peer{})
	require.NoError(t, s.Hangup(t.Context()))
	next[*client.Hangup](t, s)
	require.NoError(t, s.Call(t.Context(), "bob", p))
	from := len(s.sent(0))
	for _, j := range odd {
		push(j)
	}
	for range odd {
		require.Error(t, next[*videocall.Updated](t, s).Err)
		require.Error(t, next[*videocall.Accepted](t, s).Err)
		next[*videocall.Incoming](t, s)
		next[*client.PluginEvent](t, s)
	}
	require.Empty(t, s.sent(from), "nothing is answered")
	require.NoError(t, s.Set(t.Context(), videocall.Config{Audio: new(true)}))
}
