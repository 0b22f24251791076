package videocall_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/hostile"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// amongEnemies is a user whose gateway says anything.
func amongEnemies(t *testing.T, g *hostile.Gateway, s *client.Session) *hostile.Guest {
	t.Helper()
	h, err := videocall.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	incoming := &videocall.Incoming{Username: "bob", JSEP: &client.JSEP{Type: "offer", SDP: hostile.Description}}
	return &hostile.Guest{
		Events: []client.Nexter{h}, Known: []error{videocall.ErrBusy},
		Calls: []hostile.Call{
			func(ctx context.Context) error { _, err := h.List(ctx); return err },
			func(ctx context.Context) error { return h.Register(ctx, "ann") },
			func(ctx context.Context) error { return h.Call(ctx, "bob", hostile.Peer{}) },
			func(ctx context.Context) error { return h.Accept(ctx, incoming, hostile.Peer{}) },
			func(ctx context.Context) error { return h.Set(ctx, videocall.Config{Audio: new(true)}) },
			func(ctx context.Context) error { return h.Decline(ctx, "") },
			h.Renegotiate, h.Restart,
			func(ctx context.Context) error { return h.End(ctx, "") },
		},
		Alive: func(ctx context.Context) error {
			g.Answer(`{"videocall":"event","result":{"list":["bob"]}}`, true, nil)
			list, err := h.List(ctx)
			require.Equal(t, []string{"bob"}, list)
			return err
		},
	}
}

func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	bodies := hostile.Bodies("videocall", []string{"event", "unheard of"}, []string{"result", "error_code", "error"})
	for _, event := range []string{"registered", "calling", "incomingcall", "accepted", "set", "update", "hangup", "simulcast", "slow_link"} {
		for _, body := range hostile.Bodies("event", []string{event}, []string{"username", "reason", "list", "substream", "media"}) {
			bodies = append(bodies, `{"videocall":"event","result":`+body+`}`)
		}
	}
	hostile.Run(t, videocall.Plugin, bodies, amongEnemies)
}

// FuzzAnswers has everything answered with one thing, which comes as an event, too.
func FuzzAnswers(f *testing.F) {
	for i, event := range []string{"registered", "calling", "accepted", "hangup"} {
		f.Add([]byte(`{"videocall":"event","result":{"event":"`+event+`","username":"bob"}}`), uint(i))
	}
	f.Fuzz(func(t *testing.T, body []byte, n uint) {
		if json.Valid(body) {
			hostile.One(t, videocall.Plugin, string(body), n, amongEnemies)
		}
	})
}
