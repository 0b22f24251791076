package textroom_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// async calls f on a goroutine; the result is to be read.
func async[T any](f func() (T, error)) <-chan outcome[T] {
	ch := make(chan outcome[T], 1)
	go func() { // ends with f
		v, err := f()
		ch <- outcome[T]{v, err}
	}()
	return ch
}

type outcome[T any] struct {
	value T
	err   error
}

// join enters room as ann.
func join(t *testing.T, c *textroom.Conn, ch *channel, id client.ID) {
	t.Helper()
	got := async(func() ([]textroom.Participant, error) {
		return c.Join(t.Context(), textroom.JoinRequest{Room: id, Username: "ann"})
	})
	ch.answer(ch.expect(t, "join"), `"textroom":"success","participants":[]`)
	require.NoError(t, (<-got).err)
}

func TestJoin(t *testing.T) {
	s := setUp(t)
	c, ch := s.open()
	got := async(func() ([]textroom.Participant, error) {
		return c.Join(t.Context(), textroom.JoinRequest{
			Room: room, Username: "ann", Display: "Ann", PIN: "p", Token: "t", History: new(false)})
	})
	r := ch.expect(t, "join")
	require.JSONEq(t, `{"textroom":"join","transaction":"`+r.Transaction+`","room":1234,"username":"ann","display":"Ann","pin":"p","token":"t","history":false}`, r.raw)
	ch.answer(r, `"textroom":"success","participants":[{"username":"bob"}]`)
	o := <-got
	require.NoError(t, o.err)
	require.Equal(t, []textroom.Participant{{Username: "bob", Raw: []byte(`{"username":"bob"}`)}}, o.value)
}

func TestMessage(t *testing.T) {
	s := setUp(t)
	c, ch := s.open()
	for fields, req := range map[string]textroom.MessageRequest{
		``:                        {Room: room, Text: "x"},
		`,"to":"bob"`:             {Room: room, Text: "x", To: "bob"},
		`,"tos":["bob","eve"]`:    {Room: room, Text: "x", Tos: []string{"bob", "eve"}},
		`,"tos":["x"],"ack":true`: {Room: room, Text: "x", Tos: []string{"x"}, Ack: new(true)},
	} {
		got := async(func() (*textroom.Sent, error) { return c.Message(t.Context(), req) })
		r := ch.expect(t, "message")
		require.JSONEq(t, `{"textroom":"message","transaction":"`+r.Transaction+`","room":1234,"text":"x"`+fields+`}`, r.raw)
		ch.answer(r, `"textroom":"success","sent":{"bob":true,"eve":false}`)
		o := <-got
		require.NoError(t, o.err)
		require.Equal(t, map[string]bool{"bob": true, "eve": false}, o.value.To)
		require.NotEmpty(t, o.value.Raw)
	}
	_, err := c.Message(t.Context(), textroom.MessageRequest{Room: room, Text: "x", Ack: new(false)})
	require.NoError(t, err, "nothing is waited for")
	r := ch.expect(t, "message")
	require.Contains(t, r.raw, `"ack":false`)
	ch.answer(r, `"textroom":"error","error_code":422,"error":"not in room"`)
	ev := next[*textroom.Error](t, s)
	require.ErrorIs(t, ev.Err, textroom.ErrNotInRoom)
	require.Equal(t, r.Transaction, ev.Transaction)
}

func TestLeave(t *testing.T) {
	s := setUp(t)
	c, ch := s.open()
	got := async(func() (any, error) { return nil, c.Leave(t.Context(), room) })
	r := ch.expect(t, "leave")
	require.JSONEq(t, `{"textroom":"leave","transaction":"`+r.Transaction+`","room":1234}`, r.raw)
	ch.answer(r, `"textroom":"error","error_code":422,"error":"no"`)
	require.ErrorIs(t, (<-got).err, textroom.ErrNotInRoom)
}

// TestCancel abandons requests. What the gateway says of them later is an event.
func TestCancel(t *testing.T) {
	s := setUp(t)
	c, ch := s.open()
	ctx, cancel := context.WithCancel(t.Context())
	var got []<-chan outcome[bool]
	var sent []request
	for range 2 {
		got = append(got, async(func() (bool, error) { return c.Exists(ctx, room) }))
		sent = append(sent, ch.expect(t, "exists"))
	}
	require.Equal(t, 2, c.Waiting())
	cancel()
	for _, g := range got {
		require.ErrorIs(t, (<-g).err, context.Canceled)
	}
	require.Zero(t, c.Waiting())
	ch.answer(sent[0], `"textroom":"success","room":1234,"exists":true`)
	late := next[*client.PluginEvent](t, s)
	require.Equal(t, sent[0].Transaction, late.Transaction)
	require.Equal(t, textroom.Plugin, late.Plugin)
	ch.answer(sent[1], `"textroom":"error","error_code":417,"error":"no"`)
	require.ErrorIs(t, next[*textroom.Error](t, s).Err, textroom.ErrNoSuchRoom)

	_, err := c.Exists(ctx, room)
	require.ErrorIs(t, err, context.Canceled)
}

// TestTimeout has a gateway that answers nothing, and a channel that never opens.
func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch := s.open()
		begin := time.Now()
		_, err := c.Exists(t.Context(), room)
		require.ErrorIs(t, err, client.ErrTimeout)
		require.NotErrorIs(t, err, context.DeadlineExceeded, "that is for the caller's own")
		require.Equal(t, 10*time.Second, time.Since(begin))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = c.Exists(ctx, room)
		require.ErrorIs(t, err, context.DeadlineExceeded)

		ch.sent = nil // blocks for ever
		_, err = c.Exists(t.Context(), room)
		require.ErrorIs(t, err, client.ErrTimeout)
		_, err = c.Message(t.Context(), textroom.MessageRequest{Room: room, Ack: new(false)})
		require.ErrorIs(t, err, client.ErrTimeout)
		require.Zero(t, c.Waiting())
	})
}

// TestManyRequests shows that the number of those that wait is bounded.
func TestManyRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch := s.open()
		results := make(chan error)
		const extra = 10
		for range textroom.MaxRequests + extra {
			go func() { // waited for below
				_, err := c.Exists(t.Context(), room)
				results <- err
			}()
		}
		synctest.Wait()
		require.Equal(t, textroom.MaxRequests, c.Waiting())
		require.Len(t, ch.sent, textroom.MaxRequests)
		for range textroom.MaxRequests + extra {
			ch.answer(ch.expect(t, "exists"), `"textroom":"success","exists":true`)
			require.NoError(t, <-results)
		}
		require.Zero(t, c.Waiting())
	})
}

// TestAnswersInAnyOrder mixes answers with each other and with events.
func TestAnswersInAnyOrder(t *testing.T) {
	s := setUp(t)
	c, ch := s.open()
	var sent []request
	var got []<-chan outcome[bool]
	for i := range 20 {
		got = append(got, async(func() (bool, error) { return c.Exists(t.Context(), client.NumID(uint64(i))) }))
		sent = append(sent, ch.expect(t, "exists"))
	}
	for i := len(sent) - 1; i >= 0; i-- {
		ch.incoming <- `{"textroom":"join","room":1234,"username":"x"}`
		yes := "false"
		if i%2 == 0 {
			yes = "true"
		}
		ch.answer(sent[i], `"textroom":"success","exists":`+yes)
		ch.answer(sent[i], `"textroom":"success","exists":"twice"`)
	}
	for i, g := range got {
		o := <-g
		require.NoError(t, o.err)
		require.Equal(t, i%2 == 0, o.value)
		next[*textroom.Joined](t, s)
		next[*client.PluginEvent](t, s)
	}
}

// TestEnd ends the connection in every way, with a request that waits.
func TestEnd(t *testing.T) {
	for name, end := range map[string]func(*scene, *textroom.Conn, *channel) error{
		"stop": func(s *scene, c *textroom.Conn, _ *channel) error { return c.Stop(s.t.Context()) },
		"hangup": func(s *scene, _ *textroom.Conn, _ *channel) error {
			return s.gw.Push(s.Session().ID(), s.ID(), "hangup", map[string]string{"reason": "ICE failed"}, nil)
		},
		"channel": func(_ *scene, _ *textroom.Conn, ch *channel) error { return ch.Close() },
		"detached": func(s *scene, _ *textroom.Conn, _ *channel) error {
			return s.gw.Push(s.Session().ID(), s.ID(), "detached", nil, nil)
		},
		"rebuild": func(s *scene, _ *textroom.Conn, _ *channel) error { return s.Session().Rebuild(s.t.Context()) },
	} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t)
			c, ch := s.open()
			require.NoError(t, c.Err())
			got := async(func() (bool, error) { return c.Exists(t.Context(), room) })
			ch.expect(t, "exists")
			require.NoError(t, end(s, c, ch))
			err := (<-got).err
			require.ErrorIs(t, err, textroom.ErrEnded)
			require.ErrorIs(t, err, client.ErrOutcomeUnknown)
			<-c.Done()
			require.ErrorIs(t, c.Err(), textroom.ErrEnded)
			<-ch.closed
			_, err = c.Exists(t.Context(), room)
			require.ErrorIs(t, err, textroom.ErrEnded)
			require.NotErrorIs(t, err, client.ErrOutcomeUnknown, "it was not sent")
			require.ErrorIs(t, c.Restart(t.Context()), textroom.ErrEnded)
			require.NoError(t, c.Stop(t.Context()))
		})
	}
}

// TestWhatCameBeforeTheEnd is not lost.
func TestWhatCameBeforeTheEnd(t *testing.T) {
	s := setUp(t)
	c, ch := s.open()
	for range 100 {
		ch.incoming <- `{"textroom":"join","room":1234,"username":"x"}`
	}
	require.NoError(t, s.gw.Push(s.Session().ID(), s.ID(), "hangup", map[string]string{"reason": "x"}, nil))
	<-c.Done()
	for joined := 0; joined < 100; {
		ev, err := s.Next(t.Context())
		require.NoError(t, err)
		if _, ok := ev.(*textroom.Joined); ok {
			joined++
		}
	}
}

// TestLost goes on after messages were dropped.
func TestLost(t *testing.T) {
	s := setUp(t)
	c, ch := s.open()
	dropped := errors.New("5 dropped")
	for range 3 {
		synced := async(func() (bool, error) { return c.Exists(t.Context(), room) })
		r := ch.expect(t, "exists")
		ch.fail <- dropped
		ch.answer(r, `"textroom":"success","exists":true`)
		require.NoError(t, (<-synced).err)
	}
	ev := next[*textroom.Lost](t, s)
	require.ErrorIs(t, ev.Err, dropped)
	require.Equal(t, s.ID(), ev.Handle)
	ch.fail <- dropped
	ch.fail <- dropped
	<-c.Done()
	require.ErrorIs(t, c.Err(), dropped, "two in a row are the end")
}
