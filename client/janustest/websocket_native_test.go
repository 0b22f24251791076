//go:build !js

package janustest_test

import (
	"context"
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

// TestEndings tells the ways apart in which a WebSocket ends.
func TestEndings(t *testing.T) {
	for kind, check := range map[janustest.FaultKind]func(lost *transport.CloseError){
		janustest.CloseConn: func(lost *transport.CloseError) { require.Equal(t, 1001, lost.Code) },
		janustest.CutConn: func(lost *transport.CloseError) {
			require.Equal(t, 1006, lost.Code)
			require.ErrorIs(t, lost, io.EOF)
		},
		janustest.ResetConn: func(lost *transport.CloseError) {
			require.Equal(t, 1006, lost.Code)
			require.ErrorIs(t, lost, syscall.ECONNRESET)
		},
	} {
		t.Run(string(kind), func(t *testing.T) {
			gw, a := listen(t, nil)
			conn, err := (&ws.Dialer{}).Dial(t.Context(), a.WS, transport.Janus)
			require.NoError(t, err)
			defer conn.Close()
			gw.Inject(janustest.Fault{Kind: kind, Frame: 1})
			require.NoError(t, conn.Write(t.Context(), transport.Message{Data: pingOf(1)}))
			_, err = conn.Read(t.Context())
			var lost *transport.CloseError
			require.ErrorAs(t, err, &lost)
			check(lost)
		})
	}
}

// TestSplit cuts an answer in two at each of its bytes.
func TestSplit(t *testing.T) {
	gw, a := listen(t, nil)
	conn, err := (&ws.Dialer{}).Dial(t.Context(), a.WS, transport.Janus)
	require.NoError(t, err)
	defer conn.Close()
	for at := range len(pongOf(1)) {
		gw.Inject(janustest.Fault{Kind: janustest.SplitFrame, Direction: janustest.ToClient, Frame: 1, At: at})
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: pingOf(1)}))
		b, err := conn.Read(t.Context())
		require.NoError(t, err)
		require.Equal(t, pongOf(1), string(b))
	}
}

// TestSubprotocol turns away what is no client of Janus, without an answer.
func TestSubprotocol(t *testing.T) {
	_, a := listen(t, nil)
	for _, list := range [][]string{nil, {"janus-other-protocol"}} {
		_, _, err := websocket.Dial(t.Context(), a.WS, &websocket.DialOptions{Subprotocols: list})
		require.ErrorIs(t, err, io.EOF)
	}
}

// TestPings are not answered by a connection that only seems to be there.
func TestPings(t *testing.T) {
	gw, a := listen(t, nil)
	dial := func() *websocket.Conn {
		c, _, err := websocket.Dial(t.Context(), a.WS, &websocket.DialOptions{Subprotocols: []string{"janus-protocol"}})
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.CloseNow() })
		c.CloseRead(t.Context())
		return c
	}
	c := dial()
	require.NoError(t, c.Ping(t.Context()))
	gw.Inject(janustest.Fault{Kind: janustest.SilenceConn, Frame: 1})
	require.NoError(t, c.Write(t.Context(), websocket.MessageText, pingOf(1)))
	for len(gw.Injected()) == 0 {
		require.NoError(t, t.Context().Err())
		<-time.After(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, c.Ping(ctx), context.DeadlineExceeded)
	require.NoError(t, dial().Ping(t.Context()))
}

// TestSocketsRefuse shows a gateway that is down, frozen or closed to a dial.
func TestSocketsRefuse(t *testing.T) {
	gw, a := listen(t, nil)
	for _, url := range []string{a.WS, a.HTTP} {
		gw.Refuse(errors.New("down"))
		_, err := client.Dial(t.Context(), url, nil)
		require.ErrorAs(t, err, new(*transport.DialError))
		gw.Refuse(nil)
		gw.Freeze()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err = client.Dial(ctx, url, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		cancel()
		gw.Thaw()
		c, err := client.Dial(t.Context(), url, nil)
		require.NoError(t, err)
		require.NoError(t, c.Close())
	}
}
