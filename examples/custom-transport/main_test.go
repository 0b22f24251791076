package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/transporttest"
)

func TestMain(m *testing.M) { leak.Main(m) }

// dialFunc is a function as a Dialer.
type dialFunc func() transport.Conn

func (f dialFunc) Dial(context.Context, string, transport.API) (transport.Conn, error) {
	return f(), nil
}

// peer is the other end of a pipe.
type peer struct{ conn transport.Conn }

func (p peer) Receive(ctx context.Context) ([]byte, error) {
	b, err := p.conn.Read(ctx)
	return bytes.Clone(b), err
}

func (p peer) Send(ctx context.Context, data []byte) error {
	return p.conn.Write(ctx, transport.Message{Data: data})
}

func (p peer) Drop() { _ = p.conn.Close() }

func TestConformance(t *testing.T) {
	transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
		near, far := transport.Pipe()
		t.Cleanup(func() { _ = far.Close() })
		d := &Dialer{Next: dialFunc(func() transport.Conn { return near })}
		c, err := d.Dial(t.Context(), prefix+"pipe://", transport.Janus)
		require.NoError(t, err)
		return c, peer{far}
	}, transporttest.Limits{})
}

// poller is a connection that has to be told for which sessions to poll.
type poller struct {
	transport.Conn
	polled uint64
}

func (p *poller) Poll(session uint64, _ transport.Auth) { p.polled = session }
func (p *poller) Unpoll(uint64)                         {}

func TestCapabilityIsKept(t *testing.T) {
	near, far := transport.Pipe()
	defer far.Close()
	inner := &poller{Conn: near}
	d := &Dialer{Next: dialFunc(func() transport.Conn { return inner })}
	c, err := d.Dial(t.Context(), prefix+"http://", transport.Janus)
	require.NoError(t, err)
	defer c.Close()
	p, ok := c.(transport.SessionPoller)
	require.True(t, ok)
	p.Poll(7, transport.Auth{})
	require.EqualValues(t, 7, inner.polled)
}

func TestScheme(t *testing.T) {
	gw := janustest.New(t, nil)
	schemes := transport.Registry{"mem": gw.Dialer()}
	d := &Dialer{Next: schemes}
	c, err := client.Dial(t.Context(), "count+mem://here", &client.Options{Transports: d.Register(schemes)})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Ping(t.Context())
	require.NoError(t, err)
	require.Positive(t, d.Sent.Load())
	require.Positive(t, d.Received.Load())

	_, err = client.Dial(t.Context(), "count+other://here", &client.Options{Transports: d.Register(schemes)})
	require.ErrorAs(t, err, new(*transport.SchemeError))
}
