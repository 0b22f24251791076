//go:build !js

package textroom_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// janus returns a context that bounds the test, and the URL of the gateway the
// tests share.
func janus(t *testing.T) (context.Context, string) {
	t.Helper()
	return bounded(t), textroom.Gateway(t).WS()
}

func TestJanusChat(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	chat(ctx, t, gw)
}

func TestJanusJoinErrors(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	joinErrors(ctx, t, gw)
}

func TestJanusRestart(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	restart(ctx, t, gw)
}

func TestJanusRejoin(t *testing.T) {
	for name, lose := range losses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, gw := janus(t)
			rejoin(ctx, t, gw, lose)
		})
	}
}

// planes runs a test over the Janus API and over the data channel.
func planes(t *testing.T, test func(context.Context, *testing.T, textroom.Rooms)) {
	t.Run("Janus API", func(t *testing.T) {
		t.Parallel()
		ctx, gw := janus(t)
		test(ctx, t, attach(ctx, t, gw).Rooms)
	})
	t.Run("data channel", func(t *testing.T) {
		t.Parallel()
		ctx, gw := janus(t)
		_, c := connect(ctx, t, gw)
		test(ctx, t, c.Rooms)
	})
}

// TestJanusLabel shows that Open refuses the channel that would get no answers.
func TestJanusLabel(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	h := attach(ctx, t, gw)
	p, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	defer p.Close()
	ch, err := p.OpenData(ctx, "chat", nil)
	require.NoError(t, err)
	_, err = h.Open(ctx, p, ch)
	require.ErrorAs(t, err, new(*client.ArgumentError))
	require.Contains(t, err.Error(), "textroom.Label")
}

// TestJanusAgainAndAgain opens right after each stop.
func TestJanusAgainAndAgain(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	h := attach(ctx, t, gw)
	room := newRoom(ctx, t, h.Rooms, textroom.CreateRequest{})
	for range 10 {
		c, err := open(ctx, t, h)
		require.NoError(t, err)
		list, err := c.Join(ctx, textroom.JoinRequest{Room: room, Username: "u"})
		require.NoError(t, err)
		require.Empty(t, list)
		require.NoError(t, c.Stop(ctx))
		require.NoError(t, c.Stop(ctx))
		<-c.Done()
	}
}
