//go:build !js

package janustest_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

// gateways are the real Janus for each of the configurations.
var gateways = func() map[string]*janustesting.Shared {
	m := make(map[string]*janustesting.Shared)
	for name, o := range configurations {
		m[name] = &janustesting.Shared{Options: &janusproc.Options{
			APISecret:      o.APISecret,
			TokenAuth:      o.Tokens != nil || o.TokenSecret != "",
			TokenSecret:    o.TokenSecret,
			SessionTimeout: o.SessionTimeout,
			ReclaimTimeout: o.ReclaimTimeout,
			FullTrickle:    o.FullTrickle,
		}}
	}
	return m
}()

func TestMain(m *testing.M) {
	var list []*janustesting.Shared
	for _, g := range gateways {
		list = append(list, g)
	}
	leak.Main(janustesting.Main(m, list...))
}

// TestJanusConformance holds a real Janus to the facts the in-memory gateway is
// held to, so that neither can be wrong alone.
func TestJanusConformance(t *testing.T) {
	known := map[string]bool{}
	for _, f := range facts() {
		if f.memory {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			gw := gateways[f.setup].Get(t)
			if o := configurations[f.setup]; o.Tokens != nil && !known[f.setup] {
				known[f.setup] = true
				addTokens(t, gw, o.Tokens)
			}
			t.Parallel()
			p := newPlayer(t, func(ctx context.Context) (transport.Conn, error) {
				return (&ws.Dialer{}).Dial(ctx, gw.WS(), transport.Janus)
			})
			p.run(f.script)
			p.fence()
		})
	}
}

// addTokens stores tokens in a real Janus.
func addTokens(t *testing.T, gw *janusproc.Server, tokens map[string][]string) {
	t.Helper()
	conn, err := (&ws.Dialer{}).Dial(t.Context(), gw.AdminWS(), transport.Admin)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	for token, plugins := range tokens {
		req, err := json.Marshal(map[string]any{"janus": "add_token", "transaction": "1",
			"admin_secret": gw.AdminSecret(), "token": token, "plugins": append([]string{}, plugins...)})
		require.NoError(t, err)
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: req}))
		answer, err := conn.Read(t.Context())
		require.NoError(t, err)
		require.Contains(t, string(answer), `"success"`)
	}
}
