package client

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

func TestVirtualFailover(t *testing.T) {
	type kind struct {
		loss  func(a, b, c *server) // what happens to a, where the client is
		at    string                // where it is afterwards; empty: nowhere
		ends  error                 // why it is nowhere
		tried string                // what was dialed for it
		more  bool                  // it goes on like that
		anew  bool
		opts  Options
	}
	final := &transport.DialError{URL: "v://x", Err: errDown, Final: true}
	share := func(a, b *server) { b.sessions = a.sessions }
	virtual(t, map[string]kind{
		"cut":            {loss: func(a, _, _ *server) { a.cut() }, at: "a", tried: "a"},
		"restarted":      {loss: func(a, _, _ *server) { a.restart() }, at: "a", tried: "a", anew: true},
		"down":           {loss: func(a, _, _ *server) { a.down = errDown; a.cut() }, at: "b", tried: "ab", anew: true},
		"down, cluster":  {loss: func(a, b, _ *server) { share(a, b); a.down = errDown; a.cut() }, at: "b", tried: "ab"},
		"two down":       {loss: func(a, b, _ *server) { a.down, b.down = errDown, errDown; a.cut() }, at: "c", tried: "abc", anew: true},
		"distrusted":     {loss: func(a, _, _ *server) { a.down = final; a.cut() }, at: "b", tried: "ab", anew: true},
		"all distrusted": {loss: func(a, b, c *server) { a.down, b.down, c.down = final, final, final; a.cut() }, ends: ErrClosed, tried: "abc"},
		"draining":       {loss: func(a, _, _ *server) { a.refuse["create"] = 472; a.restart() }, at: "b", tried: "ab", anew: true},
		"two draining":   {loss: func(a, b, _ *server) { a.refuse["create"], b.refuse["create"] = 472, 472; a.restart() }, at: "c", tried: "abc", anew: true},
		"all draining": {loss: func(a, b, c *server) {
			a.refuse["create"], b.refuse["create"], c.refuse["create"] = 472, 472, 472
			a.restart()
		}, ends: ErrClosed, tried: "abc", more: true},
		"no claims":        {loss: func(a, _, _ *server) { a.refuse["claim"] = 490; a.cut() }, at: "b", tried: "ab", anew: true},
		"mute":             {loss: func(a, _, _ *server) { a.do(func() { a.mute = true }); a.cut() }, at: "b", tried: "ab", anew: true},
		"plugin forbidden": {loss: func(a, _, _ *server) { a.refuse["create"] = 405; a.restart() }, ends: ErrDestroyed, tried: "a"},
		"path":             {loss: func(a, _, _ *server) { a.refuse["claim"] = 457; a.cut() }, ends: ErrDestroyed, tried: "a"},
	}, func(t *testing.T, v *cloud, k kind) {
		a, b, c := v.add("a", nil), v.add("b", nil), v.add("c", nil)
		for _, s := range []*server{a, b, c} {
			s.reclaim = time.Minute
		}
		k.opts.KeepAlive = -1
		cl := v.client(&k.opts, "a", "b", "c")
		h := v.caller(cl)
		require.Equal(t, "a", h.works())
		later(10 * time.Second)
		v.mu.Lock()
		v.dials = nil
		v.mu.Unlock()
		k.loss(a, b, c)
		if k.at == "" {
			<-h.Done()
			require.ErrorIs(t, h.Session().Err(), k.ends)
			require.Equal(t, errors.Is(k.ends, ErrClosed), cl.Err() != nil)
			if tried := v.tried(); k.more {
				require.Greater(t, len(tried), 10*len(k.tried))
				require.Equal(t, k.tried, tried[:len(k.tried)])
			} else {
				require.Equal(t, k.tried, tried)
			}
			return
		}
		st := reach(t, cl, reach(t, cl, State{}, Reconnecting), Open)
		require.Equal(t, k.tried, v.tried())
		require.Equal(t, "v://"+k.at, st.URL)
		require.Equal(t, k.anew, st.Rebuilt == 1)
		require.Equal(t, !k.anew, st.Resumed == 1)
		require.Equal(t, k.at, h.works())
		later(10 * time.Second)

		// The next loss begins where it is.
		v.mu.Lock()
		v.dials = nil
		v.mu.Unlock()
		v.servers[k.at].cut()
		reach(t, cl, reach(t, cl, st, Reconnecting), Open)
		require.Equal(t, k.at, v.tried())
		require.Equal(t, k.at, h.works())
	})
}

func TestVirtualDialFailover(t *testing.T) {
	type kind struct {
		down map[string]error
		at   string
		errs []string
	}
	virtual(t, map[string]kind{
		"first":  {at: "a"},
		"second": {at: "b", down: map[string]error{"a": errDown}},
		"third":  {at: "c", down: map[string]error{"a": errDown, "b": errors.New("not either")}},
		"none": {
			down: map[string]error{"a": errDown, "b": errors.New("not either"), "c": errors.New("nor here")},
			errs: []string{"nobody there", "not either", "nor here"},
		},
	}, func(t *testing.T, v *cloud, k kind) {
		for _, name := range []string{"a", "b", "c"} {
			v.add(name, nil).down = k.down[name]
		}
		var seen []State
		opts := &Options{Trace: &Trace{State: func(st State) { seen = append(seen, st) }}}
		if k.at != "" {
			c := v.client(opts, "a", "b", "c")
			require.Equal(t, "v://"+k.at, c.State().URL)
			require.Equal(t, k.at, v.caller(c).works())
			require.Len(t, seen, len(k.down)+2)
			return
		}
		opts.Transports, opts.Servers = transport.Registry{"v": v}, []string{"v://b", "v://c"}
		_, err := Dial(t.Context(), "v://a", opts)
		for _, text := range k.errs {
			require.ErrorContains(t, err, text)
		}
		require.ErrorIs(t, err, errDown)
		require.Equal(t, Closed, seen[3].Phase)
		require.Equal(t, err, seen[3].Cause)
	})
}

// hangs is a Dialer whose servers do not answer but for one.
type hangs struct{ cloud *cloud }

func (d hangs) Dial(ctx context.Context, url string, api transport.API) (transport.Conn, error) {
	if url == "v://b" {
		return d.cloud.Dial(ctx, url, api)
	}
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

func TestVirtualDialShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		b := v.add("b", nil)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		c, err := Dial(ctx, "v://a", &Options{Servers: []string{"v://b"}, Transports: transport.Registry{"v": hangs{v}}})
		require.NoError(t, err)
		require.Equal(t, 5*time.Second, time.Since(v.begin), "half of the time is the second one's")
		require.NoError(t, c.Close())
		b.cut()
	})
}

// A connection that is lost at once does not bring the next without a wait.
func TestVirtualFlapping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.reclaim = time.Minute
		c := v.client(nil, "a")
		h := v.caller(c)
		st := c.State()
		for n := range 6 {
			a.cut()
			st = reach(t, c, st, Reconnecting)
			require.Equal(t, n+1, st.Attempt)
			st = reach(t, c, st, Open)
		}
		later(3 * time.Second)
		a.cut()
		require.Equal(t, 1, reach(t, c, st, Reconnecting).Attempt, "it was steady")
		require.Equal(t, "a", h.works())
	})
}

func TestInsecure(t *testing.T) {
	v := newCloud(t)
	opts := &Options{Credentials: Static("t", ""), Servers: []string{"ws://u:CANARY@h/?CANARY"}, Transports: transport.Registry{"v": v, "ws": v}}
	_, err := Dial(t.Context(), "v://a", opts)
	var insecure *InsecureError
	require.ErrorAs(t, err, &insecure)
	require.Equal(t, "ws://h/", insecure.URL)
	require.ErrorContains(t, err, "wss://")
	require.ErrorContains(t, err, "Options.AllowInsecure")
	require.NotContains(t, err.Error(), "CANARY")
	require.Empty(t, v.dials, "nothing was sent")
	v.add("a", nil)
	opts.AllowInsecure = true
	c, err := Dial(t.Context(), "v://a", opts)
	require.NoError(t, err)
	require.NoError(t, c.Close())

	// A handle may have a secret of its own.
	opts.AllowInsecure, opts.Credentials = false, nil
	c, err = Dial(t.Context(), "v://a", opts)
	require.NoError(t, err)
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	_, err = s.Attach(t.Context(), "p", &AttachOptions{Token: "t"})
	require.ErrorAs(t, err, &insecure)
	_, err = s.Attach(t.Context(), "p", nil)
	require.NoError(t, err)
	require.NoError(t, c.Close())
}
