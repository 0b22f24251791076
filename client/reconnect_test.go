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

// gateways is a Dialer that a test answers.
type gateways struct {
	t     *testing.T
	dials chan chan<- error
	conns chan transport.Conn
}

func (g *gateways) Dial(ctx context.Context, _ string, _ transport.API) (transport.Conn, error) {
	verdict := make(chan error)
	select {
	case g.dials <- verdict:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := <-verdict; err != nil {
		return nil, err
	}
	near, far := transport.Pipe()
	g.conns <- far
	return near, nil
}

// refuse fails the next dial.
func (g *gateways) refuse(err error) { <-g.dials <- err }

// take lets the next dial succeed.
func (g *gateways) take() *fake {
	g.t.Helper()
	<-g.dials <- nil
	conn := <-g.conns
	g.t.Cleanup(func() { conn.Close() })
	return &fake{g.t, conn}
}

// dialFake returns a client whose dials a test answers, and its first gateway.
func dialFake(t *testing.T, opts *Options) (*Client, *gateways, *fake) {
	t.Helper()
	g := &gateways{t: t, dials: make(chan chan<- error), conns: make(chan transport.Conn, 1)}
	opts.Transports = transport.Registry{"fake": g}
	got := async(func() (*Client, error) { return Dial(t.Context(), "fake://", opts) })
	f := g.take()
	r := <-got
	require.NoError(t, r.err)
	t.Cleanup(func() {
		require.NoError(t, r.value.Close())
		require.Zero(t, r.value.calls.pending(), "requests left in the table")
	})
	return r.value, g, f
}

func TestReconnectClaims(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, g, f := dialFake(t, quiet())
		h := f.handle(c, nil)
		inFlight := async(func() (Response, error) { return h.Request(t.Context(), nil, nil) })
		f.expect("message")
		f.conn.Close()
		require.ErrorIs(t, (<-inFlight).err, ErrOutcomeUnknown)
		waits := async(func() (Response, error) { return h.Request(t.Context(), nil, nil) })
		info := async(func() (*ServerInfo, error) { return c.Info(t.Context()) })
		synctest.Wait()

		f = g.take()
		first, second := f.next(), f.next()
		if first.Janus != "claim" {
			first, second = second, first
		}
		require.Equal(t, []string{"claim", "info"}, []string{first.Janus, second.Janus})
		require.Equal(t, uint64(1), first.Session)
		f.send(`{"janus":"server_info","transaction":%q,"name":"x"}`, second.Transaction)
		require.NoError(t, (<-info).err)
		f.send(`{"janus":"success","transaction":%q,"session_id":1}`, first.Transaction)
		m := f.expect("message")
		require.Equal(t, []uint64{1, 2}, []uint64{m.Session, m.Handle})
		f.event(m, `{}`)
		require.NoError(t, (<-waits).err)
		for _, n := range []Nexter{h, h.Session()} {
			var lost *transport.CloseError
			require.ErrorAs(t, after[*Interrupted](t, n).Err, &lost)
			ev := after[*Resumed](t, n)
			require.False(t, ev.Rebuilt)
			require.NoError(t, ev.Err)
			require.Equal(t, uint64(1), ev.Session)
		}
		require.NoError(t, c.Err())
	})
}

func TestReconnectRebuilds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, g, f := dialFake(t, quiet())
		var restored uint64
		h, stateful := f.two(c, rejoin(&restored))
		f.conn.Close()
		f = g.take()
		f.refuse(f.expect("claim"), 458)
		f.success(f.expect("create"), 5)
		f.success(f.expect("attach"), 6)
		f.conn.Close() // in the middle of it

		f = g.take()
		m := f.expect("claim")
		require.Equal(t, uint64(5), m.Session)
		f.refuse(m, 458)
		f.rebuilt()
		f.event(f.expect("message"), `{}`)
		for _, n := range []Nexter{h, stateful, h.Session()} {
			after[*Interrupted](t, n)
			after[*Interrupted](t, n)
			ev := after[*Resumed](t, n)
			require.True(t, ev.Rebuilt)
			require.NoError(t, ev.Err)
		}
		require.Equal(t, []uint64{11, 12, 13, 13}, []uint64{h.Session().ID(), h.ID(), stateful.ID(), restored})
		require.Len(t, c.list(), 1)
		require.Len(t, h.Session().handles, 2)
		f.send(`{"janus":"webrtcup","session_id":11,"sender":12}`)
		after[*WebRTCUp](t, h)
	})
}

func TestReconnectGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, g, f := dialFake(t, quiet())
		h := f.handle(c, nil)
		begin := time.Now()
		f.conn.Close()
		synctest.Wait()
		waits := async(func() (Response, error) { return h.Request(t.Context(), nil, nil) })
		tries := 0
		for c.Err() == nil {
			select {
			case verdict := <-g.dials:
				tries++
				verdict <- errors.New("nobody there")
			case <-c.Done():
			}
		}
		took := time.Since(begin)
		require.Greater(t, took, 40*time.Second)
		require.LessOrEqual(t, took, time.Minute)
		require.Greater(t, tries, 8)
		require.Less(t, tries, 60)
		require.ErrorIs(t, (<-waits).err, ErrTimeout)
		require.ErrorIs(t, c.Err(), ErrClosed)
		require.ErrorContains(t, c.Err(), "nobody there")
		after[*Interrupted](t, h)
		_, err := h.Next(t.Context())
		require.ErrorIs(t, err, ErrClosed)
	})
}

func TestReconnectPolicy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var causes []error
		opts := quiet()
		opts.Reconnect.Delay = func(attempt int, cause error) (time.Duration, bool) {
			causes = append(causes, cause)
			return time.Hour, attempt < 3
		}
		c, g, f := dialFake(t, opts)
		begin := time.Now()
		f.conn.Close()
		refused := errors.New("refused")
		g.refuse(refused)
		require.Equal(t, time.Hour, time.Since(begin))
		c.hurryUp()
		g.refuse(refused)
		require.Equal(t, time.Hour, time.Since(begin), "not a second one")
		<-c.Done()
		require.Len(t, causes, 3)
		var lost *transport.CloseError
		require.ErrorAs(t, causes[0], &lost)
		require.ErrorIs(t, causes[2], refused)
	})
}

func TestReconnectCloses(t *testing.T) {
	for name, wait := range map[string]time.Duration{"waiting": time.Hour, "dialing": 0} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				opts := quiet()
				opts.Reconnect.Delay = func(int, error) (time.Duration, bool) { return wait, true }
				c, _, f := dialFake(t, opts)
				h := f.handle(c, nil)
				f.conn.Close()
				synctest.Wait()
				require.NoError(t, c.Close())
				require.ErrorIs(t, h.Err(), ErrClosed)
			})
		})
	}
}

func TestReconnectOff(t *testing.T) {
	opts := quiet()
	opts.Reconnect.Off = true
	c, _, f := dialFake(t, opts)
	f.conn.Close()
	<-c.Done()
}

func TestReconnectRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, g, f := dialFake(t, quiet())
		h := f.handle(c, nil)
		f.conn.Close()
		f = g.take()
		f.refuse(f.expect("claim"), 403)
		<-h.Done()
		require.ErrorIs(t, h.Err(), Unauthorized)
		require.ErrorIs(t, c.Err(), Unauthorized)
		_, err := f.conn.Read(t.Context())
		require.Error(t, err, "no storm")
	})
}
