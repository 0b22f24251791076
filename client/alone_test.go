package client

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A client without a session finds out that the gateway is gone, by pings, where
// nothing else does it.
func TestVirtualAlone(t *testing.T) {
	type kind struct {
		option time.Duration
		polled bool
		pings  int           // in the first hour
		busy   bool          // it asks for something all the time
		before bool          // it had a session, and destroyed it
		dead   time.Duration // how long a silent gateway is believed; zero: for ever
	}
	s := time.Second
	virtual(t, map[string]kind{
		"default":      {pings: 144, dead: 35 * s},
		"option":       {option: 10 * s, pings: 360, dead: 20 * s},
		"busy":         {busy: true, dead: 35 * s},
		"had sessions": {before: true, pings: 180, dead: 35 * s},
		"polled":       {polled: true},
		"none wanted":  {option: -1},
	}, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		a.polled = k.polled
		c := v.client(&Options{KeepAlive: k.option}, "a")
		if k.before {
			h := v.caller(c)
			later(5 * s) // it learns how long sessions live
			require.NoError(t, h.Session().Destroy(t.Context()))
		}
		if k.busy {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() { // asks, until the test ends
				for tick := time.NewTicker(s); ; {
					select {
					case <-tick.C:
						_, _ = c.Info(ctx)
					case <-ctx.Done():
						tick.Stop()
						return
					}
				}
			}()
		}
		later(time.Hour + s)
		pings := 0
		for _, r := range a.requests() {
			if r == "ping" {
				pings++
			}
		}
		require.InDelta(t, k.pings, pings, 2)
		a.do(func() { a.mute = true })
		begin := time.Now()
		if k.dead == 0 {
			later(time.Hour)
			require.Equal(t, Open, c.State().Phase)
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		st, err := c.NextState(ctx, c.State())
		require.NoError(t, err)
		require.Equal(t, Reconnecting, st.Phase)
		require.ErrorIs(t, st.Cause, ErrUnresponsive)
		require.LessOrEqual(t, time.Since(begin), k.dead)
		a.do(func() { a.mute = false })
		reach(t, c, st, Open)
		_, err = c.NewSession(t.Context())
		require.NoError(t, err)
	})
}

// What does not answer a ping is gone, whatever it sends by way of an answer is
// not.
func TestPingRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, &Options{KeepAlive: 20 * time.Second})
		for _, code := range []int{403, 458, 490} {
			f.refuse(f.expect("ping"), code)
		}
		f.expect("ping")
		f.expect("ping")
		<-c.Done()
		require.ErrorIs(t, c.Err(), ErrUnresponsive)
	})
}
