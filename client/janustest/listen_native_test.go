//go:build !js

package janustest_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/bifrons-rtc/bifrons/transport/transporttest"
	"github.com/bifrons-rtc/bifrons/transport/unix"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

// listen returns a gateway and where it is.
func listen(t *testing.T, opts *janustest.Options) (*janustest.Server, janustest.Address) {
	gw := janustest.New(t, opts)
	a, err := gw.Listen()
	require.NoError(t, err)
	return gw, a
}

// gatewayPeer makes a gateway the peer of the conformance suite: it swallows
// every answer and pushes what the suite sends.
type gatewayPeer struct {
	*janustest.Server
	queue chan []byte
}

func newGatewayPeer(t *testing.T, gw *janustest.Server) gatewayPeer {
	p := gatewayPeer{gw, make(chan []byte, 64)}
	over := make(chan struct{})
	gw.Silence("*")
	gw.Observe(func(r janustest.Request) {
		select {
		case p.queue <- r.Raw:
		case <-over:
		}
	})
	t.Cleanup(func() { close(over) })
	return p
}

func (p gatewayPeer) Receive(ctx context.Context) ([]byte, error) {
	select {
	case b := <-p.queue:
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p gatewayPeer) Send(_ context.Context, data []byte) error { p.PushRaw(data); return nil }

func (p gatewayPeer) Drop() {
	p.Refuse(errors.New("gone"))
	p.Server.Drop()
}

// The transports of the client pass their conformance suite against the sockets
// of this gateway.
func TestTransportConformance(t *testing.T) {
	const limit = 2 << 20
	run := func(d transport.Dialer, url func(janustest.Address) string, limits transporttest.Limits) func(*testing.T) {
		return func(t *testing.T) {
			transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
				gw, a := listen(t, &janustest.Options{SessionTimeout: -1})
				post(t, a, `{"janus":"create","transaction":"1","id":1}`)
				conn, err := d.Dial(t.Context(), url(a), transport.Janus)
				require.NoError(t, err)
				ping(t, conn)
				return conn, newGatewayPeer(t, gw)
			}, limits)
		}
	}
	t.Run("ws", run(&ws.Dialer{ReadLimit: limit}, func(a janustest.Address) string { return a.WS },
		transporttest.Limits{Read: limit}))
	t.Run("http", func(t *testing.T) {
		// One event an answer: the brackets around several count against the limit.
		d := &rest.Dialer{ReadLimit: limit, MaxEvents: 1, HTTPClient: &http.Client{Transport: &http.Transport{}}}
		run(d, func(a janustest.Address) string { return a.HTTP }, transporttest.Limits{Read: limit, Objects: true})(t)
	})
	t.Run("unix", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("only Linux has SOCK_SEQPACKET")
		}
		const limit = 64 << 10
		run(&unix.Dialer{ReadLimit: limit}, func(a janustest.Address) string { return a.Unix },
			transporttest.Limits{Read: limit, Write: 8191})(t)
	})
}

// ping makes sure that the gateway knows of conn.
func ping(t *testing.T, conn transport.Conn) {
	t.Helper()
	require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte(`{"janus":"ping","transaction":"1"}`)}))
	_, err := conn.Read(t.Context())
	require.NoError(t, err)
}

// post sends one request by HTTP and returns the answer.
func post(t *testing.T, a janustest.Address, body string) *http.Response {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Post(a.HTTP, "application/json", strings.NewReader(body))
	require.NoError(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

// TestListen is one session that three transports share.
func TestListen(t *testing.T) {
	gw, a := listen(t, nil)
	for _, url := range []string{a.WS, a.HTTP, a.Unix} {
		if url == "" {
			continue
		}
		c, err := client.Dial(t.Context(), url, nil)
		require.NoError(t, err)
		s, err := c.NewSession(t.Context())
		require.NoError(t, err)
		require.Equal(t, []uint64{s.ID()}, gw.Sessions())
		h, err := s.Attach(t.Context(), "janus.plugin.echotest", nil)
		require.NoError(t, err)
		resp, err := h.Request(t.Context(), map[string]bool{"audio": true}, nil)
		require.NoError(t, err)
		require.JSONEq(t, `{"echotest":"event","result":"ok"}`, string(resp.Data))
		require.NoError(t, gw.Push(s.ID(), h.ID(), "webrtcup", nil, nil))
		_, err = h.Next(t.Context())
		require.NoError(t, err)
		require.NoError(t, s.Destroy(t.Context()))
		require.NoError(t, c.Close())
	}
	gw.Close()
	_, err := gw.Listen()
	require.ErrorIs(t, err, janustest.ErrServerClosed)
	_, err = client.Dial(t.Context(), a.WS, nil)
	require.Error(t, err)
}
