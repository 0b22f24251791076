package janustest_test

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/conform"
	"github.com/bifrons-rtc/bifrons/transport"
)

// echoTrace is what visit did at Janus 1.1.2.
//
//go:embed testdata/echotest.jsonl
var echoTrace []byte

// visit is an application. It returns what it heard.
func visit(ctx context.Context, c *client.Client) (heard []string, err error) {
	note := func(data any) {
		if raw, ok := data.([]byte); ok {
			data = string(raw)
		}
		b, err := json.Marshal(data)
		if err != nil {
			b = []byte(err.Error())
		}
		heard = append(heard, string(b))
	}
	info, err := c.Info(ctx)
	if err != nil {
		return nil, err
	}
	note(info.VersionString)
	s, err := c.NewSession(ctx)
	if err != nil {
		return nil, err
	}
	_, err = s.Attach(ctx, "janus.plugin.nosuch", nil)
	note(errors.Is(err, client.PluginNotFound))
	h, err := s.Attach(ctx, "janus.plugin.echotest", nil)
	if err != nil {
		return nil, err
	}
	resp, err := h.Request(ctx, map[string]any{"audio": true, "bitrate": 64000}, &client.JSEP{Type: "offer", SDP: conform.OfferSDP("EsAw")})
	if err != nil {
		return nil, err
	}
	note([]byte(resp.Data))
	note(resp.JSEP.Type)
	note(strings.HasPrefix(resp.JSEP.SDP, "v=0\r\n"))
	_, err = h.Request(ctx, map[string]any{"video": "no"}, nil)
	var refused *client.PluginError
	note(errors.As(err, &refused) && refused.PluginCode.Code == 413)
	if err := h.Hangup(ctx); err != nil {
		return nil, err
	}
	for range 2 { // done and hangup, in the order of the gateway
		event, err := h.Next(ctx)
		if err != nil {
			return nil, err
		}
		switch event := event.(type) {
		case *client.PluginEvent:
			note([]byte(event.Data))
		case *client.Hangup:
			note(event.Reason)
		}
	}
	return heard, s.Destroy(ctx)
}

func TestReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := janustest.NewReplay(bytes.NewReader(echoTrace))
		require.NoError(t, err)
		defer p.Close()
		require.Positive(t, p.Rest())
		c, err := p.Client(t.Context(), nil)
		require.NoError(t, err)
		heard, err := visit(t.Context(), c)
		require.NoError(t, err)
		require.Len(t, heard, 8)
		require.NoError(t, p.Err())
		require.Zero(t, p.Rest())

		_, err = c.NewSession(t.Context())
		require.ErrorIs(t, err, client.UnknownError)
		require.ErrorContains(t, p.Err(), "the trace has no other create")
		require.NoError(t, c.Close())
		p.Close()
		_, err = p.Client(t.Context(), nil)
		require.ErrorIs(t, err, janustest.ErrServerClosed)
	})
}

// TestRecordAndReplay is the way round in memory: the same is heard twice.
func TestRecordAndReplay(t *testing.T) {
	gw := janustest.New(t)
	recordAndReplay(t, func(o *client.Options) (*client.Client, error) { return gw.Client(t.Context(), o) })
}

// recordAndReplay records a visit and returns the trace.
func recordAndReplay(t *testing.T, dial func(*client.Options) (*client.Client, error)) []byte {
	t.Helper()
	var trace bytes.Buffer
	rec := janustest.NewRecorder(&trace)
	c, err := dial(&client.Options{Trace: rec.Trace()})
	require.NoError(t, err)
	want, err := visit(t.Context(), c)
	require.NoError(t, err)
	require.NoError(t, c.Close())
	require.NoError(t, rec.Err())
	require.NotContains(t, trace.String(), "EsAw", "the ufrag of the offer")

	p, err := janustest.NewReplay(bytes.NewReader(trace.Bytes()))
	require.NoError(t, err)
	defer p.Close()
	c, err = p.Client(t.Context(), nil)
	require.NoError(t, err)
	got, err := visit(t.Context(), c)
	require.NoError(t, err)
	require.NoError(t, c.Close())
	require.Equal(t, want, got)
	require.NoError(t, p.Err())
	require.Zero(t, p.Rest())
	return trace.Bytes()
}

// TestReplayKeepsAlive answers keepalives that the trace has not.
func TestReplayKeepsAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := janustest.NewReplay(bytes.NewReader(echoTrace))
		require.NoError(t, err)
		defer p.Close()
		c, err := p.Client(t.Context(), nil)
		require.NoError(t, err)
		defer c.Close()
		_, err = c.Info(t.Context())
		require.NoError(t, err)
		s, err := c.NewSession(t.Context())
		require.NoError(t, err)
		<-time.After(time.Hour)
		require.NoError(t, s.Err())
		require.NoError(t, p.Err())
	})
}

// TestReplayOrder hands out what was recorded only when everything ahead of it
// has happened, and finds requests that come in another order.
func TestReplayOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const trace = `{"dir":"sent","data":{"janus":"create","transaction":"x"}}
{"dir":"sent","data":{"janus":"attach","transaction":"y","session_id":5,"plugin":"p"}}
{"dir":"received","data":{"janus":"event","session_id":5}}
{"dir":"received","text":"garbage"}
{"dir":"received","data":{"janus":"success","transaction":"y"}}
{"dir":"received","data":{"janus":"success","transaction":"x"}}
{"dir":"received","data":{"janus":"success","transaction":"z"}}
`
		p, err := janustest.NewReplay(strings.NewReader(trace))
		require.NoError(t, err)
		defer p.Close()
		conn, err := p.Dialer().Dial(t.Context(), "any://thing", transport.Janus)
		require.NoError(t, err)
		defer conn.Close()
		r := raw{t, conn}
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte(`{"janus":"Attach","transaction":"b","session_id":5,"plugin":"p"}`)}))
		require.Empty(t, r.all())
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte(`{"janus":"create","transaction":"a"}`)}))
		require.Equal(t, []string{`{"janus":"event","session_id":5}`, "garbage", `{"janus":"success","transaction":"b"}`,
			`{"janus":"success","transaction":"a"}`, `{"janus":"success","transaction":""}`}, r.all())
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte("nonsense")}))
		require.Len(t, r.all(), 1)
	})
}

func TestBadTraces(t *testing.T) {
	for _, bad := range []string{"{}", "x", "\n{\"dir\":\"sent\"}", `{"dir":"sent","data":5}`, `{"dir":"up","data":{}}`, "{\"dir\":5}"} {
		_, err := janustest.NewReplay(strings.NewReader(bad))
		var e *janustest.TraceError
		require.ErrorAs(t, err, &e, bad)
		require.Equal(t, 1+strings.Count(bad, "\n"), e.Line)
	}
	_, err := janustest.NewReplay(strings.NewReader(strings.Repeat("x", 17<<20)))
	require.ErrorAs(t, err, new(*janustest.TraceError))
}

// broken fails to write.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestRecorderError(t *testing.T) {
	rec := janustest.NewRecorder(broken{})
	rec.Trace().Sent([]byte("{}"))
	rec.Trace().Received([]byte("no JSON"))
	require.EqualError(t, rec.Err(), "disk full")
}
