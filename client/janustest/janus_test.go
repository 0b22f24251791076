package janustest_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

// address is where a real Janus is.
type address struct{ ws, adminWS, adminSecret string }

// conformance holds a real Janus to the facts the in-memory gateway is held to,
// so that neither can be wrong alone. at starts it when a configuration is first
// asked for.
func conformance(t *testing.T, d transport.Dialer, at func(t *testing.T, setup string) address) {
	known := map[string]bool{}
	for _, f := range facts() {
		if f.memory {
			continue
		}
		gw := at(t, f.setup)
		t.Run(f.name, func(t *testing.T) {
			if o := configurations[f.setup]; o.Tokens != nil && !known[f.setup] {
				known[f.setup] = true
				gw.addTokens(t, d, o.Tokens)
			}
			t.Parallel()
			p := newPlayer(t, func(ctx context.Context) (transport.Conn, error) { return d.Dial(ctx, gw.ws, transport.Janus) })
			p.run(f.script)
			p.fence()
		})
	}
	janusDifferences(t, d, at)
}

// addTokens stores tokens in a real Janus.
func (a address) addTokens(t *testing.T, d transport.Dialer, tokens map[string][]string) {
	t.Helper()
	conn, err := d.Dial(t.Context(), a.adminWS, transport.Admin)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	for token, plugins := range tokens {
		req, err := json.Marshal(map[string]any{"janus": "add_token", "transaction": "1",
			"admin_secret": a.adminSecret, "token": token, "plugins": append([]string{}, plugins...)})
		require.NoError(t, err)
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: req}))
		answer, err := conn.Read(t.Context())
		require.NoError(t, err)
		require.Contains(t, string(answer), `"success"`)
	}
}
