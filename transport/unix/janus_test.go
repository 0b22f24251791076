//go:build !js

package unix_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/unix"
	"github.com/stretchr/testify/require"
)

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
	conn, err := (&unix.Dialer{}).Dial(t.Context(), gw.Unix(), transport.Janus)
	require.NoError(t, err)
	defer conn.Close()
	answer := ask(t, conn, `{"janus":"info","transaction":"t1"}`)
	require.Equal(t, "server_info", answer["janus"])
	require.Equal(t, gw.Name(), answer["server-name"])

	// The largest packet that Janus takes is the largest that Write takes.
	const head, tail = `{"janus":"ping","transaction":"`, `"}`
	long := strings.Repeat("x", 8191-len(head)-len(tail))
	require.Equal(t, long, ask(t, conn, head+long+tail)["transaction"])
}

func TestJanusAdmin(t *testing.T) {
	gw := gateway.Get(t)
	conn, err := (&unix.Dialer{}).Dial(t.Context(), gw.AdminUnix(), transport.Admin)
	require.NoError(t, err)
	defer conn.Close()
	answer := ask(t, conn, `{"janus":"list_sessions","transaction":"t1","admin_secret":"`+gw.AdminSecret()+`"}`)
	require.Equal(t, "success", answer["janus"])
}

func TestJanusKilled(t *testing.T) {
	gw := janustesting.New(t, &janusproc.Options{})
	conn, err := (&unix.Dialer{}).Dial(t.Context(), gw.Unix(), transport.Janus)
	require.NoError(t, err)
	defer conn.Close()
	require.Equal(t, "pong", ask(t, conn, `{"janus":"ping","transaction":"t1"}`)["janus"])
	gw.Kill()
	_, err = conn.Read(t.Context())
	var lost *transport.CloseError
	require.ErrorAs(t, err, &lost)
	require.Equal(t, 1006, lost.Code)
}
