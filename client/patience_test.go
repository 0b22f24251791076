package client

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

// Whose requests may take for ever gets the client back all the same from a gateway
// that falls silent while it heals.
func TestVirtualHealingEnds(t *testing.T) {
	type kind struct {
		deaf    string // requests that get no answer
		polled  bool
		restart bool // the gateway loses everything
	}
	virtual(t, map[string]kind{
		"claim":          {deaf: "claim"},
		"claim, polled":  {deaf: "claim", polled: true},
		"create":         {deaf: "create", restart: true},
		"attach":         {deaf: "attach", restart: true},
		"attach, polled": {deaf: "attach", polled: true, restart: true},
	}, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		a.reclaim, a.polled = time.Hour, k.polled
		c := v.client(&Options{KeepAlive: -1, RequestTimeout: -1}, "a")
		h := v.caller(c)
		a.do(func() { a.deaf = k.deaf })
		if k.restart {
			a.restart()
		} else {
			a.cut()
		}
		reach(t, c, State{}, Reconnecting)
		later(25 * time.Second)
		require.Greater(t, len(v.tried()), 2, "it tries again")
		a.do(func() { a.deaf = "" })
		later(25 * time.Second)
		require.Equal(t, Open, c.State().Phase)
		require.Equal(t, "a", h.works())
		require.Equal(t, k.restart, h.restored.Load() > 0)
	})
}

// A Restorer ends too, and tells.
func TestVirtualRestoringEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		c := v.client(&Options{KeepAlive: -1, RequestTimeout: -1}, "a")
		h := v.caller(c)
		a.do(func() { a.deaf = "message" })
		a.restart()
		after[*Interrupted](t, h)
		require.ErrorIs(t, after[*Resumed](t, h).Err, ErrTimeout)
		require.Less(t, time.Since(v.begin), 11*time.Second)
		a.do(func() { a.deaf = "" })
		require.Equal(t, "a", h.works())
	})
}

// The same for what the application asks for.
func TestVirtualHealingByRequestEnds(t *testing.T) {
	virtual(t, map[string]string{
		"create": "create", "attach": "attach", "restore": "message",
	}, func(t *testing.T, v *cloud, deaf string) {
		a, b := v.add("a", nil), v.add("b", nil)
		a.reclaim = time.Hour
		c := v.client(&Options{KeepAlive: -1, RequestTimeout: -1}, "a")
		h := v.caller(c)
		b.do(func() { b.deaf = deaf })
		require.ErrorIs(t, c.Move(t.Context(), "v://b"), ErrTimeout)
		require.Equal(t, 10*time.Second, time.Since(v.begin))
		if deaf == "message" {
			b.do(func() { b.deaf = "" })
			require.Equal(t, "b", h.works(), "it moved")
			return
		}
		require.Equal(t, "a", h.works())

		a.do(func() { a.deaf = deaf })
		require.ErrorIs(t, h.Session().Rebuild(t.Context()), ErrTimeout)
		require.Equal(t, 20*time.Second, time.Since(v.begin))
		a.do(func() { a.deaf = "" })
		require.Equal(t, "a", h.works())
	})
}

// How long a session lives has to be known before anything keeps it alive.
func TestVirtualKeepAliveWithoutInfo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.deaf = "info"
		c := v.client(&Options{RequestTimeout: -1}, "a")
		h := v.caller(c)
		later(5 * time.Minute)
		require.Equal(t, "a", h.works())
		require.Zero(t, h.restored.Load(), "the same session")
	})
}

// A handle that the gateway detached is looked after, although the gateway does not
// say at once why it did.
func TestVirtualDoubtEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.deaf = "keepalive"
		c := v.client(&Options{KeepAlive: -1, RequestTimeout: -1}, "a")
		h := v.caller(c)
		var conn transport.Conn
		a.do(func() { conn = a.conns[0] })
		event := fmt.Sprintf(`{"janus":"detached","session_id":%d,"sender":%d}`, h.Session().ID(), h.ID())
		require.NoError(t, conn.Write(t.Context(), transport.Message{Session: h.Session().ID(), Data: []byte(event)}))
		later(11 * time.Second)
		require.ErrorIs(t, h.Err(), ErrDetached)
	})
}

// A request of the application's own waits as long as it was told to.
func TestVirtualPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		c := v.client(&Options{KeepAlive: -1, RequestTimeout: -1}, "a")
		h := v.caller(c)
		a.do(func() { a.slow, a.timeout = time.Hour, 10*time.Hour })
		require.Equal(t, "a", h.works())
		require.Equal(t, time.Hour, time.Since(v.begin))

		a.do(func() { a.deaf = "message" })
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
		defer cancel()
		_, err := h.Request(ctx, nil, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 3*time.Hour, time.Since(v.begin))
	})
}
