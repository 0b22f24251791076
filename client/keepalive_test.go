package client

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

func TestKeepAliveInterval(t *testing.T) {
	for _, tt := range []struct {
		session, reclaim int
		want             time.Duration
	}{
		{60, 0, 20 * time.Second}, {60, 15, 5 * time.Second}, {60, 300, 20 * time.Second}, {3, 0, 2 * time.Second},
		{600, 0, 25 * time.Second}, {0, 0, 25 * time.Second}, {0, 30, 10 * time.Second}, {-5, -5, 25 * time.Second},
	} {
		got := (&ServerInfo{SessionTimeout: tt.session, ReclaimTimeout: tt.reclaim}).KeepAlive()
		require.Equal(t, tt.want, got, "%+v", tt)
	}
}

// timeline answers what the client sends and notes when each keepalive came.
func (f *fake) timeline(start time.Time, n int) []time.Duration {
	var at []time.Duration
	for len(at) < n {
		m := f.next()
		switch m.Janus {
		case "info":
			f.send(`{"janus":"server_info","transaction":%q,"session-timeout":60,"reclaim-session-timeout":0}`, m.Transaction)
		case "keepalive":
			at = append(at, time.Since(start))
			f.ack(m)
		default:
			f.ack(m)
		}
	}
	return at
}

func TestKeepAliveFollowsTheGateway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, nil)
		f.session(c)
		require.Equal(t, []time.Duration{20 * time.Second, 40 * time.Second, 60 * time.Second}, f.timeline(time.Now(), 3))
	})
}

func TestKeepAliveSkippedWhileTrafficFlows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, &Options{KeepAlive: 10 * time.Second})
		h := f.handle(c, nil)
		start := time.Now()
		go func() {
			for range 5 { // a request every 8 s: no keepalive until 40 s + 10 s
				time.Sleep(8 * time.Second) //nolint:forbidigo // virtual time
				_ = h.Trickle(t.Context())
			}
		}()
		require.Equal(t, []time.Duration{50 * time.Second, 60 * time.Second}, f.timeline(start, 2))
	})
}

func TestKeepAliveFindsADeadGateway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, &Options{KeepAlive: 20 * time.Second})
		h := f.handle(c, nil)
		start := time.Now()
		got := async(func() (Event, error) { return h.Next(t.Context()) })
		r := <-got
		require.NoError(t, r.err)
		require.ErrorIs(t, r.value.(*Interrupted).Err, ErrUnresponsive)
		require.Equal(t, 30*time.Second, time.Since(start), "20 s idle and two acks of 5 s missed")
		f.expect("keepalive")
		f.expect("keepalive")
		require.ErrorIs(t, c.Err(), ErrUnresponsive)
		require.ErrorIs(t, c.Err(), ErrClosed)
	})
}

func TestKeepAliveForgivesALateAck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, &Options{KeepAlive: 20 * time.Second})
		f.session(c)
		f.expect("keepalive") // missed
		m := f.expect("keepalive")
		f.ack(m)
		f.expect("keepalive") // missed again, but not in a row
		f.ack(f.expect("keepalive"))
		require.NoError(t, c.Err())
	})
}

func TestKeepAliveLearnsThatTheSessionIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, &Options{KeepAlive: 20 * time.Second})
		s := f.session(c)
		f.refuse(f.expect("keepalive"), 458)
		ev, err := s.Next(t.Context())
		require.NoError(t, err)
		require.IsType(t, &SessionTimeout{}, ev)
		_, err = s.Next(t.Context())
		require.ErrorIs(t, err, ErrSessionTimeout)
		require.Empty(t, c.list())
	})
}

func TestKeepAliveRefreshesCredentialsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		c, f := newFake(t, &Options{KeepAlive: 20 * time.Second, Credentials: func(context.Context) (Credentials, error) {
			asked++
			return Credentials{Token: "t" + string(rune('0'+min(asked, 2)))}, nil
		}})
		f.session(c)
		start := time.Now()
		m := f.expect("keepalive")
		require.Equal(t, "t1", m.Token)
		f.refuse(m, 403)
		m = f.expect("keepalive")
		require.Equal(t, "t2", m.Token)
		require.Equal(t, 20*time.Second, time.Since(start), "at once")
		f.refuse(m, 403)
		<-c.Done()
		require.ErrorIs(t, c.Err(), Unauthorized)
		require.ErrorIs(t, c.Err(), ErrClosed)
		require.Equal(t, 3, asked)
		_, err := f.conn.Read(t.Context())
		require.Error(t, err, "no storm")
	})
}

// busyConn is a pipe in a program that reads nothing while it has other things
// to do.
type busyConn struct {
	transport.Conn
	busy time.Duration
}

func (b *busyConn) CatchUp(context.Context) { time.Sleep(b.busy) } //nolint:forbidigo // virtual time

func TestKeepAliveLooksBeforeItGivesUp(t *testing.T) {
	for name, tc := range map[string]struct{ busy, found time.Duration }{
		"nothing to do":      {0, 30 * time.Second},
		"busy, and gone":     {3 * time.Second, 30*time.Second + 2*(3+5+3)*time.Second},
		"a moment, and gone": {time.Second, 30*time.Second + 2*time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, far := transport.Pipe()
				c := New(&busyConn{near, tc.busy}, &Options{KeepAlive: 20 * time.Second})
				defer c.Close()
				defer far.Close()
				f := &fake{t, far}
				h := f.handle(c, nil)
				start := time.Now()
				ev, err := h.Next(t.Context())
				require.NoError(t, err)
				require.ErrorIs(t, ev.(*Interrupted).Err, ErrUnresponsive)
				require.Equal(t, tc.found, time.Since(start))
			})
		})
	}
}

func TestKeepAliveFindsWhatCameInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := transport.Pipe()
		c := New(&busyConn{near, 3 * time.Second}, &Options{KeepAlive: 20 * time.Second})
		defer c.Close()
		defer far.Close()
		f := &fake{t, far}
		f.session(c)
		for range 5 {
			m := f.expect("keepalive")
			time.Sleep(7 * time.Second) //nolint:forbidigo // virtual time, and two more than there is for an ack
			f.ack(m)
		}
		require.NoError(t, c.Err())
	})
}
