package janustest_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/transport"
)

// FuzzServer sends anything: the gateway answers in JSON and lives on.
func FuzzServer(f *testing.F) {
	for _, fact := range facts() {
		if len(fact.script) < 2000 {
			f.Add([]byte(fact.script))
		}
	}
	f.Add([]byte(`{"janus":"create","transaction":"1","id":5}{"janus":"attach","transaction":"2","session_id":5,"plugin":"janus.plugin.echotest"}{"janus":"destroy","transaction":"3","session_id":5}`))
	gw := janustest.NewServer(nil)
	f.Cleanup(gw.Close)
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx := context.Background()
		conn, err := gw.Dialer().Dial(ctx, janustest.URL, transport.Janus)
		require.NoError(t, err)
		defer func() { require.NoError(t, conn.Close()) }()
		require.NoError(t, conn.Write(ctx, transport.Message{Data: data}))
		require.NoError(t, conn.Write(ctx, transport.Message{Data: []byte(`{"janus":"ping","transaction":"fence"}`)}))
		for {
			b, err := conn.Read(ctx)
			require.NoError(t, err)
			var m struct{ Janus, Transaction string }
			require.NoError(t, json.Unmarshal(b, &m), "%s", b)
			require.NotEmpty(t, m.Janus)
			if m.Janus == "pong" && m.Transaction == "fence" {
				return
			}
		}
	})
}
