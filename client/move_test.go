package client

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

func TestVirtualMove(t *testing.T) {
	type kind struct {
		cluster, polled bool
		to              string
		claimed         bool
	}
	virtual(t, map[string]kind{
		"cluster":          {cluster: true, to: "b", claimed: true},
		"other gateway":    {to: "b"},
		"same gateway":     {to: "a", claimed: true},
		"cluster, polled":  {cluster: true, polled: true, to: "b", claimed: true},
		"elsewhere polled": {polled: true, to: "b"},
	}, func(t *testing.T, v *cloud, k kind) {
		a, b := v.add("a", nil), v.add("b", nil)
		if k.cluster {
			b.sessions = a.sessions
		}
		a.polled, b.polled = k.polled, k.polled
		c := v.client(&Options{KeepAlive: -1}, "a")
		h, second := v.caller(c), v.caller(c)
		id := h.ID()
		begin := time.Now()
		require.NoError(t, c.Move(t.Context(), "v://"+k.to))
		require.Equal(t, k.to, h.works())
		require.Equal(t, k.to, second.works())
		require.Equal(t, begin, time.Now(), "no time passed")
		synctest.Wait()
		st := c.State()
		require.Equal(t, Open, st.Phase)
		require.Equal(t, "v://"+k.to, st.URL)
		for _, n := range []Nexter{h, second, h.Session()} {
			ev := after[*Resumed](t, n)
			require.NoError(t, ev.Err)
			require.Equal(t, !k.claimed, ev.Rebuilt)
		}
		if k.claimed {
			require.Equal(t, 2, st.Resumed)
			require.Equal(t, id, h.ID())
			require.Zero(t, h.restored.Load())
		} else {
			require.Equal(t, 2, st.Rebuilt)
			require.NotEqual(t, id, h.ID())
			require.Equal(t, int64(1), h.restored.Load())
			a.do(func() { require.Empty(t, a.sessions, "nothing is left behind") })
		}
		require.Len(t, c.list(), 2)
		require.Len(t, h.Session().handles, 1)
		if k.polled {
			p := c.link.Load().conn.(*pollConn).seen()
			require.Contains(t, p, fmt.Sprint("poll ", h.Session().ID()))
			require.NotContains(t, p, fmt.Sprint("unpoll ", h.Session().ID()))
		}

		// From here on that is where it is.
		v.servers[k.to].restart()
		require.Equal(t, "v://"+k.to, reach(t, c, reach(t, c, st, Reconnecting), Open).URL)
		require.Equal(t, k.to, h.works())
	})
}

// What goes wrong changes nothing.
func TestVirtualMoveFails(t *testing.T) {
	type kind struct {
		spoil func(a, b *server)
		want  error
	}
	virtual(t, map[string]kind{
		"nobody there":      {func(_, b *server) { b.down = errDown }, errDown},
		"draining":          {func(_, b *server) { b.refuse["create"] = 472 }, NotAcceptingSessions},
		"no plugin":         {func(_, b *server) { b.refuse["attach"] = 460 }, PluginNotFound},
		"no rights":         {func(_, b *server) { b.token = "other" }, Unauthorized},
		"silent":            {func(_, b *server) { b.mute = true }, ErrTimeout},
		"lost":              {func(_, b *server) { b.cutAt = "attach" }, ErrInterrupted},
		"lost claim":        {func(_, b *server) { b.cutAt = "claim" }, ErrInterrupted},
		"no claims":         {func(a, b *server) { b.sessions, b.refuse["claim"] = a.sessions, 490 }, UnknownError},
		"half of a cluster": {func(a, b *server) { b.sessions, b.most = a.sessions, 1 }, UnknownError},
	}, func(t *testing.T, v *cloud, k kind) {
		a, b := v.add("a", nil), v.add("b", nil)
		c := v.client(&Options{KeepAlive: -1}, "a")
		h, second := v.caller(c), v.caller(c)
		ids := []uint64{h.Session().ID(), h.ID(), second.ID()}
		st := c.State()
		k.spoil(a, b)
		require.ErrorIs(t, c.Move(t.Context(), "v://b"), k.want)
		require.Equal(t, st, c.State())
		require.Equal(t, ids, []uint64{h.Session().ID(), h.ID(), second.ID()})
		require.Equal(t, "a", h.works())
		require.Equal(t, "a", second.works())
		require.Len(t, c.list(), 2)
		require.Len(t, h.Session().handles, 1)
		require.NoError(t, c.Err())
		for _, n := range []Nexter{h, second, h.Session()} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, err := n.Next(ctx)
			cancel()
			require.ErrorIs(t, err, context.DeadlineExceeded, "nobody heard of it")
		}
		synctest.Wait()
		b.do(func() {
			if len(a.sessions) == 2 {
				return
			}
			require.Empty(t, b.sessions)
		})
		a.restart()
		require.Equal(t, "v://a", reach(t, c, reach(t, c, st, Reconnecting), Open).URL)
		require.Equal(t, "a", h.works())
	})
}

// Requests that come while the client moves wait, and those on their way get their
// answers.
func TestVirtualMoveUnderLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		v.add("b", a)
		c := v.client(&Options{KeepAlive: -1}, "a")
		h := v.caller(c)
		errs := make(chan error, 1000)
		for range 10 {
			go func() {
				for range 100 {
					_, err := h.Request(t.Context(), nil, nil)
					errs <- err
				}
			}()
		}
		for i := range 10 {
			require.NoError(t, c.Move(t.Context(), []string{"v://b", "v://a"}[i%2]))
		}
		for range 1000 {
			require.NoError(t, <-errs)
		}
		require.Equal(t, "a", h.works())
		require.NoError(t, h.Session().Destroy(t.Context()))
	})
}

// A session that is on its way comes along.
func TestVirtualMoveTakesTheLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		v.add("b", a)
		c := v.client(&Options{KeepAlive: -1}, "a")
		a.do(func() { a.slow = time.Second })
		got := async(func() (*Session, error) { return c.NewSession(t.Context()) })
		synctest.Wait()
		require.NoError(t, c.Move(t.Context(), "v://b"))
		r := <-got
		require.NoError(t, r.err)
		later(time.Minute)
		_, err := r.value.Attach(t.Context(), "p", nil)
		require.NoError(t, err)
	})
}

// A request whose answer takes longer than the old connection is kept ends with
// its outcome unknown, or is asked again.
func TestVirtualMoveLeavesTheSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		v.add("b", nil)
		c := v.client(&Options{KeepAlive: -1}, "a")
		h := v.caller(c)
		a.do(func() { a.mute = true })
		slow := asyncErr(func() error { _, err := h.Request(t.Context(), nil, nil); return err })
		asked := asyncErr(func() error { _, err := h.Query(t.Context(), nil); return err })
		synctest.Wait()
		require.NoError(t, c.Move(t.Context(), "v://b"))
		require.ErrorIs(t, <-slow, ErrOutcomeUnknown)
		require.NoError(t, <-asked)
	})
}

func TestVirtualMoveMeetsOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a, b := v.add("a", nil), v.add("b", nil)
		c := v.client(&Options{KeepAlive: -1}, "a")
		h := v.caller(c)

		// It waits while the connection is away.
		a.do(func() { a.down = errDown })
		a.restart()
		reach(t, c, State{}, Reconnecting)
		moved := asyncErr(func() error { return c.Move(t.Context(), "v://b") })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, c.Move(ctx, "v://b"), context.DeadlineExceeded)
		require.Empty(t, moved)
		a.do(func() { a.down = nil })
		require.NoError(t, <-moved)
		require.Equal(t, "b", h.works())

		// The connection it leaves is lost in the middle of it.
		a.do(func() { a.mute = true })
		moved = asyncErr(func() error { return c.Move(t.Context(), "v://a") })
		synctest.Wait()
		b.restart()
		synctest.Wait()
		a.do(func() { a.mute = false })
		require.ErrorIs(t, <-moved, ErrTimeout)
		require.Equal(t, "b", h.works(), "reconnected")

		// Close ends it.
		a.do(func() { a.mute = true })
		moved = asyncErr(func() error { return c.Move(t.Context(), "v://a") })
		synctest.Wait()
		require.NoError(t, c.Close())
		require.ErrorIs(t, <-moved, ErrClosed)
		require.ErrorIs(t, c.Move(t.Context(), "v://a"), ErrClosed)
	})
}

func TestMoveArguments(t *testing.T) {
	c, _ := newFake(t, quiet())
	var argument *ArgumentError
	require.ErrorAs(t, c.Move(t.Context(), "v://a"), &argument)
	v := newCloud(t)
	v.add("a", nil)
	c = v.client(&Options{Credentials: Static("t", "")}, "a")
	var insecure *InsecureError
	require.ErrorAs(t, c.Move(t.Context(), "ws://example.org/"), &insecure)
	var scheme *transport.SchemeError
	require.ErrorAs(t, c.Move(t.Context(), "x://a"), &scheme)
	require.True(t, errors.Is(c.Move(t.Context(), "x://a"), errors.ErrUnsupported))
}

// A session that is being rebuilt comes along when it has what it had: its Restorers
// end what they began.
func TestVirtualMoveMeetsARebuild(t *testing.T) {
	type kind struct {
		cluster bool
		timeout bool          // the session was lost, and nobody asked for the rebuild
		after   time.Duration // the rebuild began: when the client moves
	}
	s := time.Second
	virtual(t, map[string]kind{ // each answer takes 5 s
		"at once":           {},
		"creating":          {after: 2 * s},
		"attaching":         {after: 7 * s},
		"restoring":         {after: 16 * s},
		"in a cluster":      {cluster: true, after: 16 * s},
		"timeout":           {timeout: true, after: 16 * s},
		"timeout, cluster":  {timeout: true, cluster: true, after: 16 * s},
		"timeout, creating": {timeout: true, cluster: true, after: 7 * s},
	}, func(t *testing.T, v *cloud, k kind) {
		a, b := v.add("a", nil), v.add("b", nil)
		if k.cluster {
			b.sessions = a.sessions
		}
		c := v.client(&Options{KeepAlive: -1}, "a")
		h := v.caller(c)
		a.do(func() { a.slow = 5 * time.Second })
		var done <-chan error
		if k.timeout {
			a.do(func() { clear(a.sessions) })
			done = asyncErr(func() error { _, _ = h.Query(t.Context(), nil); return nil })
		} else {
			done = asyncErr(func() error { return h.Session().Rebuild(t.Context()) })
		}
		later(k.after)
		require.NoError(t, c.Move(t.Context(), "v://b"))
		require.NoError(t, <-done)
		require.Equal(t, "b", h.works())
		require.Equal(t, "v://b", c.State().URL)
		later(time.Minute)
		if k.timeout {
			after[*SessionTimeout](t, h)
		}
		restored := int64(0)
		for {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			ev, err := h.Next(ctx)
			cancel()
			if err != nil {
				require.ErrorIs(t, err, context.DeadlineExceeded)
				break
			}
			require.IsType(t, (*Resumed)(nil), ev)
			require.NoError(t, ev.(*Resumed).Err)
			if ev.(*Resumed).Rebuilt {
				restored++
			}
		}
		require.Equal(t, restored, h.restored.Load())
		require.NotZero(t, restored)
		b.do(func() {
			require.Len(t, b.sessions, 1, "nothing is left behind")
			require.NotNil(t, b.sessions[h.Session().ID()])
		})
	})
}

// A rebuild that was given up half-way is made whole where the client moves to.
func TestVirtualMoveMakesWhole(t *testing.T) {
	for _, cluster := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			v := newCloud(t)
			a, b := v.add("a", nil), v.add("b", nil)
			if cluster {
				b.sessions = a.sessions
			}
			c := v.client(&Options{KeepAlive: -1}, "a")
			h := v.caller(c)
			a.do(func() { a.deaf = "message" })
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			require.ErrorIs(t, h.Session().Rebuild(ctx), context.DeadlineExceeded)
			require.ErrorIs(t, after[*Resumed](t, h).Err, context.DeadlineExceeded)
			require.NoError(t, c.Move(t.Context(), "v://b"))
			require.NoError(t, after[*Resumed](t, h).Err)
			require.Equal(t, int64(1), h.restored.Load())
			require.Equal(t, "b", h.works())
			later(time.Minute)
			b.do(func() { require.Len(t, b.sessions, 1, "nothing is left behind") })
		})
	}
}
