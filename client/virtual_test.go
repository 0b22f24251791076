package client

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

// virtual runs one case of a table in a time of its own.
func virtual[T any](t *testing.T, cases map[string]T, run func(t *testing.T, v *cloud, c T)) {
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { run(t, newCloud(t), c) })
		})
	}
}

// later returns when that much of virtual time is over.
func later(d time.Duration) { <-time.After(d) }

// A session lives for hours, and a keepalive comes exactly when it should.
func TestVirtualKeepAlive(t *testing.T) {
	type kind struct {
		timeout, reclaim, option, want time.Duration
		polled                         bool
	}
	s := time.Second
	virtual(t, map[string]kind{
		"Janus' defaults":  {timeout: 60 * s, want: 20 * s},
		"reclaim 15":       {timeout: 60 * s, reclaim: 15 * s, want: 5 * s},
		"reclaim 60":       {timeout: 60 * s, reclaim: 60 * s, want: 20 * s},
		"long":             {timeout: 600 * s, want: 25 * s},
		"short":            {timeout: 5 * s, want: 2 * s},
		"option":           {timeout: 60 * s, option: 45 * s, want: 45 * s},
		"polled and short": {timeout: 30 * s, polled: true, want: 10 * s},
	}, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		a.timeout, a.reclaim, a.polled = k.timeout, k.reclaim, k.polled
		c := v.client(&Options{KeepAlive: k.option}, "a")
		h := v.caller(c)
		later(4*time.Hour + time.Second)
		require.NoError(t, h.Err())
		require.Equal(t, "a", h.works())
		require.Equal(t, Open, c.State().Phase)
		a.do(func() {
			require.Equal(t, int(4*time.Hour/k.want), len(a.beats), "one for each interval")
			for i := 2; i < len(a.beats); i++ {
				require.Equal(t, k.want, a.beats[i]-a.beats[i-1])
			}
			require.Len(t, v.dials, 1)
		})
	})
}

// The interval is that of the gateway there is.
func TestVirtualKeepAliveOfAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		c := v.client(nil, "a")
		h := v.caller(c)
		later(50 * time.Second)
		a.do(func() { a.reclaim, a.beats = 15*time.Second, nil })
		a.cut()
		later(100 * time.Second)
		a.do(func() {
			require.GreaterOrEqual(t, len(a.beats), 19)
			for i := 3; i < len(a.beats); i++ {
				require.Equal(t, 5*time.Second, a.beats[i]-a.beats[i-1])
			}
		})
		require.Equal(t, "a", h.works())
	})
}

// direct is a connection whose answers come without the read loop.
type direct struct {
	transport.Conn
	s *server
}

func (d direct) Exchange(ctx context.Context, m transport.Message) ([]byte, error) {
	var r sent
	if err := json.Unmarshal(m.Data, &r); err != nil {
		return nil, err
	}
	if list := d.s.answer(d.Conn, &r); len(list) > 0 {
		return []byte(list[0]), nil
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

// What a lost ack means depends on how many, and on what else comes.
func TestVirtualAcks(t *testing.T) {
	type kind struct {
		lose   []int
		mute   time.Duration // when the gateway falls silent
		busy   bool          // the session sends all the time
		direct bool          // the answer is a part of the request
		polled bool
		dead   time.Duration // when it is found out; zero: never
	}
	s := time.Second
	virtual(t, map[string]kind{
		"all there":         {},
		"one lost":          {lose: []int{1}},
		"each second":       {lose: []int{1, 3, 5, 7, 9, 11}},
		"two":               {lose: []int{3, 4}, dead: 70 * s},
		"the first two":     {lose: []int{1, 2}, dead: 30 * s},
		"silent":            {mute: 1 * s, dead: 30 * s},
		"silent later":      {mute: 39 * s, dead: 50 * s},
		"silent while busy": {mute: 7 * s, busy: true, dead: 40 * s},
		"silent and polled": {mute: 1 * s, polled: true, dead: 30 * s},
		"silent in HTTP":    {mute: 1 * s, direct: true, dead: 31 * s},
		"lost in HTTP":      {lose: []int{1, 3, 5, 7, 9, 11}, direct: true},
	}, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		a.polled = k.polled
		if k.direct {
			a.wrap = func(conn transport.Conn) transport.Conn { return direct{conn, a} }
		}
		for _, n := range k.lose {
			a.lose[n] = true
		}
		c := v.client(&Options{KeepAlive: 20 * s, Reconnect: Reconnect{Off: true}}, "a")
		h := v.caller(c)
		if k.mute > 0 {
			time.AfterFunc(k.mute, func() { a.do(func() { a.mute = true }) })
		}
		if k.busy {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() { // sends and does not wait, until the test ends
				for tick := time.NewTicker(s); ; {
					select {
					case <-tick.C:
						go func() { _ = h.Trickle(ctx) }()
					case <-ctx.Done():
						tick.Stop()
						return
					}
				}
			}()
		}
		select {
		case <-c.Done():
			require.NotZero(t, k.dead)
			require.ErrorIs(t, c.Err(), ErrUnresponsive)
			require.ErrorIs(t, h.Err(), ErrClosed)
			require.LessOrEqual(t, time.Since(v.begin), k.dead)
			require.GreaterOrEqual(t, time.Since(v.begin), k.dead-10*s)
		case <-time.After(10 * time.Minute):
			require.Zero(t, k.dead)
		}
	})
}

// The waits before the tries are random below a bound that doubles.
func TestVirtualBackoff(t *testing.T) {
	type kind struct {
		min, max, budget time.Duration
		delay            func(int, error) (time.Duration, bool)
		bounds           []time.Duration
	}
	ms := time.Millisecond
	doubled := []time.Duration{250 * ms, 500 * ms, 1000 * ms, 2000 * ms, 4000 * ms, 8000 * ms, 8000 * ms, 8000 * ms}
	virtual(t, map[string]kind{
		"defaults":   {bounds: doubled},
		"again":      {bounds: doubled},
		"for ever":   {budget: -1, bounds: append(doubled, 8000*ms, 8000*ms, 8000*ms, 8000*ms)},
		"short":      {min: 10 * ms, max: 40 * ms, bounds: []time.Duration{10 * ms, 20 * ms, 40 * ms, 40 * ms, 40 * ms}},
		"min of max": {min: 8000 * ms, bounds: []time.Duration{8000 * ms, 8000 * ms, 8000 * ms}},
		"policy": {
			delay:  func(n int, _ error) (time.Duration, bool) { return time.Duration(n) * time.Second, true },
			bounds: []time.Duration{1000*ms + 1, 2000*ms + 1, 3000*ms + 1},
		},
	}, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		c := v.client(&Options{Reconnect: Reconnect{Min: k.min, Max: k.max, Budget: k.budget, Delay: k.delay}}, "a")
		a.do(func() { a.down = errDown })
		a.cut()
		before := State{}
		lost := time.Now()
		for i, bound := range k.bounds {
			st := reach(t, c, before, Reconnecting)
			require.Equal(t, i+1, st.Attempt)
			require.Equal(t, "v://a", st.URL)
			require.Less(t, st.Next.Sub(lost), bound)
			if before.Attempt > 0 {
				require.ErrorIs(t, st.Cause, errDown)
			}
			lost, before = st.Next, st
		}
	})
}

// A gateway keeps a session for its reclaim timeout, counted from the last sign of
// life.
func TestVirtualClaimWindow(t *testing.T) {
	type kind struct {
		reclaim, gap time.Duration
		claimed      bool
	}
	s := time.Second
	cases := make(map[string]kind)
	for _, reclaim := range []time.Duration{0, 15 * s, 60 * s} {
		for _, gap := range []time.Duration{0, 1 * s, 9 * s, 16 * s, 38 * s, 61 * s, 300 * s} {
			cases[fmt.Sprint(reclaim, " ", gap)] = kind{reclaim, gap, reclaim > gap}
		}
	}
	virtual(t, cases, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		a.reclaim = k.reclaim
		c := v.client(&Options{Reconnect: Reconnect{Budget: -1, Max: 100 * time.Millisecond, Min: 100 * time.Millisecond}}, "a")
		h := v.caller(c)
		later(100 * s)
		a.do(func() {
			a.down = errDown
			for _, ses := range a.sessions {
				ses.last = time.Now()
			}
		})
		a.cut()
		later(k.gap)
		a.do(func() { a.down = nil })
		st := reach(t, c, reach(t, c, State{}, Reconnecting), Open)
		require.Equal(t, "a", h.works())
		after[*Interrupted](t, h)
		ev := after[*Resumed](t, h)
		require.NoError(t, ev.Err)
		require.Equal(t, !k.claimed, ev.Rebuilt)
		if k.claimed {
			require.Equal(t, []int{1, 0, 0, 0}, []int{st.Resumed, st.Rebuilt, st.Lost, int(h.restored.Load())})
		} else {
			require.Equal(t, []int{0, 1, 0, 1}, []int{st.Resumed, st.Rebuilt, st.Lost, int(h.restored.Load())})
		}
	})
}

// Credentials are asked for again once, and nobody storms a gateway that takes
// none of them.
func TestVirtualToken(t *testing.T) {
	type kind struct {
		provider []string // what is asked for gives; the last for ever; "" is an error
		from     func(h *caller, a *server)
		ends     bool // the client does
		asked    int
		sent     int // requests after the token was taken away
	}
	request := func(h *caller, _ *server) { _, _ = h.Request(h.t.Context(), nil, nil) }
	idle := func(*caller, *server) { later(25 * time.Second) }
	claim := func(_ *caller, a *server) { a.cut(); later(time.Second) }
	rebuild := func(_ *caller, a *server) { a.restart(); later(time.Second) }
	virtual(t, map[string]kind{
		"request, no other":    {provider: []string{"old"}, from: request, ends: true, asked: 2, sent: 1},
		"request, good one":    {provider: []string{"old", "new"}, from: request, asked: 2, sent: 2},
		"request, bad one":     {provider: []string{"old", "bad"}, from: request, ends: true, asked: 2, sent: 2},
		"request, no provider": {provider: []string{"old", ""}, from: request, asked: 2, sent: 1},
		"keepalive, no other":  {provider: []string{"old"}, from: idle, ends: true, asked: 2, sent: 1},
		"keepalive, good one":  {provider: []string{"old", "new"}, from: idle, asked: 2, sent: 2},
		"keepalive, bad one":   {provider: []string{"old", "bad", "worse"}, from: idle, ends: true, asked: 3, sent: 2},
		"claim, no other":      {provider: []string{"old"}, from: claim, ends: true, asked: 2, sent: 1},
		"claim, good one":      {provider: []string{"old", "new"}, from: claim, asked: 2, sent: 2},
		"claim, bad one":       {provider: []string{"old", "bad"}, from: claim, ends: true, asked: 2, sent: 2},
		"rebuild, no other":    {provider: []string{"old"}, from: rebuild, ends: true, asked: 2, sent: 1},
		"rebuild, good one":    {provider: []string{"old", "new"}, from: rebuild, asked: 2, sent: 5},
	}, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		a.token, a.reclaim = "old", time.Minute
		asked := 0
		c := v.client(&Options{KeepAlive: 20 * time.Second, Credentials: provider(&asked, k.provider...)}, "a")
		h := v.caller(c)
		a.do(func() { a.token, a.all = "new", 0 })
		k.from(h, a)
		synctest.Wait()
		a.do(func() { require.Equal(t, k.sent, a.all) })
		require.Equal(t, k.asked, asked)
		if !k.ends {
			require.NoError(t, c.Err())
			if k.provider[len(k.provider)-1] == "new" {
				require.Equal(t, "a", h.works())
			}
			return
		}
		later(time.Hour)
		a.do(func() { require.Equal(t, k.sent, a.all, "a storm") })
		st := c.State()
		require.Equal(t, Closed, st.Phase)
		for _, err := range []error{c.Err(), h.Err(), h.Session().Err(), st.Cause} {
			require.ErrorIs(t, err, Unauthorized)
			require.ErrorIs(t, err, ErrClosed)
		}
		require.ErrorContains(t, c.Err(), "Options.Credentials")
	})
}

// Who gives the credentials may be out of reach as well: that is no reason to give
// up.
func TestVirtualProviderAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.token, a.reclaim = "old", time.Minute
		asked := 0
		c := v.client(&Options{KeepAlive: -1, Credentials: provider(&asked, "old", "", "", "", "new")}, "a")
		h := v.caller(c)
		a.do(func() { a.token = "new" })
		a.cut()
		st := reach(t, c, reach(t, c, State{}, Reconnecting), Open)
		require.Equal(t, 1, st.Resumed)
		require.Equal(t, 5, asked)
		require.Equal(t, "a", h.works())
	})
}

// The client tries for as long as it was told, and says why it stopped.
func TestVirtualBudget(t *testing.T) {
	virtual(t, map[string]time.Duration{
		"default": 0, "10 s": 10 * time.Second, "10 min": 10 * time.Minute, "an instant": 1, "for ever": -1,
	}, func(t *testing.T, v *cloud, budget time.Duration) {
		a := v.add("a", nil)
		c := v.client(&Options{Reconnect: Reconnect{Budget: budget}}, "a")
		h := v.caller(c)
		a.do(func() { a.down = errDown })
		a.cut()
		begin := time.Now()
		if budget < 0 {
			later(3 * time.Hour)
			require.Equal(t, Reconnecting, c.State().Phase)
			return
		}
		<-c.Done()
		if budget == 0 {
			budget = time.Minute
		}
		require.LessOrEqual(t, time.Since(begin), budget)
		require.GreaterOrEqual(t, time.Since(begin), budget-8*time.Second)
		require.ErrorIs(t, h.Err(), ErrClosed)
		_, err := c.NextState(t.Context(), c.State())
		require.ErrorIs(t, err, ErrClosed)
		require.Equal(t, c.Err(), err)
		if budget > time.Second {
			require.ErrorIs(t, c.Err(), errDown)
			require.ErrorContains(t, c.Err(), "; reconnecting, try ")
		}
	})
}

// tried returns the names of the servers that were dialed.
func (c *cloud) tried() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []string
	for _, d := range c.dials {
		name, _, _ := strings.Cut(d, "@")
		names = append(names, name)
	}
	return strings.Join(names, "")
}
