package transportjs_test

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/transporttest"
	transportjs "github.com/bifrons-rtc/bifrons/transport_js"
	"github.com/stretchr/testify/require"
)

const limit = 2 << 20

func TestBrowserConformanceWebSocket(t *testing.T) {
	balanced(t)
	page.Env(t, "BIFRONS_PEER")
	transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
		p := page.NewPeer(t)
		conn, err := transportjs.WebSocket{ReadLimit: limit}.Dial(t.Context(), p.WS, transport.Janus)
		require.NoError(t, err)
		return conn, p
	}, transporttest.Limits{Read: limit})
}

func TestBrowserConformanceFetch(t *testing.T) {
	balanced(t)
	page.Env(t, "BIFRONS_PEER")
	transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
		p := page.NewPeer(t)
		conn, err := transportjs.Fetch{ReadLimit: limit}.Dial(t.Context(), p.HTTP, transport.Janus)
		require.NoError(t, err)
		return conn, p
	}, transporttest.Limits{Read: limit, Objects: true})
}
