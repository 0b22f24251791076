package client

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

// pollConn is a pipe that has to be told what to poll, and notes it.
type pollConn struct {
	transport.Conn
	mu  sync.Mutex
	log []string
}

func (p *pollConn) Poll(session uint64, auth transport.Auth) { p.note("poll", session, auth.Token) }

func (p *pollConn) Unpoll(session uint64) { p.note("unpoll", session, "") }

func (p *pollConn) note(what string, session uint64, token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, fmt.Sprint(what, " ", session, token))
}

func (p *pollConn) seen() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.log...)
}

func newPollFake(t *testing.T, opts *Options) (*Client, *fake, *pollConn) {
	near, far := transport.Pipe()
	p := &pollConn{Conn: near}
	c := New(p, opts)
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		require.NoError(t, far.Close())
	})
	return c, &fake{t, far}, p
}

func TestPollFollowsTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f, p := newPollFake(t, quiet())
		s := f.session(c)
		got := asyncErr(func() error { return s.Destroy(t.Context()) })
		m := f.expect("destroy")
		require.Equal(t, []string{"poll 1", "unpoll 1"}, p.seen(), "no poll may find the session gone")
		f.refuse(m, 490)
		require.Error(t, <-got)
		require.Equal(t, "poll 1", p.seen()[2], "it is still there")

		got = asyncErr(func() error { return s.Destroy(t.Context()) })
		m = f.expect("destroy")
		f.send(`{"janus":"success","session_id":1,"transaction":%q}`, m.Transaction)
		require.NoError(t, <-got)
	})
}

func TestRefusedPollGetsNewCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		opts := quiet()
		opts.Credentials = func(context.Context) (Credentials, error) {
			asked++
			return Credentials{Token: fmt.Sprint("t", min(asked, 2))}, nil
		}
		c, f, p := newPollFake(t, opts)
		s := f.session(c)
		// The refusal of a poll is not that of the only request on its way.
		got := async(func() (*Handle, error) { return s.Attach(t.Context(), "p", nil) })
		m := f.expect("attach")
		f.send(`{"janus":"error","session_id":1,"error":{"code":403,"reason":"poll"}}`)
		synctest.Wait()
		require.Equal(t, []string{"poll 1t1", "poll 1t2"}, p.seen())
		f.success(m, 2)
		require.NoError(t, (<-got).err)

		f.send(`{"janus":"error","session_id":1,"error":{"code":403,"reason":"poll"}}`)
		ev, err := s.Next(t.Context())
		require.NoError(t, err)
		require.ErrorIs(t, ev.(*GatewayError).Err, Unauthorized, "there is nothing better to try")
		require.Len(t, p.seen(), 2)
		require.Equal(t, 3, asked)
	})
}

func TestPollingReplacesKeepalives(t *testing.T) {
	for timeout, beats := range map[int]bool{60: false, 0: false, 6: true} {
		synctest.Test(t, func(t *testing.T) {
			c, f, _ := newPollFake(t, nil)
			f.session(c)
			m := f.expect("info")
			f.send(`{"janus":"server_info","transaction":%q,"session-timeout":%d}`, m.Transaction, timeout)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			_, err := f.conn.Read(ctx)
			require.Equal(t, beats, err == nil, "session timeout %d", timeout)
		})
	}
}
