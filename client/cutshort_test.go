package client

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/transport"
)

// leaky is a connection that loses one message of a kind, and goes on.
type leaky struct {
	transport.Conn
	what []byte
	left *atomic.Int32 // messages to lose
	err  error
}

func (l leaky) Write(ctx context.Context, m transport.Message) error {
	if bytes.Contains(m.Data, l.what) && l.left.Add(-1) >= 0 {
		return l.err
	}
	return l.Conn.Write(ctx, m)
}

// A loss that cuts the Restorers short is no error of theirs: nobody hears of it
// before the next connection has done all of it again.
func TestVirtualRestoreCutShort(t *testing.T) {
	eof := &transport.CloseError{Code: 1006, Err: errors.New("EOF")}
	type kind struct {
		err     error // of the write; nil: the connection goes
		rebuild bool  // somebody called for it
	}
	virtual(t, map[string]kind{
		"lost":                   {},
		"not sent":               {err: eof},
		"sent, perhaps":          {err: fmt.Errorf("%w: %w", transport.ErrUncertain, eof)},
		"lost, asked for":        {rebuild: true},
		"not sent, asked for":    {err: eof, rebuild: true},
		"perhaps, and asked for": {err: transport.ErrUncertain, rebuild: true},
	}, func(t *testing.T, v *cloud, k kind) {
		a := v.add("a", nil)
		a.reclaim = time.Minute
		left := new(atomic.Int32)
		if k.err != nil {
			a.wrap = func(conn transport.Conn) transport.Conn { return leaky{conn, []byte(`"join"`), left, k.err} }
		}
		c := v.client(&Options{KeepAlive: -1}, "a")
		h := v.caller(c)
		other, err := h.Session().Attach(t.Context(), "p", &AttachOptions{Restore: h.restore})
		require.NoError(t, err)
		if k.err != nil {
			left.Store(1)
		} else {
			a.do(func() { a.cutAt = "message" })
		}
		if k.rebuild {
			err = h.Session().Rebuild(t.Context())
			require.Error(t, err)
		} else {
			a.restart()
		}
		for h.restored.Load() < 2 || c.State().Phase != Open {
			later(time.Second)
			require.Less(t, time.Since(v.begin), time.Hour)
		}
		synctest.Wait()
		for _, n := range []Nexter{h, other, h.Session()} {
			if !k.rebuild {
				after[*Interrupted](t, n)
			}
			after[*Interrupted](t, n)
			ev := after[*Resumed](t, n)
			require.NoError(t, ev.Err)
			require.True(t, ev.Rebuilt)
		}
		require.Equal(t, "a", h.works())
		require.Equal(t, int64(2), h.restored.Load())
		a.do(func() { require.Len(t, a.sessions, 1, "nothing is left behind") })
	})
}

// Where there is no way back, the Restorer's error is what there is to tell.
func TestVirtualRestoreWithoutWayBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		left := new(atomic.Int32)
		a.wrap = func(conn transport.Conn) transport.Conn {
			return leaky{conn, []byte(`"join"`), left, transport.ErrUncertain}
		}
		c := v.client(&Options{KeepAlive: -1, Reconnect: Reconnect{Off: true}}, "a")
		h := v.caller(c)
		left.Store(1)
		require.ErrorIs(t, h.Session().Rebuild(t.Context()), ErrOutcomeUnknown)
		require.ErrorIs(t, after[*Resumed](t, h).Err, ErrOutcomeUnknown)
		require.Equal(t, "a", h.works())
	})
}
