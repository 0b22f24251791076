package textroom_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/hostile"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// roomCalls are the calls to manage rooms.
func roomCalls(r textroom.Rooms) []hostile.Call {
	one := client.NumID(1)
	return []hostile.Call{
		func(ctx context.Context) error { _, err := r.List(ctx, ""); return err },
		func(ctx context.Context) error { _, err := r.Exists(ctx, one); return err },
		func(ctx context.Context) error { _, err := r.Participants(ctx, one); return err },
		func(ctx context.Context) error { _, err := r.Create(ctx, textroom.CreateRequest{}); return err },
		func(ctx context.Context) error { _, err := r.Edit(ctx, textroom.EditRequest{Room: one}); return err },
		func(ctx context.Context) error {
			_, err := r.Destroy(ctx, textroom.DestroyRequest{Room: one})
			return err
		},
		func(ctx context.Context) error {
			_, err := r.Allowed(ctx, textroom.AllowedRequest{Room: one})
			return err
		},
		func(ctx context.Context) error { return r.Kick(ctx, textroom.KickRequest{Room: one}) },
		func(ctx context.Context) error { return r.Announce(ctx, textroom.AnnouncementRequest{Room: one}) },
	}
}

// enemyAPI has somebody manage the rooms of a gateway that says anything.
func enemyAPI(t *testing.T, g *hostile.Gateway, s *client.Session) *hostile.Guest {
	t.Helper()
	h, err := textroom.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	return &hostile.Guest{
		Events: []client.Nexter{h}, Known: []error{textroom.ErrEnded},
		Calls: append(roomCalls(h.Rooms), func(ctx context.Context) error {
			_, err := h.Open(ctx, hostile.Peer{}, newLiar(t))
			return err
		}),
		Alive: func(ctx context.Context) error {
			g.Answer(`{"textroom":"success","room":1,"exists":true}`, false, nil)
			_, err := h.Exists(ctx, client.NumID(1))
			return err
		},
	}
}

// liar is a data channel of a gateway that says anything.
type liar struct {
	answers chan string
	done    chan struct{}
	once    sync.Once
	body    string
}

var _ textroom.Channel = (*liar)(nil)

// newLiar returns one that ends with the test at the latest, as with its peer.
func newLiar(t *testing.T) *liar {
	t.Helper()
	l := &liar{answers: make(chan string, 1), done: make(chan struct{}), body: "{}"}
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l
}

// SendText implements textroom.Channel. The answer is what the test says, with the
// transaction of the request.
func (l *liar) SendText(ctx context.Context, text string) error {
	var request struct {
		Transaction string `json:"transaction"`
	}
	if err := json.Unmarshal([]byte(text), &request); err != nil {
		return err
	}
	select {
	case l.answers <- `{"transaction":"` + request.Transaction + `",` + l.body[1:]:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ReceiveText implements textroom.Channel.
func (l *liar) ReceiveText(ctx context.Context) (string, error) {
	select {
	case text := <-l.answers:
		return text, nil
	case <-l.done:
		return "", context.Canceled
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Close implements textroom.Channel.
func (l *liar) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// enemyChannel has somebody take part in rooms over a data channel. What the
// gateway would say over its API comes over the channel.
func enemyChannel(t *testing.T, g *hostile.Gateway, s *client.Session) *hostile.Guest {
	t.Helper()
	h, err := textroom.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	l := newLiar(t)
	g.Answer(`{"textroom":"event","result":"ok"}`, true, &client.JSEP{Type: "offer", SDP: offer})
	c, err := h.Open(t.Context(), hostile.Peer{}, l)
	require.NoError(t, err)
	x := &hostile.Guest{
		Events: []client.Nexter{h},
		Calls: append(roomCalls(c.Rooms),
			func(ctx context.Context) error {
				_, err := c.Join(ctx, textroom.JoinRequest{Room: client.NumID(1), Username: "ann"})
				return err
			},
			func(ctx context.Context) error { return c.Leave(ctx, client.NumID(1)) },
			func(ctx context.Context) error {
				_, err := c.Message(ctx, textroom.MessageRequest{Room: client.NumID(1), Text: "x"})
				return err
			}),
		Alive: func(context.Context) error { return c.Err() },
	}
	for i, call := range x.Calls {
		x.Calls[i] = func(ctx context.Context) error {
			if l.body = g.Said(); l.body == "{}" || l.body[0] != '{' {
				return nil // no transaction fits into it
			}
			return call(ctx)
		}
	}
	return x
}

func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	bodies := hostile.Bodies("textroom", []string{"success", "event", "error", "join", "message"},
		[]string{"room", "list", "participants", "allowed", "exists", "permanent", "username", "text", "date", "sent", "error_code", "error"})
	for name, enter := range map[string]hostile.Enter{"Janus API": enemyAPI, "data channel": enemyChannel} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hostile.Run(t, textroom.Plugin, bodies, enter)
		})
	}
}

// FuzzAnswers has everything answered with one thing, which comes as an event, too.
func FuzzAnswers(f *testing.F) {
	for i, body := range []string{`{"textroom":"success","room":1}`, `{"textroom":"error","error_code":417}`, `{"textroom":"success","list":[{"room":1}]}`} {
		f.Add([]byte(body), uint(i))
	}
	f.Fuzz(func(t *testing.T, body []byte, n uint) {
		if json.Valid(body) {
			hostile.One(t, textroom.Plugin, string(body), n, enemyAPI)
			hostile.One(t, textroom.Plugin, string(body), n, enemyChannel)
		}
	})
}
