//go:build !js

package rest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/stretchr/testify/require"
)

// read returns the next message, decoded.
func read(t *testing.T, conn transport.Conn) map[string]any {
	t.Helper()
	b, err := conn.Read(t.Context())
	require.NoError(t, err)
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber() // ids have more digits than a float64
	var m map[string]any
	require.NoError(t, d.Decode(&m), "%s", b)
	return m
}

func ask(t *testing.T, conn transport.Conn, session, handle uint64, request string) map[string]any {
	t.Helper()
	require.NoError(t, conn.Write(t.Context(), transport.Message{Session: session, Handle: handle, Data: []byte(request)}))
	return read(t, conn)
}

func id(t *testing.T, answer map[string]any) uint64 {
	t.Helper()
	require.Equal(t, "success", answer["janus"], "%v", answer)
	var n uint64
	_, err := fmt.Sscan(string(answer["data"].(map[string]any)["id"].(json.Number)), &n)
	require.NoError(t, err)
	return n
}

func dialJanus(t *testing.T, url string, api transport.API) transport.Conn {
	d := &rest.Dialer{}
	conn, err := d.Dial(t.Context(), url, api)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestJanusInfo(t *testing.T) {
	gw := gateway.Get(t)
	conn := dialJanus(t, gw.HTTP(), transport.Janus)
	answer := ask(t, conn, 0, 0, `{"janus":"info","transaction":"t1"}`)
	require.Equal(t, "server_info", answer["janus"])
	require.Equal(t, gw.Name(), answer["server-name"])
	require.Equal(t, "t1", answer["transaction"])
}

func TestJanusAdmin(t *testing.T) {
	gw := gateway.Get(t)
	conn := dialJanus(t, gw.AdminHTTP(), transport.Admin)
	answer := ask(t, conn, 0, 0, `{"janus":"list_sessions","transaction":"t1","admin_secret":"`+gw.AdminSecret()+`"}`)
	require.Equal(t, "success", answer["janus"])
}

func TestJanusWrongPath(t *testing.T) {
	gw := gateway.Get(t)
	for url, api := range map[string]transport.API{
		strings.TrimSuffix(gw.HTTP(), "/janus"):                 transport.Janus,
		strings.TrimSuffix(gw.HTTP(), "/janus") + "/admin":      transport.Admin,
		strings.TrimSuffix(gw.AdminHTTP(), "/admin") + "/janus": transport.Janus,
	} {
		_, err := (&rest.Dialer{}).Dial(t.Context(), url, api)
		var status *transport.StatusError
		require.ErrorAs(t, err, &status, url)
		require.Equal(t, http.StatusNotFound, status.Code)
		require.ErrorContains(t, err, "is the path right?")
	}
	// The port for WebSockets.
	_, err := (&rest.Dialer{}).Dial(t.Context(), strings.Replace(gw.WS(), "ws", "http", 1), transport.Janus)
	var e *transport.DialError
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Fix)
	t.Log(err)
}

// TestJanusEvents has an echo test answer through the poll.
func TestJanusEvents(t *testing.T) {
	gw := gateway.Get(t)
	conn := dialJanus(t, gw.HTTP(), transport.Janus)
	session := id(t, ask(t, conn, 0, 0, `{"janus":"create","transaction":"c"}`))
	conn.(transport.SessionPoller).Poll(session, transport.Auth{})
	handle := id(t, ask(t, conn, session, 0, `{"janus":"attach","plugin":"janus.plugin.echotest","transaction":"a"}`))
	const n = 25
	for i := range n {
		require.NoError(t, conn.Write(t.Context(), transport.Message{Session: session, Handle: handle,
			Data: fmt.Appendf(nil, `{"janus":"message","transaction":"m%d","body":{"audio":true}}`, i)}))
	}
	acks, events := 0, map[string]bool{}
	for acks < n || len(events) < n {
		switch m := read(t, conn); m["janus"] {
		case "ack":
			acks++
		case "event":
			events[m["transaction"].(string)] = true
		default:
			t.Fatalf("unexpected %v", m)
		}
	}
	// Whoever destroys a session unpolls it first: a poll that starts after the
	// end has Read say that the session is gone, before or after this answer.
	conn.(transport.SessionPoller).Unpoll(session)
	require.NoError(t, conn.Write(t.Context(), transport.Message{Session: session, Data: []byte(`{"janus":"destroy","transaction":"d"}`)}))
	require.Equal(t, "success", read(t, conn)["janus"])
	require.NoError(t, conn.Close())
}

func TestJanusUnknownSession(t *testing.T) {
	gw := gateway.Get(t)
	conn := dialJanus(t, gw.HTTP(), transport.Janus)
	conn.(transport.SessionPoller).Poll(12345, transport.Auth{})
	require.Equal(t, map[string]any{"janus": "timeout", "session_id": json.Number("12345")}, read(t, conn))
	answer := ask(t, conn, 12345, 0, `{"janus":"keepalive","transaction":"k"}`)
	require.Equal(t, "error", answer["janus"])
}

func TestJanusPollNeedsTheSecret(t *testing.T) {
	gw := janustesting.New(t, &janusproc.Options{APISecret: "s&cret+1"})
	conn := dialJanus(t, gw.HTTP(), transport.Janus)
	session := id(t, ask(t, conn, 0, 0, `{"janus":"create","transaction":"c","apisecret":"s&cret+1"}`))
	poller := conn.(transport.SessionPoller)
	poller.Poll(session, transport.Auth{APISecret: "wrong"})
	m := read(t, conn)
	require.Equal(t, "error", m["janus"])
	require.Equal(t, json.Number("403"), m["error"].(map[string]any)["code"])
	poller.Poll(session, transport.Auth{APISecret: "s&cret+1"})
	handle := id(t, ask(t, conn, session, 0, `{"janus":"attach","plugin":"janus.plugin.echotest","transaction":"a","apisecret":"s&cret+1"}`))
	answer := ask(t, conn, session, handle, `{"janus":"detach","transaction":"d","apisecret":"s&cret+1"}`)
	for answer["janus"] != "detached" { // the event comes from the poll
		answer = read(t, conn)
	}
}
