package client

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

// Requests wait for the connection, as many as may.
func TestVirtualSendBuffer(t *testing.T) {
	type kind struct {
		option, send, wait, full, fail int
	}
	virtual(t, map[string]kind{
		"default":     {option: 0, send: 300, wait: 256, full: 44},
		"all of them": {option: 10, send: 10, wait: 10},
		"one more":    {option: 10, send: 11, wait: 10, full: 1},
		"one":         {option: 1, send: 3, wait: 1, full: 2},
		"none":        {option: -1, send: 5, fail: 5},
	}, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		a.reclaim = time.Minute
		c := v.client(&Options{SendBuffer: k.option, KeepAlive: -1}, "a")
		h := v.caller(c)
		a.requests()
		a.do(func() { a.down = errDown })
		a.cut()
		synctest.Wait()
		begin := time.Now()
		errs := make(chan error, k.send)
		for range k.send {
			go func() {
				_, err := h.Request(t.Context(), map[string]string{"request": "x"}, nil)
				errs <- err
			}()
		}
		synctest.Wait()
		require.Equal(t, time.Now(), begin)
		full, fail := 0, 0
		for range k.full + k.fail {
			err := <-errs
			require.ErrorIs(t, err, ErrInterrupted)
			fail++
			require.NotErrorIs(t, err, ErrOutcomeUnknown)
			if c.opts.SendBuffer > 0 {
				require.ErrorIs(t, err, ErrSendBuffer)
				require.ErrorContains(t, err, "Options.SendBuffer")
				full++
			}
		}
		require.Equal(t, []int{k.full, k.full + k.fail}, []int{full, fail})
		require.Empty(t, errs, "the others wait")
		a.do(func() { a.down = nil })
		for range k.wait {
			require.NoError(t, <-errs)
		}
		log := a.requests()
		if k.wait > 0 {
			require.Equal(t, "claim", log[0])
			require.Len(t, log, 1+k.wait, "each once")
		}
	})
}

// What one goroutine sends arrives in its order, across any number of losses.
func TestVirtualOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.reclaim = time.Minute
		c := v.client(&Options{KeepAlive: -1}, "a")
		h := v.caller(c)
		go func() { // loses it ten times
			for range 10 {
				later(3 * time.Second)
				a.cut()
			}
		}()
		a.requests()
		for range 350 {
			_, err := h.Query(t.Context(), map[string]string{"request": "q"})
			require.NoError(t, err)
			later(100 * time.Millisecond)
		}
		claims := 0
		for _, r := range a.requests() {
			if r == "claim" {
				claims++
			}
		}
		require.Equal(t, 10, claims)
	})
}

// What was under way when the connection was lost is asked again where that does
// no harm, and never where it might.
func TestVirtualUnderWay(t *testing.T) {
	type kind struct {
		do    func(ctx context.Context, c *Client, h *Handle) error
		again bool
	}
	body := map[string]string{"request": "x"}
	virtual(t, map[string]kind{
		"query": {func(ctx context.Context, _ *Client, h *Handle) error { _, err := h.Query(ctx, body); return err }, true},
		"info":  {func(ctx context.Context, c *Client, _ *Handle) error { _, err := c.Info(ctx); return err }, true},
		"ping":  {func(ctx context.Context, c *Client, _ *Handle) error { _, err := c.Ping(ctx); return err }, true},
		"claim": {func(ctx context.Context, c *Client, h *Handle) error {
			_, err := c.ClaimSession(ctx, h.Session().ID())
			return err
		}, true},
		"hangup":  {func(ctx context.Context, _ *Client, h *Handle) error { return h.Hangup(ctx) }, true},
		"detach":  {func(ctx context.Context, _ *Client, h *Handle) error { return h.Detach(ctx) }, true},
		"destroy": {func(ctx context.Context, _ *Client, h *Handle) error { return h.Session().Destroy(ctx) }, true},
		"request": {func(ctx context.Context, _ *Client, h *Handle) error { _, err := h.Request(ctx, body, nil); return err }, false},
		"send":    {func(ctx context.Context, _ *Client, h *Handle) error { return h.Send(ctx, body, nil) }, false},
		"trickle": {func(ctx context.Context, _ *Client, h *Handle) error { return h.Trickle(ctx) }, false},
		"create":  {func(ctx context.Context, c *Client, _ *Handle) error { _, err := c.NewSession(ctx); return err }, false},
		"attach": {func(ctx context.Context, _ *Client, h *Handle) error {
			_, err := h.Session().Attach(ctx, "p", nil)
			return err
		}, false},
	}, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		a.reclaim = time.Minute
		c := v.client(&Options{KeepAlive: -1}, "a")
		h := v.caller(c)
		a.do(func() { a.mute = true })
		done := asyncErr(func() error { return k.do(t.Context(), c, h.Handle) })
		synctest.Wait()
		require.Empty(t, done)
		a.do(func() { a.mute = false })
		a.cut()
		err := <-done
		if k.again {
			require.NoError(t, err)
			return
		}
		require.ErrorIs(t, err, ErrOutcomeUnknown)
		reach(t, c, State{}, Reconnecting)
		require.Equal(t, "a", h.works())
	})
}

// A request that meets a connection which has ended, before anybody knows of it,
// was not sent: it waits for the next.
func TestVirtualUnsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, g, f := dialFake(t, quiet())
		h := f.handle(c, nil)
		_ = c.link.Load().conn.Close() // the read loop has not run yet
		got := async(func() (Response, error) { return h.Request(t.Context(), nil, nil) })
		f = g.take()
		m := f.expect("claim")
		f.send(`{"janus":"success","transaction":%q,"session_id":1}`, m.Transaction)
		f.event(f.expect("message"), `{}`)
		require.NoError(t, (<-got).err)
	})
}

// stuck is a polling connection that sends nothing any more.
type stuck struct {
	pollConn
	on atomic.Bool
}

func (s *stuck) Write(ctx context.Context, m transport.Message) error {
	if s.on.Load() {
		return errDown
	}
	return s.pollConn.Write(ctx, m)
}

// Where the gateway does not even accept a request, the polls need not find it out.
func TestVirtualUnsentPolled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.reclaim = time.Minute
		var conns []*stuck
		a.wrap = func(conn transport.Conn) transport.Conn {
			conns = append(conns, &stuck{pollConn: pollConn{Conn: conn}})
			return conns[len(conns)-1]
		}
		c := v.client(quiet(), "a")
		h := v.caller(c)
		conns[0].on.Store(true)
		require.Equal(t, "a", h.works())
		require.Less(t, time.Since(v.begin), time.Second)
		require.Len(t, conns, 2)
	})
}

// While the connection is away a request has the time it always has.
func TestVirtualDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		c := v.client(&Options{KeepAlive: -1}, "a")
		h := v.caller(c)
		a.do(func() { a.mute = true })
		under := asyncErr(func() error { _, err := h.Query(t.Context(), nil); return err })
		synctest.Wait()
		later(4 * time.Second)
		a.do(func() { a.down = errDown })
		a.cut()
		lost := time.Now()
		err := <-under
		require.ErrorIs(t, err, ErrTimeout)
		require.NotErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 10*time.Second, time.Since(lost))

		_, err = h.Request(t.Context(), nil, nil)
		require.ErrorIs(t, err, ErrTimeout)
		require.Equal(t, 20*time.Second, time.Since(lost))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = h.Query(ctx, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 21*time.Second, time.Since(lost))
	})
}

// A rebuild that is cut short is gone on with on the next connection, wherever it
// was.
func TestVirtualRebuildCutShort(t *testing.T) {
	virtual(t, map[string]string{
		"claim": "claim", "create": "create", "attach": "attach", "restore": "message",
	}, func(t *testing.T, v *cloud, at string) {
		a := v.add("a", nil)
		a.reclaim = time.Minute
		c := v.client(&Options{KeepAlive: -1}, "a")
		h := v.caller(c)
		a.do(func() { a.cutAt = at })
		a.restart()
		st := reach(t, c, State{}, Reconnecting)
		for h.restored.Load() == 0 || st.Phase != Open {
			var err error
			st, err = c.NextState(t.Context(), st)
			require.NoError(t, err)
			synctest.Wait()
		}
		a.do(func() { require.Empty(t, a.cutAt) })
		require.Equal(t, 1, st.Rebuilt)
		require.Equal(t, "a", h.works())
		require.NoError(t, h.Err())
		a.do(func() {
			for id := range a.sessions {
				require.Equal(t, h.Session().ID(), id, "nothing is left behind")
			}
		})
	})
}
