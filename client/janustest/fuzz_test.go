package janustest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/conform"
	"github.com/bifrons-rtc/bifrons/transport"
)

// FuzzServer sends anything: the gateway answers in JSON and lives on.
func FuzzServer(f *testing.F) {
	for _, seed := range conform.Seeds() {
		f.Add(seed)
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

// FuzzReplay reads anything as a trace, and answers anything from it.
func FuzzReplay(f *testing.F) {
	f.Add(echoTrace, []byte(`{"janus":"create","transaction":"1"}`))
	f.Add([]byte(`{"dir":"sent","data":{"janus":"create","transaction":"x"}}
{"dir":"received","data":{"janus":"success","transaction":"x"}}
{"dir":"received","text":"\u0000"}`), []byte(`{"janus":"create","transaction":5}`))
	f.Add([]byte(`{"dir":"received","data":{}}`), []byte(`[]`))
	f.Fuzz(func(t *testing.T, trace, request []byte) {
		p, err := janustest.NewReplay(bytes.NewReader(trace))
		if err != nil {
			require.ErrorAs(t, err, new(*janustest.TraceError))
			return
		}
		defer p.Close()
		conn, err := p.Dialer().Dial(t.Context(), janustest.URL, transport.Janus)
		require.NoError(t, err)
		defer conn.Close()
		before := p.Rest()
		for range 2 {
			require.NoError(t, conn.Write(t.Context(), transport.Message{Data: request}))
		}
		fence := []byte(`{"janus":"keepalive","transaction":"a fence"}`)
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: fence}))
		for {
			b, err := conn.Read(t.Context())
			require.NoError(t, err)
			if bytes.Contains(b, []byte(`"a fence"`)) {
				break
			}
		}
		require.LessOrEqual(t, p.Rest(), before)
	})
}

// FuzzInject lets anything go wrong in a conversation, which then still ends.
func FuzzInject(f *testing.F) {
	f.Add(uint64(1), uint8(3), []byte(`[{"Kind":"restart","Frame":2,"For":1000000000},{"Kind":"hangup"}]`))
	f.Add(uint64(2), uint8(200), []byte(`[{"Kind":"flip","At":-5,"Frame":-1},{"Kind":"truncate","At":-1},{"Kind":"reorder","Window":-3,"For":-1}]`))
	f.Add(uint64(3), uint8(0), []byte(`[{"Kind":"freeze","Frame":3},{"Kind":"drain","Direction":"to client"},{"Kind":"nonsense"},{"Kind":"split","At":7,"Direction":"up"}]`))
	f.Fuzz(func(t *testing.T, seed uint64, n uint8, list []byte) {
		var faults []janustest.Fault
		if json.Unmarshal(list, &faults) != nil || len(faults) > 20 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			gw := janustest.New(t, &janustest.Options{ReclaimTimeout: time.Minute})
			gw.Inject(faults...)
			gw.Inject(janustest.RandomFaults(seed, int(n), 20)...)
			for range 3 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				c, err := gw.Client(ctx, &client.Options{Reconnect: client.Reconnect{Budget: time.Minute}})
				if err == nil {
					if s, err := c.NewSession(ctx); err == nil {
						if h, err := s.Attach(ctx, "janus.plugin.echotest", nil); err == nil {
							_, _ = h.Request(ctx, map[string]bool{"audio": true}, nil)
						}
					}
					_ = c.Close()
				}
				cancel()
			}
			for _, in := range gw.Injected() {
				require.NotEmpty(t, in.Fault.String())
				require.Positive(t, in.Conn)
			}
		})
	})
}
