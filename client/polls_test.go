package client

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

const pollRefused = `{"janus":"error","session_id":1,"error":{"code":403,"reason":"poll"}}`

// A poll that is refused for credentials which a request is replacing already asks
// for none itself: the same ones again would end the client.
func TestRefusedPollMeetsRefusedRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		opts := quiet()
		opts.Credentials = func(context.Context) (Credentials, error) {
			if asked++; asked > 1 {
				later(time.Second)
			}
			return Credentials{Token: fmt.Sprint("t", min(asked, 2))}, nil
		}
		c, f, p := newPollFake(t, opts)
		s := f.session(c)
		got := async(func() (*Handle, error) { return s.Attach(t.Context(), "p", nil) })
		f.refuse(f.expect("attach"), 403)
		synctest.Wait()
		f.send(pollRefused)
		m := f.expect("attach")
		require.Equal(t, "t2", m.Token)
		f.success(m, 2)
		require.NoError(t, (<-got).err)
		synctest.Wait()
		require.NoError(t, c.Err())
		require.Equal(t, 2, asked)
		require.Equal(t, "poll 1t2", p.seen()[len(p.seen())-1])
	})
}

// Who gives the credentials may be away when a poll is refused, and nothing else
// asks while the gateway is polled.
func TestRefusedPollAsksUntilThereAreCredentials(t *testing.T) {
	for name, interval := range map[string]time.Duration{"polling does it": 0, "by keepalives": 20 * time.Second, "never": -1} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				opts := &Options{KeepAlive: interval, Credentials: provider(&asked, "t1", "", "", "", "t2")}
				c, f, p := newPollFake(t, opts)
				s := f.session(c)
				if interval == 0 {
					m := f.expect("info")
					f.send(`{"janus":"server_info","transaction":%q,"session-timeout":60}`, m.Transaction)
				}
				begin := time.Now()
				f.send(pollRefused)
				f.send(`{"janus":"error","session_id":7,"error":{"code":403,"reason":"of nobody's"}}`)
				for len(p.seen()) < 2 {
					later(time.Second)
					require.NoError(t, c.Err())
					require.NoError(t, s.Err())
				}
				require.Equal(t, "poll 1t2", p.seen()[1])
				require.Equal(t, 5, asked)
				require.LessOrEqual(t, time.Since(begin), 30*time.Second)
			})
		})
	}
}

// A session that a Move takes along is not polled any more where it was, also when
// the token runs out on the way.
func TestVirtualMovePolledWithOldToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		b := v.add("b", a)
		a.polled, b.polled = true, true
		a.token, b.token = "old", "new"
		token := "old"
		c := v.client(&Options{KeepAlive: -1, Credentials: func(context.Context) (Credentials, error) {
			return Credentials{Token: token}, nil
		}}, "a")
		h := v.caller(c)
		old := c.link.Load().conn.(*pollConn)
		token = "new"
		require.NoError(t, c.Move(t.Context(), "v://b"))
		require.Equal(t, "b", h.works())
		left := fmt.Sprint("unpoll ", h.Session().ID())
		_, rest, found := strings.Cut(strings.Join(old.seen(), ","), left)
		require.True(t, found)
		require.NotContains(t, rest, fmt.Sprint(",poll ", h.Session().ID()))
	})
}

// A session that is being destroyed is not polled again, although its token has run
// out: the poll would find it gone.
func TestDestroyPolledWithOldToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		opts := quiet()
		opts.Credentials = provider(&asked, "t1", "t2")
		c, f, p := newPollFake(t, opts)
		s := f.session(c)
		got := asyncErr(func() error { return s.Destroy(t.Context()) })
		f.refuse(f.expect("destroy"), 403)
		m := f.expect("destroy")
		require.Equal(t, "t2", m.Token)
		require.Equal(t, []string{"poll 1t1", "unpoll 1"}, p.seen())
		f.send(`{"janus":"success","session_id":1,"transaction":%q}`, m.Transaction)
		require.NoError(t, <-got)
	})
}

// hang never has credentials, but for the first time.
func hang(asked *int, ended chan<- error) CredentialsFunc {
	return func(ctx context.Context) (Credentials, error) {
		if *asked++; *asked == 1 {
			return Credentials{Token: "old"}, nil
		}
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return Credentials{}, ctx.Err()
	}
}

// A provider that does not answer keeps a request for as long as the gateway may,
// and nobody else for longer than they want to wait.
func TestVirtualProviderHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.token = "old"
		asked := 0
		ended := make(chan error, 10)
		c := v.client(&Options{KeepAlive: 20 * time.Second, Credentials: hang(&asked, ended)}, "a")
		h := v.caller(c)
		a.do(func() { a.token = "new" })
		begin := time.Now()
		first := asyncErr(func() error { _, err := h.Request(t.Context(), nil, nil); return err })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := h.Request(ctx, nil, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(begin))
		_, err = c.Info(t.Context())
		require.NoError(t, err, "it needs none")
		err = <-first
		require.ErrorIs(t, err, Unauthorized)
		require.ErrorIs(t, err, ErrTimeout)
		require.NotErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 10*time.Second, time.Since(begin))
		require.ErrorIs(t, <-ended, ErrTimeout)

		// Nor does Close wait for it.
		pending := asyncErr(func() error { _, err := h.Request(context.WithoutCancel(t.Context()), nil, nil); return err })
		later(15 * time.Second) // a keepalive waits as well
		begin = time.Now()
		require.NoError(t, c.Close())
		require.Equal(t, begin, time.Now())
		require.Error(t, <-pending)
	})
}

// While it does not answer, the gateway that was reached is not blamed.
func TestVirtualProviderHangsAtReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.token, a.reclaim = "old", time.Minute
		asked := 0
		ended := make(chan error, 100)
		c := v.client(&Options{KeepAlive: -1, Credentials: hang(&asked, ended)}, "a")
		v.caller(c)
		a.do(func() { a.token = "new" })
		a.cut()
		st := reach(t, c, State{}, Reconnecting)
		st = reach(t, c, st, Reconnecting)
		require.ErrorIs(t, st.Cause, Unauthorized)
		require.ErrorIs(t, st.Cause, ErrTimeout)
		require.NotErrorIs(t, st.Cause, ErrUnresponsive)
	})
}

// A token may not go by a server in the open that a Move brought into the list.
func TestMoveIntoTheOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		v.add("b", a)
		v.add("ws://far.test/", a)
		c := v.client(quiet(), "a", "b")
		h := v.caller(c)
		attach := func() error {
			_, err := h.Session().Attach(t.Context(), "p", &AttachOptions{Token: "t"})
			return err
		}
		require.NoError(t, c.Move(t.Context(), "ws://far.test/"))
		v.servers["ws://far.test/"].do(func() { v.servers["ws://far.test/"].down = errDown })
		v.servers["ws://far.test/"].cut()
		require.Equal(t, "v://b", reach(t, c, reach(t, c, State{}, Reconnecting), Open).URL)
		var insecure *InsecureError
		require.ErrorAs(t, attach(), &insecure)
		require.Equal(t, "ws://far.test/", insecure.URL)

		// Once it is not in the list any more, nothing is wrong with it.
		v.servers["ws://far.test/"].do(func() { v.servers["ws://far.test/"].down = nil })
		require.NoError(t, c.Move(t.Context(), "ws://far.test/"))
		require.NoError(t, c.Move(t.Context(), "v://a"))
		require.NoError(t, attach())
		require.ErrorAs(t, c.Move(t.Context(), "ws://far.test/"), &insecure)
	})
}

// What a gateway says of a handle any number of times is asked about once.
func TestDetachedOverAndOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, quiet())
		h, stateful := f.two(c, func(context.Context, *Handle) error { return nil })
		for range 50 {
			f.send(`{"janus":"detached","session_id":1,"sender":3}`)
		}
		m := f.expect("keepalive")
		synctest.Wait()
		require.Equal(t, 1, c.calls.pending())
		f.ack(m)
		after[*Detached](t, stateful)
		_, err := stateful.Next(t.Context())
		require.ErrorIs(t, err, ErrDetached)
		require.NoError(t, h.Err())
	})
}

// A connection that is lost before that is known leaves it to the next.
func TestVirtualDetachedAndLost(t *testing.T) {
	virtual(t, map[string]bool{"with its session": true, "alone": false}, func(t *testing.T, v *cloud, whole bool) {
		a := v.add("a", nil)
		a.reclaim = time.Minute
		c := v.client(quiet(), "a")
		h := v.caller(c)
		var conn transport.Conn
		a.do(func() { a.mute, conn = true, a.conns[0] })
		event := fmt.Sprintf(`{"janus":"detached","session_id":%d,"sender":%d}`, h.Session().ID(), h.ID())
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte(event)}))
		synctest.Wait()
		a.do(func() { a.mute = false })
		if whole {
			a.restart()
		} else {
			a.cut()
		}
		reach(t, c, reach(t, c, State{}, Reconnecting), Open)
		synctest.Wait()
		if whole {
			require.Equal(t, "a", h.works())
			return
		}
		require.ErrorIs(t, h.Err(), ErrDetached)
		require.NoError(t, h.Session().Err())
	})
}

// A session whose answer was taken while the loss was being dealt with comes along.
func TestVirtualSessionOfTheLastMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.reclaim = time.Minute
		late := make(chan *Session, 1)
		opts := quiet()
		opts.Reconnect.Delay = func(int, error) (time.Duration, bool) {
			s := <-late
			s.client.adopt(s, 77, nil)
			return 0, true
		}
		c := v.client(opts, "a")
		a.do(func() { a.sessions[77] = &vsession{last: time.Now(), lost: true, handles: make(map[uint64]string)} })
		s := newSession(c)
		late <- s
		a.cut()
		require.Equal(t, 1, reach(t, c, State{Seq: 2}, Open).Resumed)
		after[*Interrupted](t, s)
		after[*Resumed](t, s)
		_, err := s.Attach(t.Context(), "p", nil)
		require.NoError(t, err)
	})
}

// What is found out about a session after the client has ended begins nothing.
func TestReviveAfterClose(t *testing.T) {
	c, f := newFake(t, quiet())
	s := f.session(c)
	require.NoError(t, c.Close())
	s = newSession(s.client)
	c.revive(s)
	require.ErrorIs(t, s.Err(), ErrClosed)
	require.True(t, errors.Is(c.Err(), ErrClosed))
}
