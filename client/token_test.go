package client

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A token that runs out under many sessions is asked for once, and one request
// finds out what the new one is good for.
func TestVirtualTokenOfMany(t *testing.T) {
	const many = 20
	type kind struct {
		provider []string // what is asked for gives; the last for ever; "" is an error
		from     func(list []*caller, a *server)
		ends     bool // the client does
		asked    int
		sent     int // requests after the token was taken away
	}
	request := func(list []*caller, _ *server) {
		var each sync.WaitGroup
		for _, h := range list {
			each.Go(func() { _, _ = h.Request(h.t.Context(), nil, nil) })
		}
		each.Wait()
	}
	idle := func([]*caller, *server) { later(30 * time.Second) }
	claim := func(_ []*caller, a *server) { a.cut(); later(time.Second) }
	rebuild := func(_ []*caller, a *server) { a.restart(); later(time.Second) }
	move := func(list []*caller, _ *server) { _ = list[0].Session().client.Move(list[0].t.Context(), "v://a") }
	virtual(t, map[string]kind{
		"requests, no other":    {provider: []string{"old"}, from: request, ends: true, asked: 2, sent: many},
		"requests, good one":    {provider: []string{"old", "new"}, from: request, asked: 2, sent: 2 * many},
		"requests, bad one":     {provider: []string{"old", "bad"}, from: request, ends: true, asked: 2, sent: many + 1},
		"keepalives, no other":  {provider: []string{"old"}, from: idle, ends: true, asked: 2, sent: many},
		"keepalives, good one":  {provider: []string{"old", "new"}, from: idle, asked: 2, sent: 2 * many},
		"keepalives, bad one":   {provider: []string{"old", "bad"}, from: idle, ends: true, asked: 3, sent: many + 1},
		"claims, no other":      {provider: []string{"old"}, from: claim, ends: true, asked: 2, sent: 1},
		"claims, good one":      {provider: []string{"old", "new"}, from: claim, asked: 2, sent: 1 + many},
		"claims, bad one":       {provider: []string{"old", "bad"}, from: claim, ends: true, asked: 2, sent: 2},
		"rebuilds, bad one":     {provider: []string{"old", "bad"}, from: rebuild, ends: true, asked: 2, sent: 2},
		"rebuilds, good one":    {provider: []string{"old", "new"}, from: rebuild, asked: 2, sent: 1 + 4*many},
		"moved, no other":       {provider: []string{"old"}, from: move, asked: 3, sent: 2},
		"moved, good one":       {provider: []string{"old", "new"}, from: move, asked: 2, sent: 1 + many},
		"requests, no provider": {provider: []string{"old", ""}, from: request, asked: 1 + many, sent: many},
	}, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		a.token, a.reclaim = "old", time.Minute
		asked := 0
		c := v.client(&Options{KeepAlive: 20 * time.Second, Credentials: provider(&asked, k.provider...)}, "a")
		var list []*caller
		for range many {
			list = append(list, v.caller(c))
		}
		a.do(func() { a.token, a.all, a.far = "new", 0, 10*time.Millisecond })
		k.from(list, a)
		synctest.Wait()
		a.do(func() { require.Equal(t, k.sent, a.all) })
		require.Equal(t, k.asked, asked)
		if !k.ends {
			require.NoError(t, c.Err())
			for _, h := range list {
				require.NoError(t, h.Err())
				if k.provider[len(k.provider)-1] == "new" {
					require.Equal(t, "a", h.works())
				}
			}
			return
		}
		later(time.Hour)
		a.do(func() { require.Equal(t, k.sent, a.all, "a storm") })
		require.Equal(t, k.asked, asked)
		for _, h := range list {
			require.ErrorIs(t, h.Err(), Unauthorized)
		}
	})
}

// While who gives the credentials is away, each try to reconnect sends one claim.
func TestVirtualProviderAwayOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.token, a.reclaim = "old", time.Minute
		asked := 0
		c := v.client(&Options{KeepAlive: -1, Credentials: provider(&asked, "old", "", "", "", "new")}, "a")
		var list []*caller
		for range 20 {
			list = append(list, v.caller(c))
		}
		a.do(func() { a.token, a.all = "new", 0 })
		a.cut()
		st := reach(t, c, reach(t, c, State{}, Reconnecting), Open)
		require.Equal(t, len(list), st.Resumed)
		require.Equal(t, 5, asked)
		a.do(func() { require.Equal(t, 4+len(list), a.all) })
		for _, h := range list {
			require.Equal(t, "a", h.works())
		}
	})
}
