//go:build !js

package ws_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/ws"
	"github.com/stretchr/testify/require"
)

// gateway is the real Janus that the tests named TestJanus share.
var gateway janustesting.Shared

// ask writes one request and reads one answer.
func ask(t *testing.T, conn transport.Conn, request string) map[string]any {
	t.Helper()
	require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte(request)}))
	b, err := conn.Read(t.Context())
	require.NoError(t, err)
	var answer map[string]any
	require.NoError(t, json.Unmarshal(b, &answer), "%s", b)
	return answer
}

func TestJanusInfo(t *testing.T) {
	gw := gateway.Get(t)
	conn, err := (&ws.Dialer{}).Dial(t.Context(), gw.WS(), transport.Janus)
	require.NoError(t, err)
	defer conn.Close()

	// Janus cuts this answer into fragments.
	answer := ask(t, conn, `{"janus":"info","transaction":"t1"}`)
	require.Equal(t, "server_info", answer["janus"])
	require.Equal(t, "t1", answer["transaction"])
	require.Equal(t, gw.Name(), answer["server-name"])

	// What is no JSON is an error of the gateway, and harms nothing.
	require.Equal(t, "error", ask(t, conn, `{"janus":`)["janus"])
	// It rejects white space at the end, which Write therefore takes off.
	require.Equal(t, "pong", ask(t, conn, "{\"janus\":\"ping\",\"transaction\":\"t2\"}\n")["janus"])
	require.NoError(t, conn.Close())
}

func TestJanusAdmin(t *testing.T) {
	gw := gateway.Get(t)
	conn, err := (&ws.Dialer{}).Dial(t.Context(), gw.AdminWS(), transport.Admin)
	require.NoError(t, err)
	defer conn.Close()
	answer := ask(t, conn, `{"janus":"list_sessions","transaction":"t1","admin_secret":"`+gw.AdminSecret()+`"}`)
	require.Equal(t, "success", answer["janus"])
}

// Each port drops the connection of who asks for the other's subprotocol.
func TestJanusWrongAPI(t *testing.T) {
	gw := gateway.Get(t)
	_, err := (&ws.Dialer{}).Dial(t.Context(), gw.AdminWS(), transport.Janus)
	var e *transport.DialError
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.Fix, "the admin API is on port 7188")
	_, err = (&ws.Dialer{}).Dial(t.Context(), gw.WS(), transport.Admin)
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.Fix, "the client API is on port 8188")
}

func TestJanusWrongPort(t *testing.T) {
	gw := gateway.Get(t)
	_, err := (&ws.Dialer{}).Dial(t.Context(), strings.Replace(gw.HTTP(), "http", "ws", 1), transport.Janus)
	var e *transport.DialError
	require.ErrorAs(t, err, &e)
	var status *transport.StatusError
	require.ErrorAs(t, err, &status)
	require.Contains(t, e.Fix, "is this the HTTP port")
	// TLS on a port that has none.
	_, err = (&ws.Dialer{}).Dial(t.Context(), strings.Replace(gw.WS(), "ws", "wss", 1), transport.Janus)
	require.ErrorAs(t, err, &e)
	t.Log(err)
	require.Contains(t, e.Fix, "ws://")
}

// Many requests at once come back once each, whoever wrote them.
func TestJanusManyAtOnce(t *testing.T) {
	gw := gateway.Get(t)
	conn, err := (&ws.Dialer{}).Dial(t.Context(), gw.WS(), transport.Janus)
	require.NoError(t, err)
	defer conn.Close()
	const n = 200
	errs := make(chan error, n)
	for i := range n { // each owns one Write and is waited for
		go func() {
			b, _ := json.Marshal(map[string]any{"janus": "ping", "transaction": string(rune('A'+i%26)) + strings.Repeat("x", i)})
			errs <- conn.Write(context.Background(), transport.Message{Data: b})
		}()
	}
	seen := map[string]bool{}
	for range n {
		b, err := conn.Read(context.Background())
		require.NoError(t, err)
		var answer struct{ Janus, Transaction string }
		require.NoError(t, json.Unmarshal(b, &answer))
		require.Equal(t, "pong", answer.Janus)
		require.False(t, seen[answer.Transaction])
		seen[answer.Transaction] = true
	}
	for range n {
		require.NoError(t, <-errs)
	}
}
