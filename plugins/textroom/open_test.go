package textroom_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
	"github.com/bifrons-rtc/bifrons/transport"
)

func TestOpen(t *testing.T) {
	s := setUp(t)
	p := &peer{}
	ch := newChannel()
	c, err := s.Open(t.Context(), p, ch)
	require.NoError(t, err)
	require.Equal(t, 1, p.answered)
	require.Equal(t, []string{`{"request":"setup"}`, `{"request":"ack"}`}, s.sent())
	require.NoError(t, c.Restart(t.Context()))
	require.Equal(t, 2, p.answered)
	require.Equal(t, []string{`{"request":"restart"}`, `{"request":"ack"}`}, s.sent()[2:])

	require.NoError(t, c.Stop(t.Context()))
	require.Equal(t, "Janus API", next[*client.Hangup](t, s).Reason)
	again, ch := s.open()
	require.Equal(t, []string{`{"request":"setup"}`, `{"request":"restart"}`, `{"request":"ack"}`}, s.sent()[5:],
		"the plugin never forgets that it was set up")
	require.NoError(t, c.Stop(t.Context()), "the old one")
	require.NoError(t, again.Err(), "leaves the new one alone")
	join(t, again, ch, room)
	require.NoError(t, c.Stop(t.Context()))
	require.NoError(t, s.Hangup(t.Context()))
	<-again.Done()
	_, err = s.Open(t.Context(), &peer{}, ch)
	require.Error(t, err, "a channel that is closed, with rooms to join")
}

// TestOpenFails leaves nothing behind.
func TestOpenFails(t *testing.T) {
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		arrange func(*scene, *peer)
		want    error
		hangup  bool
	}{
		"no answer":     {func(_ *scene, p *peer) { p.err = broken }, broken, true},
		"setup refused": {func(s *scene, _ *peer) { s.plugin.refuse["setup"] = refusedWith(textroom.ErrUnknown) }, textroom.ErrUnknown, false},
		"setup failed":  {func(s *scene, _ *peer) { s.gw.Fail("message", client.UnknownError) }, client.UnknownError, true},
		"ack refused":   {func(s *scene, _ *peer) { s.plugin.refuse["ack"] = refusedWith(textroom.ErrUnknown) }, textroom.ErrUnknown, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := setUp(t)
				p := &peer{}
				test.arrange(s, p)
				ch := newChannel()
				_, err := s.Open(t.Context(), p, ch)
				require.ErrorIs(t, err, test.want)
				<-ch.closed
				list := s.sent()
				require.Equal(t, test.hangup, list[len(list)-1] == "hangup")
				clear(s.plugin.refuse)
				c, _ := s.open()
				require.NoError(t, c.Stop(t.Context()))
			})
		})
	}
}

func refusedWith(code client.PluginCode) error {
	return &client.PluginError{PluginCode: code, Reason: "no"}
}

func TestOpenWithoutADescription(t *testing.T) {
	s := setUp(t)
	s.gw.Handle(textroom.Plugin, janustest.PluginFunc(func(context.Context, *janustest.Message) (*janustest.Answer, error) {
		return &janustest.Answer{Async: true}, nil
	}))
	h, err := textroom.Attach(t.Context(), s.Session(), nil)
	require.NoError(t, err)
	_, err = h.Open(t.Context(), &peer{}, newChannel())
	require.ErrorAs(t, err, new(*client.ProtocolError))
}

// TestOpenAgain has a gateway that drops its first offer, and one that makes none.
func TestOpenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		s.gw.Silence("event")
		got := async(func() (*textroom.Conn, error) { return s.Open(t.Context(), &peer{}, newChannel()) })
		<-time.After(500 * time.Millisecond)
		s.gw.Silence()
		begin := time.Now()
		o := <-got
		require.NoError(t, o.err)
		require.Equal(t, 500*time.Millisecond, time.Since(begin))
		require.Equal(t, []string{`{"request":"setup"}`, `{"request":"setup"}`, `{"request":"restart"}`, `{"request":"ack"}`}, s.sent())
		require.NoError(t, o.value.Stop(t.Context()))

		s.gw.Silence("event")
		begin = time.Now()
		_, err := s.Open(t.Context(), &peer{}, newChannel())
		require.ErrorIs(t, err, client.ErrTimeout)
		require.NotErrorIs(t, err, context.DeadlineExceeded)
		require.InDelta(t, 10, time.Since(begin).Seconds(), 1)
	})
}

// TestOpenCancelled ends while the gateway is still busy.
func TestOpenCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		s.gw.Silence("event")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		_, err := s.Open(ctx, &peer{}, newChannel())
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.LessOrEqual(t, time.Since(begin), 1500*time.Millisecond)
		s.gw.Silence()
		c, _ := s.open()
		require.NoError(t, c.Stop(t.Context()))
		_, err = s.Open(ctx, &peer{}, newChannel())
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// TestOneExchangeAtATime opens twice at once.
func TestOneExchangeAtATime(t *testing.T) {
	s := setUp(t)
	var got []<-chan outcome[*textroom.Conn]
	for range 2 {
		got = append(got, async(func() (*textroom.Conn, error) { return s.Open(t.Context(), &peer{}, newChannel()) }))
	}
	a, b := <-got[0], <-got[1]
	if a.err != nil {
		a, b = b, a
	}
	require.NoError(t, a.err)
	require.ErrorAs(t, b.err, new(*client.ArgumentError))
	require.NoError(t, a.value.Stop(t.Context()))
}

// TestStopUnconfirmed has a gateway that answers and then says nothing more.
func TestStopUnconfirmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch := s.open()
		thief, err := s.gw.Client(t.Context(), nil)
		require.NoError(t, err)
		defer func() { require.NoError(t, thief.Close()) }()
		_, err = thief.ClaimSession(t.Context(), s.Session().ID())
		require.NoError(t, err, "the events go elsewhere now")
		begin := time.Now()
		require.ErrorIs(t, c.Stop(t.Context()), client.ErrTimeout)
		require.Equal(t, 10*time.Second, time.Since(begin))
		require.NoError(t, c.Err())
		require.NoError(t, ch.Close())
	})
}

const inUse = `"textroom":"error","error_code":420,"error":"in use"`

// TestRejoin has the session expire under three rooms, one of which was left,
// one was destroyed and one has another ann by then.
func TestRejoin(t *testing.T) { synctest.Test(t, testRejoin) }

func testRejoin(t *testing.T) {
	s := setUp(t)
	c, ch := s.open()
	rooms := []client.ID{client.NumID(1), client.NumID(2), client.NumID(3), client.NumID(4), client.NumID(5)}
	for _, id := range rooms {
		join(t, c, ch, id)
	}
	left := async(func() (any, error) { return nil, c.Leave(t.Context(), rooms[0]) })
	ch.answer(ch.expect(t, "leave"), `"textroom":"success"`)
	require.NoError(t, (<-left).err)
	for _, event := range []string{
		`{"textroom":"destroyed","room":2}`, `{"textroom":"kicked","room":3,"username":"bob"}`,
		`{"textroom":"leave","room":4,"username":"ann"}`, `{"textroom":"kicked","room":5,"username":"ann"}`,
	} {
		ch.incoming <- event
	}
	next[*textroom.Destroyed](t, s)
	next[*textroom.Kicked](t, s)
	next[*textroom.Left](t, s)
	next[*textroom.Kicked](t, s)

	before := s.ID()
	require.True(t, s.gw.ExpireSession(s.Session().ID()))
	next[*client.SessionTimeout](t, s)
	require.NoError(t, next[*client.Resumed](t, s).Err)
	require.NotEqual(t, before, s.ID())
	<-c.Done()

	ch = newChannel()
	again := async(func() (*textroom.Conn, error) { return s.Open(t.Context(), &peer{}, ch) })
	r := ch.expect(t, "join")
	require.Contains(t, r.raw, `"room":3`)
	ch.answer(r, `"textroom":"success","participants":[{"username":"bob"}]`)
	for range 6 { // after 0, 50, 150, 350, 750 and 1550 ms
		r = ch.expect(t, "join")
		require.Contains(t, r.raw, `"room":4`)
		ch.answer(r, inUse)
	}
	for n := 2; n <= 9; n++ {
		r = ch.expect(t, "join")
		require.Contains(t, r.raw, `"username":"ann-`+strconv.Itoa(n)+`"`)
		ch.answer(r, inUse)
	}
	o := <-again
	require.NoError(t, o.err)
	require.Equal(t, "bob", next[*textroom.Joined](t, s).Username, "who came meanwhile")
	ev := next[*textroom.Rejoined](t, s)
	require.NoError(t, ev.Err)
	require.Equal(t, rooms[2], ev.Room)
	require.Equal(t, "bob", ev.Participants[0].Username)
	require.Equal(t, s.ID(), ev.Handle)
	ev = next[*textroom.Rejoined](t, s)
	require.ErrorIs(t, ev.Err, textroom.ErrUsernameInUse)
	require.Equal(t, rooms[3], ev.Room)

	require.NoError(t, o.value.Stop(t.Context()), "which forgets the rooms")
	c, _ = s.open()
	require.NoError(t, c.Stop(t.Context()))
}

// TestRejoinUnanswered opens a connection on which nothing is answered.
func TestRejoinUnanswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch := s.open()
		join(t, c, ch, room)
		require.NoError(t, s.Hangup(t.Context()))
		<-c.Done()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		ch = newChannel()
		_, err := s.Open(ctx, &peer{}, ch)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		<-ch.closed
		list := s.sent()
		require.Equal(t, "hangup", list[len(list)-1])
		ch = newChannel()
		again := async(func() (*textroom.Conn, error) { return s.Open(t.Context(), &peer{}, ch) })
		ch.answer(ch.expect(t, "join"), `"textroom":"success","participants":[]`)
		o := <-again
		require.NoError(t, o.err, "the room is not forgotten")
		require.NoError(t, o.value.Stop(t.Context()))
	})
}

func TestAttachFails(t *testing.T) {
	s := setUp(t)
	s.gw.Handle(textroom.Plugin, nil)
	_, err := textroom.Attach(t.Context(), s.Session(), nil)
	require.ErrorIs(t, err, client.PluginNotFound)
	require.NotContains(t, err.Error(), "without data channels")
}

// TestAttachWithoutDataChannels names the reason why a gateway has no TextRoom.
func TestAttachWithoutDataChannels(t *testing.T) {
	conn, gateway := transport.Pipe()
	done := make(chan struct{})
	go func() { // plays the gateway; ends with the connection, and is waited for
		defer close(done)
		for {
			data, err := gateway.Read(context.Background())
			if err != nil {
				return
			}
			var m struct{ Janus, Transaction string }
			_ = json.Unmarshal(data, &m)
			reply := map[string]string{
				"create": `"janus":"success","data":{"id":1}`,
				"attach": `"janus":"error","error":{"code":460,"reason":"no"}`,
				"info":   `"janus":"server_info","data_channels":false`,
			}[m.Janus]
			_ = gateway.Write(context.Background(), transport.Message{Data: []byte(`{` + reply + `,"transaction":"` + m.Transaction + `"}`)})
		}
	}()
	c := client.New(conn, nil)
	defer func() {
		require.NoError(t, c.Close())
		<-done
	}()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	_, err = textroom.Attach(t.Context(), s, nil)
	require.ErrorIs(t, err, client.PluginNotFound)
	require.Contains(t, err.Error(), "without data channels")
}

// TestOwnHooks shows that a caller's decoder gets what is left, and its restorer
// runs.
func TestOwnHooks(t *testing.T) {
	type own struct{ client.EventBase }
	s := setUp(t)
	restored := 0
	mine, err := textroom.Attach(t.Context(), s.Session(), &client.AttachOptions{
		Decode:  func(ev *client.PluginEvent) client.Event { return &own{ev.EventBase} },
		Restore: func(context.Context, *client.Handle) error { restored++; return nil },
	})
	require.NoError(t, err)
	push := func(data string) {
		require.NoError(t, s.gw.Push(s.Session().ID(), mine.ID(), "event", rawJSON(data), nil))
	}
	push(`{"textroom":"error","error_code":415,"error":"no"}`)
	require.ErrorIs(t, next[*textroom.Error](t, mine).Err, textroom.ErrInvalidRequest)
	push(`{"textroom":"unheard of"}`)
	next[*own](t, mine)
	require.NoError(t, s.Session().Rebuild(t.Context()))
	require.Equal(t, 1, restored)
}
