package transport_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/transporttest"
	"github.com/stretchr/testify/require"
)

// pipePeer makes the other end of a Pipe a Peer.
type pipePeer struct{ conn transport.Conn }

func (p pipePeer) Receive(ctx context.Context) ([]byte, error) {
	b, err := p.conn.Read(ctx)
	return bytes.Clone(b), err
}

func (p pipePeer) Send(ctx context.Context, data []byte) error {
	return p.conn.Write(ctx, transport.Message{Data: data})
}

func (p pipePeer) Drop() { _ = p.conn.Close() }

func TestPipeConformance(t *testing.T) {
	transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
		client, server := transport.Pipe()
		t.Cleanup(func() { _ = server.Close() })
		return client, pipePeer{server}
	}, transporttest.Limits{})
}

// The other end is a Conn just the same.
func TestPipeServerConformance(t *testing.T) {
	transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
		client, server := transport.Pipe()
		t.Cleanup(func() { _ = client.Close() })
		return server, pipePeer{client}
	}, transporttest.Limits{})
}

func TestPipeKeepsWhatWasWrittenBeforeClose(t *testing.T) {
	client, server := transport.Pipe()
	for _, s := range []string{"a", "b"} {
		require.NoError(t, server.Write(t.Context(), transport.Message{Data: []byte(s)}))
	}
	require.NoError(t, server.Close())
	for _, s := range []string{"a", "b"} {
		b, err := client.Read(t.Context())
		require.NoError(t, err)
		require.Equal(t, s, string(b))
	}
	_, err := client.Read(t.Context())
	var lost *transport.CloseError
	require.ErrorAs(t, err, &lost)
	require.Equal(t, 1006, lost.Code)
	require.NoError(t, client.Close())
}

// Read may be about to wait when the last message and the end come in together.
func TestPipeEndDoesNotOvertake(t *testing.T) {
	for range 5000 {
		client, server := transport.Pipe()
		wrote := make(chan error, 1)
		go func() { // owns one Write, waited for below
			wrote <- server.Write(t.Context(), transport.Message{Data: []byte("last")})
			_ = server.Close()
		}()
		b, err := client.Read(t.Context())
		require.NoError(t, err)
		require.Equal(t, "last", string(b))
		require.NoError(t, <-wrote)
		require.NoError(t, client.Close())
	}
}

// A Write after Close says so, whatever the other end did.
func TestPipeClosedByBoth(t *testing.T) {
	for range 100 {
		client, server := transport.Pipe()
		require.NoError(t, server.Close())
		require.NoError(t, client.Close())
		require.ErrorIs(t, client.Write(t.Context(), transport.Message{}), transport.ErrClosed)
	}
}
