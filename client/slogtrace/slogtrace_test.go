package slogtrace_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/slogtrace"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/transport"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestTrace(t *testing.T) {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo} {
		var out bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level}))
		near, far := transport.Pipe()
		c := client.New(near, &client.Options{Credentials: client.Static("CANARY", "CANARY"), Trace: slogtrace.New(logger)})
		go func() {
			_, _ = far.Read(context.Background())
			_ = far.Write(context.Background(), transport.Message{Data: []byte(`{"janus":"error","error":{"code":403,"reason":"no"}}`)})
		}()
		_, err := c.NewSession(t.Context())
		require.ErrorIs(t, err, client.Unauthorized)
		require.NoError(t, c.Close())
		require.NoError(t, far.Close())
		require.NotContains(t, out.String(), "CANARY")
		if level == slog.LevelInfo {
			require.NotContains(t, out.String(), "sent")
			continue
		}
		require.Contains(t, out.String(), `msg="janus sent"`)
		require.Contains(t, out.String(), `msg="janus received"`)
		require.Contains(t, out.String(), `***`)
		require.Equal(t, 2, strings.Count(out.String(), `level=INFO msg="janus state"`), "open and closed")
	}
}
