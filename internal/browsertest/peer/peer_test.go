//go:build !js

package peer_test

import (
	"net/http/httptest"
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/peer"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/bifrons-rtc/bifrons/transport/transporttest"
	"github.com/bifrons-rtc/bifrons/transport/ws"
	"github.com/stretchr/testify/require"
)

const limit = 2 << 20

// serve starts a server as the runner does.
func serve(t *testing.T) {
	s := peer.NewServer()
	for _, name := range []string{"BIFRONS_PEER", "BIFRONS_PEER_CONTROL"} {
		h := httptest.NewUnstartedServer(s)
		h.Config.ConnContext = peer.ConnContext
		h.Start()
		t.Cleanup(h.CloseClientConnections)
		address := h.Listener.Addr().String()
		if name == "BIFRONS_PEER_CONTROL" {
			address = "http://" + address
		}
		t.Setenv(name, address)
	}
}

// The far side is right if the native transports, whose own tests have another
// one, pass with it.
func TestConformanceWS(t *testing.T) {
	serve(t)
	transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
		p := page.NewPeer(t)
		conn, err := (&ws.Dialer{ReadLimit: limit}).Dial(t.Context(), p.WS, transport.Janus)
		require.NoError(t, err)
		return conn, p
	}, transporttest.Limits{Read: limit})
}

func TestConformanceREST(t *testing.T) {
	serve(t)
	transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
		p := page.NewPeer(t)
		d := &rest.Dialer{ReadLimit: limit}
		t.Cleanup(d.CloseIdle)
		conn, err := d.Dial(t.Context(), p.HTTP, transport.Janus)
		require.NoError(t, err)
		return conn, p
	}, transporttest.Limits{Read: limit, Objects: true})
}

func TestCloseFrames(t *testing.T) {
	serve(t)
	p := page.NewPeer(t)
	conn, err := (&ws.Dialer{}).Dial(t.Context(), p.WS, transport.Janus)
	require.NoError(t, err)
	p.CloseWS(3504, "why")
	_, err = conn.Read(t.Context())
	require.Equal(t, &transport.CloseError{Code: 3504, Reason: "why"}, err)
	require.NoError(t, conn.Close())
}
