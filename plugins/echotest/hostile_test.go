package echotest_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/hostile"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// amongEnemies is a handle of the echo test whose gateway says anything.
func amongEnemies(t *testing.T, g *hostile.Gateway, s *client.Session) *hostile.Guest {
	t.Helper()
	h, err := echotest.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	return &hostile.Guest{
		Events: []client.Nexter{h},
		Calls: []hostile.Call{
			func(ctx context.Context) error { return h.Start(ctx, echotest.Config{}, hostile.Peer{}) },
			func(ctx context.Context) error { return h.Configure(ctx, echotest.Config{Audio: new(true)}) },
			h.Renegotiate, h.Restart, h.Stop,
		},
		Alive: func(ctx context.Context) error {
			g.Answer(`{"echotest":"event","result":"ok"}`, true, nil)
			return h.Configure(ctx, echotest.Config{Video: new(true)})
		},
	}
}

func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	hostile.Run(t, echotest.Plugin, hostile.Bodies("echotest", []string{"event", "unheard of"},
		[]string{"result", "event", "media", "current-bitrate", "videocodec", "substream", "temporal", "spatial_layer", "error_code", "error"}), amongEnemies)
}

// FuzzAnswers has everything answered with one thing, which comes as an event, too.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"echotest":"event","result":"ok"}`), uint(0))
	f.Add([]byte(`{"echotest":"event","videocodec":"vp8","substream":-1}`), uint(3))
	f.Fuzz(func(t *testing.T, body []byte, n uint) {
		if json.Valid(body) {
			hostile.One(t, echotest.Plugin, string(body), n, amongEnemies)
		}
	})
}
